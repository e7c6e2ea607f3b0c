//! Looks every five minutes for what fell off, and has the school's chat told of it.

mod handler;
mod look;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;
use shared::edge::config::{self, Tables};
use shared::edge::{aws, clock, logs};
use shared::store::incidents::Incidents;
use shared::store::outbox::Outbox;
use shared::store::queue::Queue;
use shared::store::settings::Settings;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let sdk = aws::sdk_config(aws::FOR_PEOPLE).await?;
    let tables = Tables::from_env()?;
    let dynamodb = aws_sdk_dynamodb::Client::new(&sdk);
    let sqs = aws_sdk_sqs::Client::new(&sdk);
    let check = &handler::Check {
        function: config::required("AWS_LAMBDA_FUNCTION_NAME")?,
        settings: Settings::new(dynamodb.clone(), tables.settings.clone()),
        incidents: Incidents::new(dynamodb.clone(), tables.counters.clone()),
        outbox: Outbox::new(dynamodb.clone(), tables.notifications.clone()),
        messages: tables.notifications.clone(),
        queue: Queue::new(sqs.clone(), config::required("QUEUE_NOTIFICATIONS")?),
        look: look::Look::from_env(&dynamodb, &sqs, &tables)?,
    };
    lambda_runtime::run(service_fn(|_: LambdaEvent<Value>| async move {
        Ok::<_, Error>(check.run(clock::now()).await?)
    }))
    .await
}
