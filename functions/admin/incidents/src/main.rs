//! What fell off, from when until when, and what was told of it.

mod handler;

use lambda_http::Error;
use shared::edge::config::Tables;
use shared::edge::{aws, clock, http, logs};
use shared::store::incidents::Incidents;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let client = aws_sdk_dynamodb::Client::new(&aws::sdk_config(aws::FOR_PEOPLE).await?);
    let handler = handler::List { incidents: Incidents::new(client, Tables::from_env()?.counters) };
    http::run(|request| handler.answer(request, clock::now())).await
}
