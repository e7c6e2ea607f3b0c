//! Moves what stands to the rules in force, or back.

mod handler;

use aws_lambda_events::sqs::SqsEvent;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use shared::edge::config::{self, Tables};
use shared::edge::{aws, logs};
use shared::reattribute::Mover;
use shared::store::dead_letters::DeadLetters;
use shared::store::queue::Queue;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let sdk = aws::sdk_config(aws::FOR_PEOPLE).await?;
    let sqs = aws_sdk_sqs::Client::new(&sdk);
    let worker = &handler::Worker {
        function: config::required("AWS_LAMBDA_FUNCTION_NAME")?,
        mover: Mover::new(aws_sdk_dynamodb::Client::new(&sdk), &Tables::from_env()?),
        queue: Queue::new(sqs.clone(), config::required("QUEUE_ATTRIBUTION")?),
        dead_letters: DeadLetters::new(sqs, config::required("QUEUE_ATTRIBUTION_DLQ")?),
    };
    lambda_runtime::run(service_fn(|event: LambdaEvent<SqsEvent>| async move {
        Ok::<_, Error>(worker.work(event.payload, event.context.deadline()).await)
    }))
    .await
}
