//! Works a period out anew for an admin and tells of every difference. Writes nothing.

mod handler;
mod wish;

use std::time::Duration;

use lambda_http::{Error, Request, RequestExt};
use shared::edge::config::Tables;
use shared::edge::{aws, clock, http, logs};
use shared::rebuild::{Reads, Rebuild};

/// Enough for one more day or page, whichever was begun last.
const FOR_THE_LAST: Duration = Duration::from_secs(10);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let tables = Tables::from_env()?;
    let client = aws_sdk_dynamodb::Client::new(&aws::sdk_config(aws::FOR_PEOPLE).await?);
    let check = handler::Check { rebuild: Rebuild::new(Reads::new(&client, &tables), None) };
    http::run(|request: Request| {
        let deadline = request.lambda_context_ref().map(|context| context.deadline());
        let is_time_up = move || deadline.is_some_and(|deadline| clock::until(deadline) < FOR_THE_LAST);
        check.answer(request, clock::now(), is_time_up)
    })
    .await
}
