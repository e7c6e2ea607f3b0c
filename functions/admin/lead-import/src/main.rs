//! Takes in leads that came before, or elsewhere. Invoked by hand.

mod handler;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use shared::edge::config::{self, Tables};
use shared::edge::landing::LeadMaker;
use shared::edge::{aws, clock, logs};
use shared::store::ads::Ads;
use shared::store::lead_book::{LeadBook, LeadTables};
use shared::store::ledger::{Ledger, LedgerTables};
use shared::store::rules::RuleBooks;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let tables = Tables::from_env()?;
    let client = aws_sdk_dynamodb::Client::new(&aws::sdk_config(aws::FOR_PEOPLE).await?);
    let ads = Ads::new(client.clone(), tables.ads);
    let leads = LeadTables {
        leads: tables.leads,
        counters: tables.counters.clone(),
        notifications: tables.notifications.clone(),
    };
    let ledger = LedgerTables {
        events: tables.events,
        sales: tables.sales,
        counters: tables.counters,
        notifications: tables.notifications,
    };
    let rules = RuleBooks::new(client.clone(), tables.settings);
    let import = handler::Import {
        book: LeadBook::new(client.clone(), leads),
        maker: LeadMaker { ads: ads.clone(), rules: rules.clone() },
        ledger: Ledger::new(client, ledger, ads, rules),
        accounts: config::amocrm_accounts()?,
    };
    lambda_runtime::run(service_fn(|event: LambdaEvent<handler::Order>| async {
        import.run(event.payload, clock::now()).await.map_err(Error::from)
    }))
    .await
}
