//! Reads on in the old Tripwire database: copies of leads, and leads of its own.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;
use shared::edge::{aws, logs};
use shared::sync::old::Table;
use shared::sync::old::run::asks_for_all;
use shared::sync::old::wiring::{Database, Source};

const TABLES: [Table; 1] = [Table::Tripwire];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let sdk = aws::sdk_config(aws::FOR_PEOPLE).await?;
    let source = &Source::from_env(Database::Tripwire, &sdk)?;
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| async move {
        let anew = asks_for_all(&event.payload);
        source.run(&TABLES, anew, event.context.deadline()).await.map_err(Error::from)
    }))
    .await
}
