//! How far a refresh of spend is.

mod handler;

use lambda_http::Error;
use shared::domain::rules::Rules;
use shared::edge::config::Tables;
use shared::edge::{aws, clock, http, logs};
use shared::store::jobs::Jobs;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let tables = Tables::from_env()?;
    let client = aws_sdk_dynamodb::Client::new(&aws::sdk_config(aws::FOR_PEOPLE).await?);
    let handler = handler::Progresses { jobs: Jobs::new(client, tables.settings), rules: Rules::default() };
    http::run(|request| handler.answer(request, clock::now())).await
}
