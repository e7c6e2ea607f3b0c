//! Whether the neighbours' tokens are good.

mod handler;

use lambda_http::Error;
use shared::edge::{aws, clock, http, logs};
use shared::health::TokenChecks;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let checks = TokenChecks::from_env(&aws::sdk_config(aws::FOR_PEOPLE).await?)?;
    let handler = handler::Health { checks };
    http::run(|request| handler.answer(request, clock::now())).await
}
