//! Begins a refresh: discovers accounts, fetches missing rates, then sends an order for each account.
//!
//! What does not work on the way is noted and does not stop it, except a dead token. The one call that finds that out is
//! the probe: a person asked, so a token that is known to be dead is tried once.

use chrono::{DateTime, Utc};

use super::discover::{check_token, discover};
use super::facebook::Facebook;
use super::plan;
use super::pull::days_of;
use super::rates::fetch_missing;
use super::stop::Stop;
use super::wiring::Source;
use crate::domain::ad::AdAccount;
use crate::domain::ad_account::AdAccountId;
use crate::domain::pull::{PullOrder, Work};
use crate::domain::refresh::RefreshOrder;
use crate::edge::metrics::GraphRecord;
use crate::neighbours::nbk::Nbk;
use crate::store::StoreError;
use crate::store::queue::Queue;

/// Begins refreshes.
pub struct Refreshes<'a> {
    /// Where everything is.
    pub source: &'a Source,
    /// The bank.
    pub bank: &'a Nbk,
    /// Where orders to pull go.
    pub queue: &'a Queue,
}

impl Refreshes<'_> {
    /// Begins one; an error is our own store's and brings the message again.
    pub async fn begin(&self, order: &RefreshOrder, now: DateTime<Utc>) -> Result<GraphRecord, StoreError> {
        let jobs = &self.source.jobs;
        let (mut notes, mut record) = (vec![], GraphRecord::default());
        match self.source.facebook(now).await {
            Ok(facebook) => {
                let facebook = facebook.probing();
                let found = find_accounts(&facebook, self.source, now).await;
                record = facebook.record();
                match found {
                    Ok(found) => notes.extend(found),
                    Err(Stop::Store(error)) => return Err(error),
                    Err(stop @ Stop::Park(..)) => {
                        jobs.fail(&order.job_id, &stop.to_string(), now).await?;
                        return Ok(record);
                    }
                    Err(stop) => notes.push(format!("accounts were not discovered anew: {stop}")),
                }
            }
            Err(Stop::Store(error)) => return Err(error),
            Err(stop) => {
                let said = stop.to_string();
                self.source.note_missing_token(&said, now).await?;
                jobs.fail(&order.job_id, &said, now).await?;
                return Ok(record);
            }
        }
        let accounts = self.wanted(order, &mut notes).await?;
        let orders = plan::asked_for(&accounts, order.period, &order.job_id, now);
        notes.extend(self.rates(&orders, now).await?);
        let ids: Vec<AdAccountId> = accounts.iter().map(|account| account.account_id.clone()).collect();
        jobs.fan_out(&order.job_id, &ids, &notes, now).await?;
        self.queue.send_all(&orders).await?;
        Ok(record)
    }

    async fn wanted(
        &self,
        order: &RefreshOrder,
        notes: &mut Vec<String>,
    ) -> Result<Vec<AdAccount>, StoreError> {
        let mut accounts = self.source.ads.accounts().await?;
        if let Some(wanted) = &order.accounts {
            accounts.retain(|account| wanted.contains(&account.account_id));
            let is_known = |id: &&AdAccountId| accounts.iter().any(|account| account.account_id == **id);
            let unknown = wanted.iter().filter(|id| !is_known(id));
            notes.extend(unknown.map(|id| format!("the token sees no ad account {id}")));
        }
        let decided = self.source.decided().await?;
        let (on, off): (Vec<_>, Vec<_>) =
            accounts.into_iter().partition(|account| decided.is_on(&account.account_id));
        notes.extend(
            off.iter().map(|account| format!("{} is switched off in the settings", account.account_id)),
        );
        Ok(on)
    }

    async fn rates(&self, orders: &[PullOrder], now: DateTime<Utc>) -> Result<Vec<String>, StoreError> {
        let windows = orders.iter().flat_map(|order| match &order.work {
            Work::Insights(windows) => windows.as_slice(),
            Work::Objects => &[],
        });
        let days = windows.flat_map(|window| days_of(std::slice::from_ref(window)));
        Ok(fetch_missing(self.bank, &self.source.rates, days, now).await?.problems)
    }
}

/// Discovers accounts and asks when the token ends.
pub async fn find_accounts(
    facebook: &Facebook,
    source: &Source,
    now: DateTime<Utc>,
) -> Result<Vec<String>, Stop> {
    let mut notes = discover(facebook, &source.ads, now).await?;
    match check_token(facebook, now).await {
        Err(Stop::Store(error)) => return Err(Stop::Store(error)),
        Err(stop) => notes.push(format!("when the token ends is not known: {stop}")),
        Ok(note) => notes.extend(note),
    }
    Ok(notes)
}
