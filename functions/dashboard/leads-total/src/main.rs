//! Counts of leads by form, status, day and team.

mod handler;

use lambda_http::Error;
use shared::edge::config::Tables;
use shared::edge::{aws, clock, http, logs};
use shared::store::lead_counts::LeadCounts;
use shared::store::leads_by_team::LeadsByTeam;
use shared::store::rules::RuleBooks;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let tables = Tables::from_env()?;
    let client = aws_sdk_dynamodb::Client::new(&aws::sdk_config(aws::FOR_PEOPLE).await?);
    let rules = RuleBooks::new(client.clone(), tables.settings.clone());
    let handler = handler::LeadTotals {
        counts: LeadCounts::new(client.clone(), tables.counters),
        leads: LeadsByTeam::new(client, tables.leads),
        rules,
    };
    http::run(|request| handler.answer(request, clock::now())).await
}
