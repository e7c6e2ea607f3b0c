//! Counts and sums of sales by day, team and product.

mod handler;

use lambda_http::Error;
use shared::edge::config::Tables;
use shared::edge::{aws, clock, http, logs};
use shared::store::counters::Counters;
use shared::store::events::Events;
use shared::store::reconciliations::Reconciliations;
use shared::store::rules::RuleBooks;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let tables = Tables::from_env()?;
    let client = aws_sdk_dynamodb::Client::new(&aws::sdk_config(aws::FOR_PEOPLE).await?);
    let rules = RuleBooks::new(client.clone(), tables.settings.clone());
    let handler = handler::Totals {
        counters: Counters::new(client.clone(), tables.counters.clone()),
        events: Events::new(client.clone(), tables.events),
        reconciliations: Reconciliations::new(client, tables.counters),
        rules,
    };
    http::run(|request| handler.answer(request, clock::now())).await
}
