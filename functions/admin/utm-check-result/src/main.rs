//! The ads that run with broken UTM tags, and what they spend.

mod handler;

use lambda_http::Error;
use shared::edge::config::Tables;
use shared::edge::{aws, clock, http, logs};
use shared::store::ads::Ads;
use shared::store::gate::Gate;
use shared::store::rules::RuleBooks;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let client = aws_sdk_dynamodb::Client::new(&aws::sdk_config(aws::FOR_PEOPLE).await?);
    let tables = Tables::from_env()?;
    let rules = RuleBooks::new(client.clone(), tables.settings.clone());
    let ads = Ads::new(client.clone(), tables.ads);
    let handler = handler::UtmCheck { gate: Gate::new(client, tables.settings, ads.clone()), ads, rules };
    http::run(|request| handler.answer(request, clock::now())).await
}
