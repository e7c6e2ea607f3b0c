//! Messages that no worker could do anything with.

mod handler;

use lambda_http::Error;
use shared::edge::dead_letters::Source;
use shared::edge::{aws, clock, http, logs};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let sqs = aws_sdk_sqs::Client::new(&aws::sdk_config(aws::FOR_PEOPLE).await?);
    let queues = Source::ALL.into_iter().map(|source| Ok((source, source.dead_letters(&sqs)?)));
    let handler = handler::DeadLetters { queues: queues.collect::<Result<_, Error>>()? };
    http::run(|request| handler.answer(request, clock::now())).await
}
