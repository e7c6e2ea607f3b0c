//! Changes what is configured.

mod handler;

use lambda_http::Error;
use shared::edge::config::Tables;
use shared::edge::sign_in::Account;
use shared::edge::{aws, clock, http, logs};
use shared::store::audit::Audit;
use shared::store::rules::RuleBooks;
use shared::store::saved_settings::SavedSettings;
use uuid::Uuid;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let tables = Tables::from_env()?;
    let sdk = aws::sdk_config(aws::FOR_PEOPLE).await?;
    let client = aws_sdk_dynamodb::Client::new(&sdk);
    let audit = Audit::new(client.clone(), tables.counters);
    let handler = handler::Save {
        account: Account::new(&sdk),
        rules: RuleBooks::new(client.clone(), tables.settings.clone()),
        settings: SavedSettings::new(client, tables.settings, audit),
    };
    http::run(|request| handler.answer(request, Uuid::now_v7().to_string(), clock::now())).await
}
