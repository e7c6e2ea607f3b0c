//! One event with all that is known of it.

mod handler;

use lambda_http::Error;
use shared::edge::config::{self, Tables};
use shared::edge::{aws, http, logs};
use shared::store::event_log::EventLog;
use shared::store::raw::RawHooks;
use shared::store::rules::RuleBooks;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let client = aws_sdk_dynamodb::Client::new(&aws::sdk_config(aws::FOR_PEOPLE).await?);
    let Tables { events: table, settings, .. } = Tables::from_env()?;
    let handler = handler::OneEvent {
        log: EventLog::new(client.clone(), table.clone()),
        raws: RawHooks::new(client.clone(), table),
        accounts: config::amocrm_accounts()?,
        rules: RuleBooks::new(client.clone(), settings),
    };
    http::run(|request| handler.answer(request)).await
}
