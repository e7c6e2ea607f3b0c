//! Which secrets are kept, and since when.

mod handler;

use lambda_http::Error;
use shared::domain::secret::Neighbour;
use shared::edge::config::BadConfig;
use shared::edge::{aws, clock, http, logs};
use shared::health::secret;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let sdk = aws::sdk_config(aws::FOR_PEOPLE).await?;
    let of = |neighbour| Ok((neighbour, secret(&sdk, neighbour)?));
    let secrets = Neighbour::ALL.into_iter().map(of).collect::<Result<_, BadConfig>>()?;
    let handler = handler::Secrets { secrets };
    http::run(|request| handler.answer(request, clock::now())).await
}
