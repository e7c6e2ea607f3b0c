//! Takes the hook of one event in again.

mod handler;

use lambda_http::Error;
use shared::edge::acts::Acts;
use shared::edge::config::Tables;
use shared::edge::{aws, clock, hook, http, logs};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let sdk = aws::sdk_config(aws::FOR_PEOPLE).await?;
    let acts = Acts::new(&sdk, &Tables::from_env()?);
    let handler = handler::Replay { replayer: hook::replayer_from_env(&sdk)?, acts };
    http::run(|request| handler.answer(request, clock::now())).await
}
