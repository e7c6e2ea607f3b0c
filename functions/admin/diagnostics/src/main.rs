//! Whether each part of the system works, by what our own store holds.

mod checks;
mod handler;
mod limit;

use lambda_http::Error;
use shared::edge::config::Tables;
use shared::edge::{aws, clock, http, logs};
use shared::store::amocrm_state::AmocrmStates;
use shared::store::counters::Counters;
use shared::store::old_databases::OldDatabases;
use shared::store::reconciliations::Reconciliations;
use shared::store::rules::RuleBooks;
use shared::store::sales::Sales;
use shared::store::settings::Settings;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let tables = Tables::from_env()?;
    let client = aws_sdk_dynamodb::Client::new(&aws::sdk_config(aws::FOR_PEOPLE).await?);
    let rules = RuleBooks::new(client.clone(), tables.settings.clone());
    let handler = handler::Diagnostics {
        checks: checks::Checks {
            sales: Sales::new(client.clone(), tables.sales),
            settings: Settings::new(client.clone(), tables.settings.clone()),
            states: AmocrmStates::new(client.clone(), tables.settings.clone()),
            counters: Counters::new(client.clone(), tables.counters.clone()),
            reconciliations: Reconciliations::new(client.clone(), tables.counters),
            old: OldDatabases::new(client, tables.settings),
            rules,
        },
    };
    http::run(|request| handler.answer(request, clock::now())).await
}
