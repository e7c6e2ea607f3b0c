//! How far a refresh of spend is.

mod handler;

use lambda_http::Error;
use shared::edge::config::Tables;
use shared::edge::{aws, clock, http, logs};
use shared::store::jobs::Jobs;
use shared::store::rules::RuleBooks;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let tables = Tables::from_env()?;
    let client = aws_sdk_dynamodb::Client::new(&aws::sdk_config(aws::FOR_PEOPLE).await?);
    let rules = RuleBooks::new(client.clone(), tables.settings.clone());
    let handler = handler::Progresses { jobs: Jobs::new(client, tables.settings), rules };
    http::run(|request| handler.answer(request, clock::now())).await
}
