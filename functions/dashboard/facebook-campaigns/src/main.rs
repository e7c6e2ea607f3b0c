//! The campaigns of an ad account with what they cost and what came of them.

mod handler;

use lambda_http::Error;
use shared::edge::ad_figures::AdFigures;
use shared::edge::config::Tables;
use shared::edge::{aws, clock, http, logs};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let client = aws_sdk_dynamodb::Client::new(&aws::sdk_config(aws::FOR_PEOPLE).await?);
    let figures = AdFigures::new(client, Tables::from_env()?);
    let handler = handler::Campaigns { figures };
    http::run(|request| handler.answer(request, clock::now())).await
}
