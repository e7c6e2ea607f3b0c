//! Fetches the National Bank's exchange rates.

mod handler;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;
use shared::edge::config::Tables;
use shared::edge::{aws, clock, logs};
use shared::store::rates::RateBook;
use shared::sync::wiring::bank_from_env;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let client = aws_sdk_dynamodb::Client::new(&aws::sdk_config(aws::FOR_PEOPLE).await?);
    let rates = handler::ExchangeRates {
        bank: bank_from_env()?,
        book: RateBook::new(client, Tables::from_env()?.settings),
    };
    lambda_runtime::run(service_fn(|_: LambdaEvent<Value>| async {
        rates.run(clock::now()).await.map_err(Error::from)
    }))
    .await
}
