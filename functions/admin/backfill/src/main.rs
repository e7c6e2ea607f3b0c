//! Reads the past from amoCRM into the ledger. Invoked by hand.

mod handler;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use shared::edge::{aws, config, logs};
use shared::sync::crm::wiring::Source;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let sdk = aws::sdk_config(aws::FOR_PEOPLE).await?;
    let backfill = &handler::Backfill {
        function: config::required("AWS_LAMBDA_FUNCTION_NAME")?,
        source: Source::from_env(&sdk)?,
    };
    lambda_runtime::run(service_fn(|event: LambdaEvent<handler::Order>| async move {
        backfill.run(event.payload, event.context.deadline()).await
    }))
    .await
}
