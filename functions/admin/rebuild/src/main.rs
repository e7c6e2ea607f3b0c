//! Recomputes a period from the ledger and the leads, and reports every difference. Invoked by hand.

mod compare;
mod compare_leads;
mod handler;
#[cfg(test)]
mod sample;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use shared::domain::rules::Rules;
use shared::edge::config::Tables;
use shared::edge::{aws, clock, logs};
use shared::store::counters::Counters;
use shared::store::lead_counts::LeadCounts;
use shared::store::leads_by_team::LeadsByTeam;
use shared::store::sales::Sales;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let tables = Tables::from_env()?;
    let client = aws_sdk_dynamodb::Client::new(&aws::sdk_config(aws::FOR_PEOPLE).await?);
    let rebuild = handler::Rebuild {
        sales: Sales::new(client.clone(), tables.sales),
        leads: LeadsByTeam::new(client.clone(), tables.leads),
        counters: Counters::new(client.clone(), tables.counters.clone()),
        lead_counts: LeadCounts::new(client, tables.counters),
        rules: Rules::default(),
    };
    lambda_runtime::run(service_fn(|event: LambdaEvent<handler::Order>| async {
        let report = rebuild.run(event.payload, clock::now()).await;
        report.map_err(Error::from)
    }))
    .await
}
