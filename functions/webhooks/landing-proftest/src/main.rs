//! Forms of the career test.

use lambda_http::Error;
use shared::domain::lead::Form;
use shared::edge::landing;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    landing::serve(Form::Proftest).await
}
