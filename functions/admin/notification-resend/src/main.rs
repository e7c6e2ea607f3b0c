//! Has a message sent again.

mod handler;

use lambda_http::Error;
use shared::edge::config::{self, Tables};
use shared::edge::{aws, clock, http, logs};
use shared::store::outbox::Outbox;
use shared::store::queue::Queue;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let sdk = aws::sdk_config(aws::FOR_PEOPLE).await?;
    let queue = config::required("QUEUE_NOTIFICATIONS")?;
    let handler = handler::Resend {
        outbox: Outbox::new(aws_sdk_dynamodb::Client::new(&sdk), Tables::from_env()?.notifications),
        queue: Queue::new(aws_sdk_sqs::Client::new(&sdk), queue),
    };
    http::run(|request| handler.answer(request, clock::now())).await
}
