//! Sends dead letters to the queues that they came from.

mod handler;
mod resend;
mod wish;

use std::time::Duration;

use lambda_http::{Error, Request, RequestExt};
use shared::edge::acts::Acts;
use shared::edge::config::Tables;
use shared::edge::dead_letters::Source;
use shared::edge::{aws, clock, http, logs};

/// Enough for the messages that were taken last.
const FOR_THE_LAST: Duration = Duration::from_secs(6);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let sdk = aws::sdk_config(aws::FOR_PEOPLE).await?;
    let sqs = aws_sdk_sqs::Client::new(&sdk);
    let acts = Acts::new(&sdk, &Tables::from_env()?);
    let queues =
        Source::ALL.into_iter().map(|source| Ok((source, source.dead_letters(&sqs)?, source.address()?)));
    let handler = handler::Resend { queues: queues.collect::<Result<_, Error>>()?, acts };
    http::run(|request: Request| {
        let deadline = request.lambda_context_ref().map(|context| context.deadline());
        let is_time_up = move || deadline.is_some_and(|deadline| clock::until(deadline) < FOR_THE_LAST);
        handler.answer(request, clock::now(), is_time_up)
    })
    .await
}
