//! DynamoDB in memory, as far as the functions under test use it.
//!
//! Limits, each of them harmless here: a key is `pk`, or `pk` and `sk` where an item has both; a batch is always
//! processed whole; names in expressions are of top-level attributes; filters are refused.

mod batch;
mod condition;
mod item;
mod key_condition;
mod query;
mod transact;
mod update;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use self::item::{Key, table};
use super::{Calls, Refusal};

/// An item or a key, attribute by attribute: `{"pk": {"S": "…"}}`.
pub type Item = Map<String, Value>;

/// DynamoDB takes no larger item.
const LARGEST_ITEM: usize = 400 * 1_024;

/// All tables.
#[derive(Default)]
pub struct Store {
    items: BTreeMap<Key, Item>,
}

impl Store {
    /// Answers one action.
    pub fn call(&mut self, action: &str, request: &Value, calls: &mut Calls) -> Result<Value, Refusal> {
        match action {
            "GetItem" => self.get(request, calls),
            "PutItem" => self.write(Write::put(request)?),
            "UpdateItem" => self.write(Write::update(request)?),
            "DeleteItem" => self.write(Write::delete(request)?),
            "Query" => self.query(request, calls),
            "BatchGetItem" => self.batch_get(request, calls),
            "BatchWriteItem" => self.batch_write(request),
            "TransactWriteItems" => self.transact(request),
            other => {
                Err(Refusal::new("UnknownOperationException", format!("the bench does not serve {other}")))
            }
        }
    }

    /// Multiplies every number outside the keys of a table's items.
    pub fn multiply(&mut self, table: &str, factor: i64) {
        for (_, item) in self.items.iter_mut().filter(|(key, _)| key.table == table) {
            item::multiply(item, factor);
        }
    }

    /// The items of a table whose partitions begin so.
    pub fn under(&self, table: &str, partition: &str) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(move |(key, _)| key.is_under(table, partition)).map(|(_, item)| item)
    }

    fn get(&self, request: &Value, calls: &mut Calls) -> Result<Value, Refusal> {
        let found = self.items.get(&Key::read(table(request)?, &request["Key"])?);
        calls.read(item::half_units(found.into_iter(), request));
        let item = found.map(|item| item::project(item, request)).transpose()?;
        Ok(item.map_or_else(|| json!({}), |item| json!({ "Item": item })))
    }

    fn write(&mut self, write: Write<'_>) -> Result<Value, Refusal> {
        if let Some(old) = self.refuses(&write)? {
            let refusal = Refusal::new("ConditionalCheckFailedException", "The conditional request failed");
            return Err(match old {
                Some(item) => refusal.with("Item", json!(item)),
                None => refusal,
            });
        }
        let (key, wanted) = (write.key.clone(), write.request["ReturnValues"].as_str().unwrap_or("NONE"));
        self.apply(write)?;
        match wanted {
            "NONE" => Ok(json!({})),
            "ALL_NEW" => Ok(json!({ "Attributes": self.items.get(&key) })),
            other => Err(Refusal::new("ValidationException", format!("the bench does not return {other}"))),
        }
    }

    /// Whether a write's condition fails, and the old item where the request asks for it.
    fn refuses(&self, write: &Write<'_>) -> Result<Option<Option<&Item>>, Refusal> {
        let old = self.items.get(&write.key);
        let holds = condition::holds(write.request, old)?;
        let wanted = write.request["ReturnValuesOnConditionCheckFailure"] == "ALL_OLD";
        Ok((!holds).then_some(old.filter(|_| wanted)))
    }

    fn apply(&mut self, write: Write<'_>) -> Result<(), Refusal> {
        match write.change {
            Change::Put(item) if item::size(item) > LARGEST_ITEM => {
                return Err(Refusal::new(
                    "ValidationException",
                    "Item size has exceeded the maximum allowed size",
                ));
            }
            Change::Put(item) => {
                self.items.insert(write.key, item.clone());
            }
            Change::Update(key) => {
                let item = self.items.entry(write.key).or_insert_with(|| key.clone());
                update::apply(item, write.request)?;
            }
            Change::Delete => {
                self.items.remove(&write.key);
            }
            Change::None => {}
        }
        Ok(())
    }
}

/// One write, alone or inside a transaction.
struct Write<'a> {
    key: Key,
    request: &'a Value,
    change: Change<'a>,
}

enum Change<'a> {
    Put(&'a Item),
    Update(&'a Item),
    Delete,
    None,
}

impl<'a> Write<'a> {
    fn put(request: &'a Value) -> Result<Self, Refusal> {
        Self::put_into(table(request)?, request)
    }

    fn put_into(table: &str, request: &'a Value) -> Result<Self, Refusal> {
        let item =
            request["Item"].as_object().ok_or_else(|| Refusal::new("ValidationException", "no Item"))?;
        Ok(Self { key: Key::read(table, &request["Item"])?, request, change: Change::Put(item) })
    }

    fn update(request: &'a Value) -> Result<Self, Refusal> {
        let key = request["Key"].as_object().ok_or_else(|| Refusal::new("ValidationException", "no Key"))?;
        let change = Change::Update(key);
        Ok(Self { key: Key::read(table(request)?, &request["Key"])?, request, change })
    }

    fn delete(request: &'a Value) -> Result<Self, Refusal> {
        Self::delete_from(table(request)?, request)
    }

    fn delete_from(table: &str, request: &'a Value) -> Result<Self, Refusal> {
        Ok(Self { key: Key::read(table, &request["Key"])?, request, change: Change::Delete })
    }

    fn check(request: &'a Value) -> Result<Self, Refusal> {
        Ok(Self { key: Key::read(table(request)?, &request["Key"])?, request, change: Change::None })
    }
}

#[cfg(test)]
mod tests;
