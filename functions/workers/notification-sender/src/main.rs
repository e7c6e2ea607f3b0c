//! Sends messages: to Telegram, as SMS, as e-mail.

mod handler;

use aws_lambda_events::sqs::SqsEvent;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use shared::edge::{aws, config, logs};
use shared::outbox::Sender;
use shared::store::dead_letters::DeadLetters;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let sdk = aws::sdk_config(aws::FOR_PEOPLE).await?;
    let dead_letters = config::required("QUEUE_NOTIFICATIONS_DLQ")?;
    let worker = &handler::Worker {
        function: config::required("AWS_LAMBDA_FUNCTION_NAME")?,
        sender: Sender::from_env(&sdk)?,
        dead_letters: DeadLetters::new(aws_sdk_sqs::Client::new(&sdk), dead_letters),
    };
    lambda_runtime::run(service_fn(|event: LambdaEvent<SqsEvent>| async move {
        let deadline = event.context.deadline();
        Ok::<_, Error>(worker.work(event.payload, deadline).await)
    }))
    .await
}
