//! Leads by form, campaign and status, in the counters table.
//!
//! `pk` is `leads#<team or unattributed>`, `sk` is `<day>#<form>#<status>#<hash of the campaign>#<shard>`. An item holds
//! `campaign`, whose hash it is, and `n`, how many. The shard is that of the lead, as for the counters of its day.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use sha2::{Digest, Sha256};

use super::StoreError;
use super::counters::{CounterTable, addition_write, broken, day, number};
use super::document::Item;
use crate::domain::day::Period;
use crate::domain::lead::{Form, LeadStatus};
use crate::domain::lead_counts::{self, LeadCountKey, LeadCounters};
use crate::domain::team::Owner;
use crate::edge::caller::Scope;

/// The attribute of the campaign.
const CAMPAIGN: &str = "campaign";

/// The attribute of the count.
const COUNT: &str = "n";

/// So many bytes of the hash stand in a key, as for UTM values.
const HASH_BYTES: usize = 8;

/// The writes that add deltas to one shard of the counts, for a transaction that makes them true.
pub fn writes(table: &str, shard: u64, deltas: &LeadCounters) -> Result<Vec<TransactWriteItem>, StoreError> {
    let write = |(key, more): (&LeadCountKey, &i64)| {
        addition_write(table, item_key(key, shard), addition(key, *more), key.day)
    };
    deltas.iter().filter(|(_, more)| **more != 0).map(write).collect()
}

/// Reads and mends the counts.
#[derive(Debug, Clone)]
pub struct LeadCounts {
    table: CounterTable,
}

impl LeadCounts {
    /// Over this table.
    pub fn new(client: Client, table: String) -> Self {
        Self { table: CounterTable { client, name: table } }
    }

    /// The counts of a period: one query per owner. Its cost grows with the campaigns that brought something on a day,
    /// not with the leads.
    pub async fn days(&self, scope: &Scope, period: Period) -> Result<LeadCounters, StoreError> {
        let queries = scope.owners().iter().map(async |owner| {
            let items = self.table.period(partition(owner), period).await?;
            added_up(owner, &items)
        });
        let mut counters = LeadCounters::new();
        let of_owners = futures::future::try_join_all(queries).await?;
        of_owners.into_iter().for_each(|counts| lead_counts::add(&mut counters, counts));
        Ok(counters)
    }

    /// What one shard of a count holds.
    pub async fn held(&self, key: &LeadCountKey, shard: u64) -> Result<i64, StoreError> {
        let place = place(key, shard);
        let items = self.table.between(partition(&key.owner), place.clone(), place).await?;
        items.first().map_or(Ok(0), |item| number(item, COUNT))
    }

    /// Adds to one shard, on condition that it still holds what was read of it.
    pub async fn mend(&self, key: &LeadCountKey, shard: u64, held: i64, more: i64) -> Result<(), StoreError> {
        let held = std::iter::once((COUNT.to_owned(), held));
        self.table.mend(item_key(key, shard), addition(key, more), held, key.day).await
    }
}

fn partition(owner: &Owner) -> String {
    format!("leads#{}", owner.key())
}

fn place(key: &LeadCountKey, shard: u64) -> String {
    let hash = hex::encode(&Sha256::digest(&key.campaign)[..HASH_BYTES]);
    format!("{}#{}#{}#{hash}#{shard}", key.day, key.form.as_str(), key.status.as_str())
}

fn item_key(key: &LeadCountKey, shard: u64) -> Item {
    let pk = AttributeValue::S(partition(&key.owner));
    Item::from([("pk".to_owned(), pk), ("sk".to_owned(), AttributeValue::S(place(key, shard)))])
}

fn addition(key: &LeadCountKey, more: i64) -> (String, Item) {
    let expression = "SET campaign = if_not_exists(campaign, :campaign) ADD n :n";
    let values = Item::from([
        (":campaign".to_owned(), AttributeValue::S(key.campaign.clone())),
        (":n".to_owned(), AttributeValue::N(more.to_string())),
    ]);
    (expression.to_owned(), values)
}

/// Adds the shards up.
fn added_up(owner: &Owner, items: &[Item]) -> Result<LeadCounters, StoreError> {
    let mut counters = LeadCounters::new();
    for item in items {
        lead_counts::add(&mut counters, LeadCounters::from([(read_key(owner, item)?, number(item, COUNT)?)]));
    }
    Ok(counters)
}

fn read_key(owner: &Owner, item: &Item) -> Result<LeadCountKey, StoreError> {
    let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok());
    let mut parts = text("sk").ok_or_else(|| broken("has no sk"))?.split('#').skip(1);
    let mut part = || parts.next().unwrap_or_default();
    let (form, status) = (part(), part());
    let form = Form::ALL.into_iter().find(|known| known.as_str() == form);
    let status = LeadStatus::ALL.into_iter().find(|known| known.as_str() == status);
    Ok(LeadCountKey {
        owner: owner.clone(),
        day: day(item)?,
        form: form.ok_or_else(|| broken("is of no form"))?,
        campaign: text(CAMPAIGN).ok_or_else(|| broken("has no campaign"))?.clone(),
        status: status.ok_or_else(|| broken("is of no status"))?,
    })
}

#[cfg(test)]
#[path = "lead_counts_tests.rs"]
mod tests;
