//! amoCRM's deals by pipeline and stage, in the counters table.
//!
//! `pk` is `deals#<team or unattributed>`, `sk` is `<day>#<pipeline>#<stage>#<shard>`. An item holds `n`, how many. The shard
//! is that of the deal, as for the counters of its sales.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};

use super::StoreError;
use super::counters::{CounterTable, addition_write, broken, day, number};
use super::document::Item;
use crate::domain::day::Period;
use crate::domain::deal_counts::{self, DealCountKey, DealCounters};
use crate::domain::team::Owner;
use crate::edge::caller::Scope;

/// The attribute of the count.
const COUNT: &str = "n";

/// The writes that add deltas to one shard of the counts, for a transaction that makes them true.
pub fn writes(table: &str, shard: u64, deltas: &DealCounters) -> Result<Vec<TransactWriteItem>, StoreError> {
    let write = |(key, more): (&DealCountKey, &i64)| {
        addition_write(table, item_key(key, shard), addition(*more), key.day)
    };
    deltas.iter().filter(|(_, more)| **more != 0).map(write).collect()
}

/// Reads and mends the counts.
#[derive(Debug, Clone)]
pub struct DealCounts {
    table: CounterTable,
}

impl DealCounts {
    /// Over the counters table.
    pub fn new(client: Client, table: String) -> Self {
        Self { table: CounterTable { client, name: table } }
    }

    /// The counts of a period: one query per owner. Its cost grows with the stages that deals of a day stand in.
    pub async fn days(&self, scope: &Scope, period: Period) -> Result<DealCounters, StoreError> {
        let queries = scope.owners().iter().map(async |owner| {
            let items = self.table.period(partition(owner), period).await?;
            added_up(owner, &items)
        });
        let mut counters = DealCounters::new();
        let of_owners = futures::future::try_join_all(queries).await?;
        of_owners.into_iter().for_each(|counts| deal_counts::add(&mut counters, counts));
        Ok(counters)
    }

    /// What one shard of a count holds.
    pub async fn held(&self, key: &DealCountKey, shard: u64) -> Result<i64, StoreError> {
        let place = place(key, shard);
        let items = self.table.between(partition(&key.owner()), place.clone(), place).await?;
        items.first().map_or(Ok(0), |item| number(item, COUNT))
    }

    /// Adds to one shard, on condition that it still holds what was read of it.
    pub async fn mend(&self, key: &DealCountKey, shard: u64, held: i64, more: i64) -> Result<(), StoreError> {
        let held = std::iter::once((COUNT.to_owned(), held));
        self.table.mend(item_key(key, shard), addition(more), held, key.day).await
    }
}

fn partition(owner: &Owner) -> String {
    format!("deals#{}", owner.key())
}

fn place(key: &DealCountKey, shard: u64) -> String {
    format!("{}#{}#{}#{shard}", key.day, key.pipeline, key.stage)
}

fn item_key(key: &DealCountKey, shard: u64) -> Item {
    let pk = AttributeValue::S(partition(&key.owner()));
    Item::from([("pk".to_owned(), pk), ("sk".to_owned(), AttributeValue::S(place(key, shard)))])
}

fn addition(more: i64) -> (String, Item) {
    let values = Item::from([(":n".to_owned(), AttributeValue::N(more.to_string()))]);
    ("ADD n :n".to_owned(), values)
}

/// Adds the shards up.
fn added_up(owner: &Owner, items: &[Item]) -> Result<DealCounters, StoreError> {
    let mut counters = DealCounters::new();
    for item in items {
        deal_counts::add(&mut counters, DealCounters::from([(read_key(owner, item)?, number(item, COUNT)?)]));
    }
    Ok(counters)
}

fn read_key(owner: &Owner, item: &Item) -> Result<DealCountKey, StoreError> {
    let sk = item.get("sk").and_then(|sk| sk.as_s().ok()).ok_or_else(|| broken("has no sk"))?;
    let mut ids = sk.split('#').skip(1).map(|part| part.parse::<u64>().ok());
    let (Some(Some(pipeline)), Some(Some(stage))) = (ids.next(), ids.next()) else {
        return Err(broken("is of no stage"));
    };
    Ok(DealCountKey { team: owner.team().cloned(), day: day(item)?, pipeline, stage })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::day::Day;
    use crate::domain::team::TeamId;

    #[test]
    fn what_is_added_to_a_stage_reads_back_over_all_shards() {
        let owner = Owner::Team(TeamId::new("muha"));
        let day = Day::parse("2026-11-20").unwrap();
        let key = DealCountKey { team: owner.team().cloned(), day, pipeline: 10_350_882, stage: 142 };
        let item = |shard, more| {
            let (_, values) = addition(more);
            let held =
                values.into_iter().map(|(name, value)| (name.trim_start_matches(':').to_owned(), value));
            held.chain(item_key(&key, shard)).collect::<Item>()
        };
        assert_eq!(item(3, 1)["pk"], AttributeValue::S("deals#muha".into()));
        assert_eq!(item(3, 1)["sk"], AttributeValue::S("2026-11-20#10350882#142#3".into()));
        let sum = added_up(&owner, &[item(0, 2), item(3, 1)]).unwrap();
        assert_eq!(sum, DealCounters::from([(key.clone(), 3)]));
        assert_eq!(added_up(&owner, &[item(0, 1), item(1, -1)]).unwrap(), DealCounters::new());
        assert!(writes("counters", 0, &DealCounters::from([(key, 0)])).unwrap().is_empty());
    }
}
