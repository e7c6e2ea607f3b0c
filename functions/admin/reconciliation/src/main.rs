//! Whether amoCRM and the ledger have the same sales.

mod handler;

use lambda_http::Error;
use shared::edge::config::Tables;
use shared::edge::{aws, clock, http, logs};
use shared::store::amocrm_state::AmocrmStates;
use shared::store::deliveries::DeliveryDays;
use shared::store::events::Events;
use shared::store::reconciliations::Reconciliations;
use shared::store::rules::RuleBooks;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let tables = Tables::from_env()?;
    let client = aws_sdk_dynamodb::Client::new(&aws::sdk_config(aws::FOR_PEOPLE).await?);
    let rules = RuleBooks::new(client.clone(), tables.settings.clone());
    let handler = handler::Proofs {
        reconciliations: Reconciliations::new(client.clone(), tables.counters.clone()),
        deliveries: DeliveryDays::new(client.clone(), tables.counters),
        events: Events::new(client.clone(), tables.events),
        states: AmocrmStates::new(client, tables.settings),
        rules,
    };
    http::run(|request| handler.answer(request, clock::now())).await
}
