//! DynamoDB in memory, as far as the functions under test use it.
//!
//! Limits, each of them harmless here: a key is `pk`, or `pk` and `sk` where an item has both; conditions are not
//! parsed, one that names `attribute_not_exists` holds where no item is, any other where one is; a query answers
//! in one page; filters and projections are refused.

mod item;
mod key_condition;
mod query;
mod transact;
mod update;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use self::item::Key;
use super::{Calls, Refusal};

/// An item or a key, attribute by attribute: `{"pk": {"S": "…"}}`.
type Item = Map<String, Value>;

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

    fn get(&self, request: &Value, calls: &mut Calls) -> Result<Value, Refusal> {
        let found = self.items.get(&Key::of(request, "Key")?);
        calls.read(item::half_units(found.into_iter(), request));
        Ok(found.map_or_else(|| json!({}), |item| json!({ "Item": item })))
    }

    fn write(&mut self, write: Write<'_>) -> Result<Value, Refusal> {
        if let Some(old) = self.refuses(&write) {
            let refusal = Refusal::new("ConditionalCheckFailedException", "The conditional request failed");
            return Err(match old {
                Some(item) => refusal.with("Item", json!(item)),
                None => refusal,
            });
        }
        self.apply(write)?;
        Ok(json!({}))
    }

    /// Whether a write's condition fails, and the old item where the request asks for it.
    fn refuses(&self, write: &Write<'_>) -> Option<Option<&Item>> {
        let old = self.items.get(&write.key);
        let holds = match write.request["ConditionExpression"].as_str() {
            None => true,
            Some(condition) if condition.contains("attribute_not_exists") => old.is_none(),
            Some(_) => old.is_some(),
        };
        let wanted = write.request["ReturnValuesOnConditionCheckFailure"] == "ALL_OLD";
        (!holds).then_some(old.filter(|_| wanted))
    }

    fn apply(&mut self, write: Write<'_>) -> Result<(), Refusal> {
        match write.change {
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
        let item =
            request["Item"].as_object().ok_or_else(|| Refusal::new("ValidationException", "no Item"))?;
        Ok(Self { key: Key::of(request, "Item")?, request, change: Change::Put(item) })
    }

    fn update(request: &'a Value) -> Result<Self, Refusal> {
        let key = request["Key"].as_object().ok_or_else(|| Refusal::new("ValidationException", "no Key"))?;
        Ok(Self { key: Key::of(request, "Key")?, request, change: Change::Update(key) })
    }

    fn delete(request: &'a Value) -> Result<Self, Refusal> {
        Ok(Self { key: Key::of(request, "Key")?, request, change: Change::Delete })
    }

    fn check(request: &'a Value) -> Result<Self, Refusal> {
        Ok(Self { key: Key::of(request, "Key")?, request, change: Change::None })
    }
}

#[cfg(test)]
mod tests;
