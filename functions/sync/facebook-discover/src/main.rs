//! Finds the ad accounts that the token sees, every day.

mod handler;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;
use shared::edge::{aws, clock, config, logs};
use shared::store::queue::Queue;
use shared::sync::wiring::Source;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let sdk = aws::sdk_config(aws::FOR_PEOPLE).await?;
    let sqs = aws_sdk_sqs::Client::new(&sdk);
    let discovery = handler::Discovery {
        function: config::required("AWS_LAMBDA_FUNCTION_NAME")?,
        source: Source::from_env(&sdk)?,
        pulls: Queue::new(sqs, config::required("QUEUE_FACEBOOK_PULL")?),
    };
    lambda_runtime::run(service_fn(|_: LambdaEvent<Value>| async {
        discovery.run(clock::now()).await.map_err(Error::from)
    }))
    .await
}
