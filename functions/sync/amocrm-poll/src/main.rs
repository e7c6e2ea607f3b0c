//! Reads in amoCRM what its hooks did not tell: every ten minutes what changed since, every night the month.

mod handler;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;
use shared::edge::{aws, config, logs};
use shared::sync::crm::wiring::Source;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let sdk = aws::sdk_config(aws::FOR_PEOPLE).await?;
    let poll = &handler::Poll {
        function: config::required("AWS_LAMBDA_FUNCTION_NAME")?,
        source: Source::from_env(&sdk)?,
    };
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| async move {
        let reach = handler::reach(&event.payload);
        poll.run(reach, event.context.deadline()).await.map_err(Error::from)
    }))
    .await
}
