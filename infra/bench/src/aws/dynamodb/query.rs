//! `Query` on a table or an index, in one page, with the read capacity it would use.

use serde_json::{Value, json};

use super::{Item, Store, item, key_condition};
use crate::aws::{Calls, Refusal};

/// What the indexes of `template.yaml` sort by; a table sorts by `sk`.
const INDEXES: [(&str, &str); 2] = [("heard", "received_at"), ("by_team", "sold_key")];

impl Store {
    pub(super) fn query(&self, request: &Value, calls: &mut Calls) -> Result<Value, Refusal> {
        if !request["FilterExpression"].is_null() || !request["ProjectionExpression"].is_null() {
            return Err(Refusal::new("ValidationException", "the bench serves no filter and no projection"));
        }
        let terms = key_condition::parse(request).ok_or_else(|| {
            Refusal::new(
                "ValidationException",
                format!("not understood: {}", request["KeyConditionExpression"]),
            )
        })?;
        let table = request["TableName"].as_str().unwrap_or_default();
        let mut found: Vec<&Item> = self
            .items
            .iter()
            .filter(|(key, item)| key.table == table && terms.iter().all(|term| term.holds(item)))
            .map(|(_, item)| item)
            .collect();
        let order = sort_attribute(request)?;
        found.sort_by_key(|item| item.get(order).and_then(item::text));
        if request["ScanIndexForward"] == false {
            found.reverse();
        }
        if let Some(limit) = request["Limit"].as_u64() {
            found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        }
        calls.read(item::half_units(found.iter().copied(), request));
        Ok(json!({ "Count": found.len(), "ScannedCount": found.len(), "Items": found }))
    }
}

fn sort_attribute(request: &Value) -> Result<&'static str, Refusal> {
    let Some(index) = request["IndexName"].as_str() else { return Ok("sk") };
    INDEXES
        .iter()
        .find_map(|(name, attribute)| (*name == index).then_some(*attribute))
        .ok_or_else(|| Refusal::new("ValidationException", format!("the bench has no index {index}")))
}
