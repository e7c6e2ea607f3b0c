//! Messages and what became of them.

mod handler;

use lambda_http::Error;
use shared::edge::config::Tables;
use shared::edge::{aws, http, logs};
use shared::store::outbox::Outbox;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let client = aws_sdk_dynamodb::Client::new(&aws::sdk_config(aws::FOR_PEOPLE).await?);
    let handler = handler::Notifications { outbox: Outbox::new(client, Tables::from_env()?.notifications) };
    http::run(|request| handler.answer(request)).await
}
