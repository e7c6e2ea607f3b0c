//! The ads that run with broken UTM tags, and what they spend.

mod cursor;
mod handler;

use lambda_http::Error;
use shared::domain::rules::Rules;
use shared::edge::config::Tables;
use shared::edge::{aws, clock, http, logs};
use shared::store::ads::Ads;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let client = aws_sdk_dynamodb::Client::new(&aws::sdk_config(aws::FOR_PEOPLE).await?);
    let handler =
        handler::UtmCheck { ads: Ads::new(client, Tables::from_env()?.ads), rules: Rules::default() };
    http::run(|request| handler.answer(request, clock::now())).await
}
