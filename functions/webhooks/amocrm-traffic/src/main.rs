//! amoCRM's hooks of flagship sales.

use lambda_http::Error;
use shared::domain::event::Route;
use shared::edge::hook;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    hook::serve(Route::Traffic).await
}
