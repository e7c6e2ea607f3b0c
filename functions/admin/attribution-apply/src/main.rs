//! Begins jobs that move what stands to the rules in force, or back.

mod handler;

use lambda_http::Error;
use shared::edge::config::{self, Tables};
use shared::edge::sign_in::Account;
use shared::edge::{aws, clock, http, logs};
use shared::store::audit::Audit;
use shared::store::queue::Queue;
use shared::store::rule_jobs::RuleJobs;
use shared::store::rules::RuleBooks;
use uuid::Uuid;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let tables = Tables::from_env()?;
    let sdk = aws::sdk_config(aws::FOR_PEOPLE).await?;
    let client = aws_sdk_dynamodb::Client::new(&sdk);
    let audit = Audit::new(client.clone(), tables.counters);
    let queue = config::required("QUEUE_ATTRIBUTION")?;
    let handler = handler::Apply {
        account: Account::new(&sdk),
        rules: RuleBooks::new(client.clone(), tables.settings.clone()),
        jobs: RuleJobs::new(client, tables.settings, audit),
        queue: Queue::new(aws_sdk_sqs::Client::new(&sdk), queue),
    };
    http::run(|request| handler.answer(request, Uuid::now_v7().to_string(), clock::now())).await
}
