//! Says that the service answers. Public, and without details.

use lambda_http::http::StatusCode;
use lambda_http::{Error, Request};
use serde_json::json;
use shared::edge::{http, logs};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    http::run(|_: Request| async {
        http::json(StatusCode::OK, &json!({"success": true, "status": "healthy"}))
    })
    .await
}
