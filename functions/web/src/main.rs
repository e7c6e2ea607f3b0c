//! Answers every path that has no function of its own.

mod handler;

use lambda_http::Error;
use shared::edge::{http, logs};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    http::run(|request| async move { handler::answer(&request) }).await
}
