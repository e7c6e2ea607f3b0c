//! Works a period out anew, mends what it is asked to, and tells of every difference. Invoked by hand.

use std::time::Duration;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use shared::edge::config::{self, Tables};
use shared::edge::{aws, clock, logs};
use shared::rebuild::{Hand, Order, Reads, Rebuild};
use shared::store::ads::Ads;
use shared::store::ledger::{Ledger, LedgerTables};
use shared::store::raw::RawHooks;
use shared::store::rules::RuleBooks;

/// Enough for one more day or page, whichever was begun last.
const FOR_THE_LAST: Duration = Duration::from_secs(20);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let (tables, accounts) = (Tables::from_env()?, config::amocrm_accounts()?);
    let client = aws_sdk_dynamodb::Client::new(&aws::sdk_config(aws::FOR_PEOPLE).await?);
    let reads = Reads::new(&client, &tables);
    let raw = RawHooks::new(client.clone(), tables.events.clone());
    let ads = Ads::new(client.clone(), tables.ads);
    let rules = RuleBooks::new(client.clone(), tables.settings.clone());
    let tables = LedgerTables {
        events: tables.events,
        sales: tables.sales,
        counters: tables.counters,
        notifications: tables.notifications,
    };
    let ledger = Ledger::new(client, tables, ads, rules);
    let rebuild = &Rebuild::new(reads, Some(Hand::new(ledger, raw, accounts)));
    lambda_runtime::run(service_fn(|event: LambdaEvent<Order>| async move {
        let deadline = event.context.deadline();
        let is_time_up = || clock::until(deadline) < FOR_THE_LAST;
        rebuild.run(event.payload, clock::now(), is_time_up).await.map_err(Error::from)
    }))
    .await
}
