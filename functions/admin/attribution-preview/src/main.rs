//! Says what changed rules would move, before they are applied.

mod handler;

use std::time::Duration;

use lambda_http::{Error, Request, RequestExt};
use shared::edge::config::Tables;
use shared::edge::{aws, clock, http, logs};
use shared::reattribute::Look;

/// Enough for one more day, whichever was begun last.
const FOR_THE_LAST: Duration = Duration::from_secs(8);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let client = aws_sdk_dynamodb::Client::new(&aws::sdk_config(aws::FOR_PEOPLE).await?);
    let handler = handler::PreviewRules { look: Look::new(&client, &Tables::from_env()?) };
    http::run(|request: Request| {
        let deadline = request.lambda_context_ref().map(|context| context.deadline());
        let is_time_up = move || deadline.is_some_and(|deadline| clock::until(deadline) < FOR_THE_LAST);
        handler.answer(request, clock::now(), is_time_up)
    })
    .await
}
