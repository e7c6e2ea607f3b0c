//! Every event that hooks told of, and what became of it.

mod handler;

use lambda_http::Error;
use shared::edge::config::Tables;
use shared::edge::{aws, clock, http, logs};
use shared::store::event_log::EventLog;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let client = aws_sdk_dynamodb::Client::new(&aws::sdk_config(aws::FOR_PEOPLE).await?);
    let handler = handler::Events { log: EventLog::new(client, Tables::from_env()?.events) };
    http::run(|request| handler.answer(request, clock::now())).await
}
