//! Looks every day whether the ads that run carry UTM tags that lead to their team.

mod handler;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;
use shared::domain::rules::Rules;
use shared::edge::{aws, config, logs};
use shared::sync::wiring::Source;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let sdk = aws::sdk_config(aws::FOR_PEOPLE).await?;
    let check = &handler::Check {
        function: config::required("AWS_LAMBDA_FUNCTION_NAME")?,
        source: Source::from_env(&sdk)?,
        rules: Rules::default(),
    };
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| async move {
        check.run(event.context.deadline()).await.map_err(Error::from)
    }))
    .await
}
