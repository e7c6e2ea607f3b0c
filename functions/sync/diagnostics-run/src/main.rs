//! Looks every hour whether each part of the system works.

mod handler;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;
use shared::diagnose::Diagnosis;
use shared::edge::{aws, clock, config, logs};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let sdk = aws::sdk_config(aws::FOR_PEOPLE).await?;
    let run = &handler::Run {
        function: config::required("AWS_LAMBDA_FUNCTION_NAME")?,
        diagnosis: Diagnosis::from_env(&sdk)?,
    };
    lambda_runtime::run(service_fn(|_: LambdaEvent<Value>| async move {
        Ok::<_, Error>(run.run(clock::now()).await)
    }))
    .await
}
