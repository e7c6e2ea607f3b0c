//! What the last run of the diagnostics told.

mod handler;

use lambda_http::Error;
use shared::edge::config::Tables;
use shared::edge::{aws, clock, http, logs};
use shared::store::diagnostics_runs::DiagnosticsRuns;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let client = aws_sdk_dynamodb::Client::new(&aws::sdk_config(aws::FOR_PEOPLE).await?);
    let handler = handler::Last { runs: DiagnosticsRuns::new(client, Tables::from_env()?.settings) };
    http::run(|request| handler.answer(request, clock::now())).await
}
