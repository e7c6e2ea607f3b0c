//! How well amoCRM delivers, in the counters table: `pk` is `delivery`, `sk` is `<day>#<shard>`, with `changes` and
//! `hooks_seen`.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};

use super::StoreError;
use super::counters::{CounterTable, addition_write, day, number};
use super::document::Item;
use crate::domain::day::{Day, Period};
use crate::domain::delivery::{self, Deliveries, Delivery};

const PARTITION: &str = "delivery";

/// The writes that add deltas to one shard, for a transaction that makes them true.
pub fn writes(table: &str, shard: u64, deltas: &Deliveries) -> Result<Vec<TransactWriteItem>, StoreError> {
    let changed = deltas.iter().filter(|(_, more)| **more != Delivery::default());
    changed.map(|(day, more)| addition_write(table, item_key(*day, shard), addition(*more), *day)).collect()
}

/// Reads the measure.
#[derive(Debug, Clone)]
pub struct DeliveryDays {
    table: CounterTable,
}

impl DeliveryDays {
    /// Over the counters table.
    pub fn new(client: Client, table: String) -> Self {
        Self { table: CounterTable { client, name: table } }
    }

    /// The days of a period on which anything changed.
    pub async fn days(&self, period: Period) -> Result<Deliveries, StoreError> {
        let mut days = Deliveries::new();
        for item in &self.table.period(PARTITION.to_owned(), period).await? {
            let more =
                Delivery { changes: number(item, "changes")?, hooks_seen: number(item, "hooks_seen")? };
            delivery::count(&mut days, day(item)?, more);
        }
        Ok(days)
    }
}

fn item_key(day: Day, shard: u64) -> Item {
    let text = |text: String| AttributeValue::S(text);
    Item::from([
        ("pk".to_owned(), text(PARTITION.to_owned())),
        ("sk".to_owned(), text(format!("{day}#{shard}"))),
    ])
}

fn addition(more: Delivery) -> (String, Item) {
    let number = |n: i64| AttributeValue::N(n.to_string());
    let values = Item::from([
        (":changes".to_owned(), number(more.changes)),
        (":hooks_seen".to_owned(), number(more.hooks_seen)),
    ]);
    ("ADD changes :changes, hooks_seen :hooks_seen".to_owned(), values)
}
