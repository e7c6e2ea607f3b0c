//! Brings leads into amoCRM, one at a time.

mod handler;

use aws_lambda_events::sqs::SqsEvent;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use shared::edge::{aws, config, logs};
use shared::store::dead_letters::DeadLetters;
use shared::sync::crm::wiring::Source;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let sdk = aws::sdk_config(aws::FOR_PEOPLE).await?;
    let worker = &handler::Worker {
        function: config::required("AWS_LAMBDA_FUNCTION_NAME")?,
        source: Source::from_env(&sdk)?,
        dead_letters: DeadLetters::new(
            aws_sdk_sqs::Client::new(&sdk),
            config::required("QUEUE_AMOCRM_WRITER_DLQ")?,
        ),
    };
    lambda_runtime::run(service_fn(|event: LambdaEvent<SqsEvent>| async move {
        let deadline = event.context.deadline();
        Ok::<_, Error>(worker.work(event.payload, deadline).await)
    }))
    .await
}
