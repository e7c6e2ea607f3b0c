//! `Query` on a table or an index, page by page, with the read capacity it would use.

use serde_json::{Value, json};

use super::{Item, Store, item, key_condition};
use crate::aws::{Calls, Refusal};

/// What the indexes of `template.yaml` sort by; a table sorts by `sk`.
const INDEXES: [(&str, &str); 2] = [("heard", "received_at"), ("by_team", "sold_key")];

/// A page ends before the item that would make it larger.
const LARGEST_PAGE: usize = 1_024 * 1_024;

impl Store {
    pub(super) fn query(&self, request: &Value, calls: &mut Calls) -> Result<Value, Refusal> {
        if !request["FilterExpression"].is_null() {
            return Err(Refusal::new("ValidationException", "the bench serves no filter"));
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
        let found = after(&found, &request["ExclusiveStartKey"])?;
        let page = &found[..length_of_page(found, request["Limit"].as_u64())];
        calls.read(item::half_units(page.iter().copied(), request));
        let items = page.iter().map(|item| item::project(item, request)).collect::<Result<Vec<_>, _>>()?;
        let mut answer = json!({ "Count": items.len(), "ScannedCount": items.len(), "Items": items });
        if let Some(last) = page.last().filter(|_| page.len() < found.len()) {
            answer["LastEvaluatedKey"] = last_key(last, order);
        }
        Ok(answer)
    }
}

/// What follows the item that the last page ended with.
fn after<'a, 'b>(found: &'b [&'a Item], start: &Value) -> Result<&'b [&'a Item], Refusal> {
    if start.is_null() {
        return Ok(found);
    }
    let is_it = |item: &&Item| ["pk", "sk"].iter().all(|name| item.get(*name) == start.get(*name));
    let place = found.iter().position(is_it);
    let place =
        place.ok_or_else(|| Refusal::new("ValidationException", "the bench lost its place in a query"))?;
    Ok(&found[place + 1..])
}

fn length_of_page(found: &[&Item], limit: Option<u64>) -> usize {
    let mut bytes = 0;
    let fits = found.iter().take_while(|item| {
        bytes += item::size(item);
        bytes <= LARGEST_PAGE
    });
    // No item is larger than a page.
    let limit = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
    fits.count().min(limit)
}

fn last_key(item: &Item, order: &str) -> Value {
    let names = ["pk", "sk", order].into_iter();
    names.filter_map(|name| Some((name.to_owned(), item.get(name)?.clone()))).collect::<Item>().into()
}

fn sort_attribute(request: &Value) -> Result<&'static str, Refusal> {
    let Some(index) = request["IndexName"].as_str() else { return Ok("sk") };
    INDEXES
        .iter()
        .find_map(|(name, attribute)| (*name == index).then_some(*attribute))
        .ok_or_else(|| Refusal::new("ValidationException", format!("the bench has no index {index}")))
}
