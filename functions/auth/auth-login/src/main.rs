//! E-mail and password for tokens.

use lambda_http::http::StatusCode;
use lambda_http::{Error, Request};
use shared::edge::sign_in::{self, Credentials, SignIn};
use shared::edge::{aws, clock, http, logs};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let sign_in = &SignIn::from_env(&aws::sdk_config(aws::FOR_PEOPLE).await?)?;
    http::run(|request: Request| async move {
        let given = sign_in::body::<Credentials>(request.body())?;
        let session = sign_in.login(given, &http::peer(&request), clock::now()).await?;
        http::json(StatusCode::OK, &session)
    })
    .await
}
