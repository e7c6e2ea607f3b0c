//! Who the caller is and which teams they may see.

mod handler;

use lambda_http::{Error, Request};
use shared::edge::config::Tables;
use shared::edge::sign_in::Account;
use shared::edge::{aws, http, logs};
use shared::store::rules::RuleBooks;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let sdk = aws::sdk_config(aws::FOR_PEOPLE).await?;
    let dynamodb = aws_sdk_dynamodb::Client::new(&sdk);
    let rules = RuleBooks::new(dynamodb, Tables::from_env()?.settings);
    let me = handler::Me { account: Account::new(&sdk), rules };
    http::run(|request: Request| me.answer(request)).await
}
