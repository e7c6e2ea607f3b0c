//! The OpenAPI document of all routes.

use lambda_http::http::StatusCode;
use lambda_http::{Error, Request};
use shared::edge::{http, logs};

const DOCUMENT: &str = include_str!("../openapi.json");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    http::run(|_: Request| async {
        Ok(http::respond(StatusCode::OK, "application/json", DOCUMENT.to_owned()))
    })
    .await
}
