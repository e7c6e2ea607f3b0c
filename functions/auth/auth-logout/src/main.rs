//! Ends every session of the caller.

use lambda_http::http::StatusCode;
use lambda_http::{Error, Request};
use serde_json::json;
use shared::edge::sign_in::Account;
use shared::edge::{aws, http, logs};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let account = &Account::new(&aws::sdk_config(aws::FOR_PEOPLE).await?);
    http::run(|request: Request| async move {
        account.sign_out(&request).await?;
        http::json(StatusCode::OK, &json!({"success": true}))
    })
    .await
}
