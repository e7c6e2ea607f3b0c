//! Looks every day whether the ads that run carry UTM tags that lead to their team.

mod handler;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;
use shared::edge::config::{self, Tables};
use shared::edge::{aws, logs};
use shared::store::rules::RuleBooks;
use shared::sync::wiring::Source;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let sdk = aws::sdk_config(aws::FOR_PEOPLE).await?;
    let check = &handler::Check {
        function: config::required("AWS_LAMBDA_FUNCTION_NAME")?,
        source: Source::from_env(&sdk)?,
        rules: RuleBooks::new(aws_sdk_dynamodb::Client::new(&sdk), Tables::from_env()?.settings),
    };
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| async move {
        check.run(event.context.deadline()).await.map_err(Error::from)
    }))
    .await
}
