//! One plan: an order for each account that is due.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shared::edge::metrics::{self, Record, SpendRecord};
use shared::store::StoreError;
use shared::store::queue::Queue;
use shared::sync::wiring::Source;

/// Orders pulls.
pub struct Planner {
    /// The function's name, for metrics.
    pub function: String,
    /// Where everything is.
    pub source: Source,
    /// Where orders to pull go.
    pub pulls: Queue,
}

/// What the schedule asks for.
#[derive(Debug, Deserialize)]
pub struct Plan {
    /// How many of each account's last days.
    pub days: u64,
}

/// What a plan came to, for whoever invokes it by hand.
#[derive(Debug, Serialize)]
pub struct Report {
    /// How many accounts are pulled.
    pub ordered: usize,
    /// What stands in the way.
    pub notes: Vec<String>,
}

impl Planner {
    /// Plans. With a dead token nothing is ordered: every call would be refused and counted.
    pub async fn run(&self, plan: Plan, now: DateTime<Utc>) -> Result<Report, StoreError> {
        let mut report = Report { ordered: 0, notes: vec![] };
        if self.source.token_is_dead(now).await? {
            tracing::error!("nothing is pulled: the access token is dead");
            report.notes.push("the access token is dead: connect Facebook again".to_owned());
        } else {
            let orders = self.source.due(plan.days, now).await?;
            self.pulls.send_all(&orders).await?;
            report.ordered = orders.len();
        }
        let spend_age_seconds = self.source.oldest_pull(now).await?.map(|age| age.num_seconds());
        let spend = SpendRecord { spend_age_seconds, ..SpendRecord::default() };
        metrics::write(&self.function, &Record { spend: Some(spend), ..Record::default() }, now);
        Ok(report)
    }
}
