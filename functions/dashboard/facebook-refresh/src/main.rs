//! Begins a refresh of spend, or joins the one that runs.

mod handler;

use lambda_http::Error;
use shared::edge::config::{self, Tables};
use shared::edge::{aws, clock, http, logs};
use shared::store::jobs::Jobs;
use shared::store::queue::Queue;
use shared::store::rules::RuleBooks;
use uuid::Uuid;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let tables = Tables::from_env()?;
    let sdk = aws::sdk_config(aws::FOR_PEOPLE).await?;
    let queue = config::required("QUEUE_FACEBOOK_REFRESH")?;
    let client = aws_sdk_dynamodb::Client::new(&sdk);
    let handler = handler::Refresh {
        jobs: Jobs::new(client.clone(), tables.settings.clone()),
        queue: Queue::new(aws_sdk_sqs::Client::new(&sdk), queue),
        rules: RuleBooks::new(client, tables.settings),
    };
    http::run(|request| handler.answer(request, Uuid::now_v7().to_string(), clock::now())).await
}
