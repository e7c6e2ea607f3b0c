//! The funnel of four stages, in all and per team.

mod handler;

use lambda_http::Error;
use shared::edge::config::Tables;
use shared::edge::{aws, clock, http, logs};
use shared::store::ads::Ads;
use shared::store::counters::Counters;
use shared::store::events::Events;
use shared::store::gate::Gate;
use shared::store::leads_by_team::LeadsByTeam;
use shared::store::reconciliations::Reconciliations;
use shared::store::rules::RuleBooks;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let tables = Tables::from_env()?;
    let client = aws_sdk_dynamodb::Client::new(&aws::sdk_config(aws::FOR_PEOPLE).await?);
    let rules = RuleBooks::new(client.clone(), tables.settings.clone());
    let ads = Ads::new(client.clone(), tables.ads);
    let handler = handler::Funnels {
        counters: Counters::new(client.clone(), tables.counters.clone()),
        reconciliations: Reconciliations::new(client.clone(), tables.counters),
        ads: ads.clone(),
        gate: Gate::new(client.clone(), tables.settings, ads),
        events: Events::new(client.clone(), tables.events),
        leads: LeadsByTeam::new(client, tables.leads),
        rules,
    };
    http::run(|request| handler.answer(request, clock::now())).await
}
