//! Takes the hooks of many events in again.

mod handler;
mod tally;
mod wish;

use std::time::Duration;

use lambda_http::{Error, Request, RequestExt};
use shared::edge::acts::Acts;
use shared::edge::config::Tables;
use shared::edge::{aws, clock, hook, http, logs};

/// Enough for the events that were begun last.
const FOR_THE_LAST: Duration = Duration::from_secs(9);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let sdk = aws::sdk_config(aws::FOR_PEOPLE).await?;
    let acts = Acts::new(&sdk, &Tables::from_env()?);
    let handler = handler::ReplayMany { replayer: hook::replayer_from_env(&sdk)?, acts };
    http::run(|request: Request| {
        let deadline = request.lambda_context_ref().map(|context| context.deadline());
        let is_time_up = move || deadline.is_some_and(|deadline| clock::until(deadline) < FOR_THE_LAST);
        handler.answer(request, clock::now(), is_time_up)
    })
    .await
}
