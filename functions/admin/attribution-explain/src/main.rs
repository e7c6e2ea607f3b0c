//! Says whose a sale with these UTM values would be, and why.

mod handler;

use lambda_http::Error;
use shared::edge::config::Tables;
use shared::edge::{aws, http, logs};
use shared::store::ads::Ads;
use shared::store::rules::RuleBooks;
use shared::store::sales::Sales;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let tables = Tables::from_env()?;
    let client = aws_sdk_dynamodb::Client::new(&aws::sdk_config(aws::FOR_PEOPLE).await?);
    let handler = handler::Explain {
        rules: RuleBooks::new(client.clone(), tables.settings),
        ads: Ads::new(client.clone(), tables.ads),
        sales: Sales::new(client, tables.sales),
    };
    http::run(|request| handler.answer(request)).await
}
