//! Another secret in place of a kept one, tried first.

mod handler;

use lambda_http::Error;
use shared::edge::sign_in::Account;
use shared::edge::{aws, http, logs};
use shared::health::Secrets;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let sdk = aws::sdk_config(aws::FOR_PEOPLE).await?;
    let handler = handler::Replace { secrets: Secrets::from_env(&sdk)?, account: Account::new(&sdk) };
    http::run(|request| handler.answer(request)).await
}
