//! The counters table: the funnel by day and team, and sales and leads by day, team and UTM values.
//!
//! `pk` is `<basis>#<team or unattributed>`, `sk` is `<day>#<shard>`. An item holds, for each product that was sold,
//! `<p>_n` and `<p>_kzt` (count and tenge of active sales) and `<p>_xn` and `<p>_xkzt` (of cancelled ones), where `<p>`
//! is the product's first letter; `l_p` and `l_s` are the leads of the career test and those that ordered. Short names keep
//! an item near 100 bytes, and a month of a team within two read units.
//!
//! What has UTM values is counted a second time, in a partition of their own so that a funnel does not read them:
//! `pk` is `utm#<basis>#<team or unattributed>`, `sk` is `<day>#<hash>#<shard>`. Such an item also holds `utm`, the
//! values as JSON; the hash is theirs.

mod item;
mod table;
mod utm_days;

use std::collections::BTreeMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::TransactWriteItem;
use sha2::{Digest, Sha256};

use super::StoreError;
use crate::domain::counters::{Basis, CounterKey, Tallies};
use crate::domain::day::{Day, Period};
use crate::domain::product::Product;
use crate::domain::team::Owner;
use crate::edge::caller::Scope;

pub use item::{addition, item_key};
pub(super) use item::{broken, day, number};
pub(super) use table::{CounterTable, addition_write};
pub use utm_days::UtmDay;

/// One team's sales of one day are spread over so many items. More would make writers meet less often and every read
/// dearer; a small school's day already touches nearly all of four.
const SHARDS: u64 = 4;

/// The counters of each owner and day.
pub type Days = BTreeMap<(Owner, Day), Tallies>;

/// The shard that the sales of an amoCRM lead are counted on.
pub fn shard(lead: u64) -> u64 {
    lead % SHARDS
}

/// The shard that a lead of our own is counted on. It has to stay the same for as long as the lead may change.
pub fn lead_shard(lead_id: &str) -> u64 {
    u64::from(Sha256::digest(lead_id)[0]) % SHARDS
}

/// The writes that add deltas to one shard of the counters, for a transaction that makes them true.
pub fn writes(
    table: &str,
    shard: u64,
    deltas: &BTreeMap<CounterKey, Tallies>,
) -> Result<Vec<TransactWriteItem>, StoreError> {
    let write = |(key, tallies): (&CounterKey, &Tallies)| {
        addition_write(table, item_key(key, shard), addition(key, tallies), key.day)
    };
    deltas.iter().map(write).collect()
}

/// Reads and mends the counters.
#[derive(Debug, Clone)]
pub struct Counters {
    table: CounterTable,
}

impl Counters {
    /// Over this table.
    pub fn new(client: Client, table: String) -> Self {
        Self { table: CounterTable { client, name: table } }
    }

    /// The counters of a period: one query per owner, whatever the number of sales and leads.
    pub async fn days(&self, basis: Basis, scope: &Scope, period: Period) -> Result<Days, StoreError> {
        let queries = scope.owners().iter().map(async |owner| {
            let items = self.table.period(item::days_of(basis, owner), period).await?;
            Ok::<_, StoreError>((owner, items))
        });
        let mut days = Days::new();
        for (owner, items) in futures::future::try_join_all(queries).await? {
            for item in &items {
                let tallies = item::tallies(item)?;
                days.entry((owner.clone(), item::day(item)?)).or_default().add(&tallies);
            }
        }
        Ok(days)
    }

    /// What one shard of a counter holds.
    pub async fn held(&self, key: &CounterKey, shard: u64) -> Result<Tallies, StoreError> {
        let (pk, sk) = item::place(key, shard);
        let items = self.table.between(pk, sk.clone(), sk).await?;
        items.first().map_or_else(|| Ok(Tallies::default()), item::tallies)
    }

    /// Adds tallies to one shard, on condition that it still holds what was read of it.
    pub async fn mend(
        &self,
        key: &CounterKey,
        shard: u64,
        held: &Tallies,
        delta: &Tallies,
    ) -> Result<(), StoreError> {
        let held = item::figures(held, Product::ALL);
        self.table.mend(item_key(key, shard), addition(key, delta), held, key.day).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_stays_on_its_shard_and_leads_are_spread_over_all() {
        assert_eq!(["01J", "01K", "a"].map(lead_shard), [0, 1, 2]);
        let shards: std::collections::BTreeSet<u64> = (0..64).map(|n| lead_shard(&n.to_string())).collect();
        assert_eq!(shards.len() as u64, SHARDS);
    }
}
