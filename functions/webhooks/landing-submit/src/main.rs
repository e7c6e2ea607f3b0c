//! Forms of orders of the Express Course.

use lambda_http::Error;
use shared::domain::lead::Form;
use shared::edge::landing;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    landing::serve(Form::Express).await
}
