//! `BatchGetItem` and `BatchWriteItem`, always processed whole, up to the sizes that DynamoDB takes.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Store, Write, item, item::Key};
use crate::aws::{Calls, Refusal};

const MOST_READ: usize = 100;
const MOST_WRITTEN: usize = 25;

impl Store {
    pub(super) fn batch_get(&self, request: &Value, calls: &mut Calls) -> Result<Value, Refusal> {
        let mut responses = Map::new();
        let mut seen = BTreeSet::new();
        for (table, wanted) in tables(request)? {
            let keys = wanted["Keys"].as_array().ok_or_else(|| wrong("no Keys"))?;
            let mut found = Vec::new();
            for key in keys {
                let key = Key::read(table, key)?;
                let item = self.items.get(&key);
                calls.read(item::half_units(item.into_iter(), wanted));
                found.extend(item.map(|item| item::project(item, wanted)).transpose()?);
                if !seen.insert(key) {
                    return Err(wrong("Provided list of item keys contains duplicates"));
                }
            }
            responses.insert(table.clone(), json!(found));
        }
        match seen.len() {
            1..=MOST_READ => Ok(json!({ "Responses": responses, "UnprocessedKeys": {} })),
            count => Err(wrong(format!("a batch reads 1 to {MOST_READ} items, not {count}"))),
        }
    }

    pub(super) fn batch_write(&mut self, request: &Value) -> Result<Value, Refusal> {
        let mut writes = Vec::new();
        for (table, members) in tables(request)? {
            for member in members.as_array().into_iter().flatten() {
                writes.push(write_of(table, member)?);
            }
        }
        let keys: BTreeSet<_> = writes.iter().map(|write| write.key.clone()).collect();
        if keys.len() != writes.len() {
            return Err(wrong("Provided list of item keys contains duplicates"));
        }
        if !(1..=MOST_WRITTEN).contains(&writes.len()) {
            return Err(wrong(format!("a batch writes 1 to {MOST_WRITTEN} items, not {}", writes.len())));
        }
        for write in writes {
            self.apply(write)?;
        }
        Ok(json!({ "UnprocessedItems": {} }))
    }
}

fn tables(request: &Value) -> Result<&Map<String, Value>, Refusal> {
    request["RequestItems"].as_object().ok_or_else(|| wrong("no RequestItems"))
}

fn write_of<'a>(table: &str, member: &'a Value) -> Result<Write<'a>, Refusal> {
    match member.as_object().and_then(|one| one.iter().next()) {
        Some((kind, request)) if kind == "PutRequest" => Write::put_into(table, request),
        Some((kind, request)) if kind == "DeleteRequest" => Write::delete_from(table, request),
        _ => Err(wrong("a member of a batch is a PutRequest or a DeleteRequest")),
    }
}

fn wrong(message: impl Into<String>) -> Refusal {
    Refusal::new("ValidationException", message)
}
