//! Takes in the hooks that the store refused when they came.

mod handler;

use aws_lambda_events::sqs::SqsEvent;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use shared::edge::{aws, hook, logs};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let (intake, queue) = hook::intake_from_env(&aws::sdk_config().await?)?;
    let worker = handler::Worker { intake, queue };
    lambda_runtime::run(service_fn(|event: LambdaEvent<SqsEvent>| {
        let deadline = event.context.deadline();
        let worker = &worker;
        async move { Ok::<_, Error>(worker.work(event.payload, deadline).await) }
    }))
    .await
}
