//! How far a job is that moves what stands to other rules.

mod handler;

use lambda_http::Error;
use shared::edge::config::Tables;
use shared::edge::{aws, http, logs};
use shared::store::audit::Audit;
use shared::store::rule_jobs::RuleJobs;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let tables = Tables::from_env()?;
    let client = aws_sdk_dynamodb::Client::new(&aws::sdk_config(aws::FOR_PEOPLE).await?);
    let audit = Audit::new(client.clone(), tables.counters);
    let handler = handler::Progress { jobs: RuleJobs::new(client, tables.settings, audit) };
    http::run(|request| handler.answer(request)).await
}
