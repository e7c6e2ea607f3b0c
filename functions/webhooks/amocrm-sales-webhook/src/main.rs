//! amoCRM's hooks of any sale: the stage says whether it is one, the price of what.

use lambda_http::Error;
use shared::domain::event::Route;
use shared::edge::hook;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    hook::serve(Route::Sales).await
}
