//! Takes in the hooks that the store refused when they came.

mod handler;

use aws_lambda_events::sqs::SqsEvent;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use shared::edge::{aws, config, hook, logs};
use shared::store::dead_letters::DeadLetters;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let sdk = aws::sdk_config(aws::FOR_HOOKS).await?;
    let (intake, queue) = hook::intake_from_env(&sdk)?;
    let dead_letters = config::required("QUEUE_HOOK_RETRY_DLQ")?;
    let worker = &handler::Worker {
        function: config::required("AWS_LAMBDA_FUNCTION_NAME")?,
        intake,
        queue,
        dead_letters: DeadLetters::new(aws_sdk_sqs::Client::new(&sdk), dead_letters),
    };
    lambda_runtime::run(service_fn(|event: LambdaEvent<SqsEvent>| async move {
        let deadline = event.context.deadline();
        Ok::<_, Error>(worker.work(event.payload, deadline).await)
    }))
    .await
}
