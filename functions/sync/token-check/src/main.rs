//! Asks every neighbour every hour whether our token is good.

mod handler;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;
use shared::edge::{aws, clock, config, logs};
use shared::health::TokenChecks;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let sdk = aws::sdk_config(aws::FOR_PEOPLE).await?;
    let check = &handler::Check {
        function: config::required("AWS_LAMBDA_FUNCTION_NAME")?,
        checks: TokenChecks::from_env(&sdk)?,
    };
    lambda_runtime::run(service_fn(|_: LambdaEvent<Value>| async move {
        Ok::<_, Error>(check.run(clock::now()).await)
    }))
    .await
}
