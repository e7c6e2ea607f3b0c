//! One discovery: the accounts, the token, and an order for each account's campaigns and ads.

use chrono::{DateTime, Utc};
use serde::Serialize;
use shared::domain::pull::PullOrder;
use shared::edge::metrics::{self, Record};
use shared::store::StoreError;
use shared::store::queue::Queue;
use shared::sync::refresh::find_accounts;
use shared::sync::stop::Stop;
use shared::sync::wiring::Source;

/// Finds ad accounts.
pub struct Discovery {
    /// The function's name, for metrics.
    pub function: String,
    /// Where everything is.
    pub source: Source,
    /// Where orders to pull go.
    pub pulls: Queue,
}

/// What a discovery came to, for whoever invokes it by hand.
#[derive(Debug, Serialize)]
pub struct Report {
    /// How many accounts are known now.
    pub accounts: usize,
    /// What could not be read.
    pub notes: Vec<String>,
}

impl Discovery {
    /// Discovers. What Facebook refuses is reported; the schedule tries again tomorrow, and every refresh does.
    pub async fn run(&self, now: DateTime<Utc>) -> Result<Report, StoreError> {
        let notes = match self.find(now).await {
            Ok(notes) => notes,
            Err(Stop::Store(error)) => return Err(error),
            Err(stop) => {
                let said = stop.to_string();
                tracing::error!(said = %said, "ad accounts were not discovered");
                vec![said]
            }
        };
        let accounts = self.source.account_ids().await?;
        if !self.source.token_is_dead(now).await? {
            let orders: Vec<PullOrder> = accounts.iter().cloned().map(PullOrder::objects).collect();
            self.pulls.send_all(&orders).await?;
        }
        Ok(Report { accounts: accounts.len(), notes })
    }

    async fn find(&self, now: DateTime<Utc>) -> Result<Vec<String>, Stop> {
        let facebook = match self.source.facebook(now).await {
            Err(Stop::Park(reason, problem)) => {
                self.source.note_missing_token(&problem, now).await?;
                return Err(Stop::Park(reason, problem));
            }
            found => found?,
        };
        let found = find_accounts(&facebook, &self.source, now).await;
        let record = Record { graph: Some(facebook.record()), ..Record::default() };
        metrics::write(&self.function, &record, now);
        found
    }
}
