//! Keys, sizes and numbers of items.

use serde_json::{Value, json};

use super::{Item, Refusal};

/// Where an item is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The table's name.
    pub table: String,
    pk: String,
    sk: String,
}

impl Key {
    /// The key in a key or a whole item.
    pub fn read(table: &str, attributes: &Value) -> Result<Self, Refusal> {
        let pk = text(&attributes["pk"])
            .ok_or_else(|| Refusal::new("ValidationException", format!("no pk of an item of {table}")))?;
        let sk = text(&attributes["sk"]).unwrap_or_default();
        Ok(Self { table: table.to_owned(), pk: pk.to_owned(), sk: sk.to_owned() })
    }

    /// Whether the item's partition begins so.
    pub fn is_under(&self, table: &str, partition: &str) -> bool {
        self.table == table && self.pk.starts_with(partition)
    }
}

/// The name of a request's table.
pub fn table(request: &Value) -> Result<&str, Refusal> {
    request["TableName"].as_str().ok_or_else(|| Refusal::new("ValidationException", "no TableName"))
}

/// The attribute that a word of an expression means; nothing if it is a placeholder that the request does not explain.
pub fn name_of<'a>(request: &'a Value, token: &'a str) -> Option<&'a str> {
    if token.starts_with('#') { request["ExpressionAttributeNames"][token].as_str() } else { Some(token) }
}

/// The attributes that a read asks for; all of them where it names none.
pub fn project(item: &Item, request: &Value) -> Result<Item, Refusal> {
    let Some(expression) = request["ProjectionExpression"].as_str() else { return Ok(item.clone()) };
    let mut projected = Item::new();
    for token in expression.split(',').map(str::trim) {
        let name = name_of(request, token).filter(|name| !name.contains(['.', '[']));
        let name = name.ok_or_else(|| {
            Refusal::new("ValidationException", format!("the bench does not understand `{expression}`"))
        })?;
        projected.extend(item.get(name).map(|value| (name.to_owned(), value.clone())));
    }
    Ok(projected)
}

/// The text of a string or number attribute, which is what keys are made of.
pub fn text(attribute: &Value) -> Option<&str> {
    attribute["S"].as_str().or_else(|| attribute["N"].as_str())
}

/// A number attribute; all numbers here are whole.
pub fn number(attribute: &Value) -> Option<i128> {
    attribute["N"].as_str()?.parse().ok()
}

/// Multiplies every whole number of an item, but not its key.
pub fn multiply(item: &mut Item, factor: i64) {
    for (_, value) in item.iter_mut().filter(|(name, _)| *name != "pk" && *name != "sk") {
        if let Some(old) = number(value) {
            *value = json!({ "N": (old * i128::from(factor)).to_string() });
        }
    }
}

/// Read capacity of one `GetItem` or `Query`: 4 KB a unit over all items read, half of it when eventually
/// consistent, and never less than for 4 KB.
pub fn half_units<'a>(items: impl Iterator<Item = &'a Item>, request: &Value) -> u64 {
    let bytes: usize = items.map(size).sum();
    let blocks = u64::try_from(bytes.div_ceil(4_096).max(1)).unwrap_or(u64::MAX);
    if request["ConsistentRead"] == true { blocks * 2 } else { blocks }
}

/// An item's size by DynamoDB's rules, in bytes.
pub fn size(item: &Item) -> usize {
    item.iter().map(|(name, value)| name.len() + value_size(value)).sum()
}

fn value_size(attribute: &Value) -> usize {
    let Some((kind, value)) = attribute.as_object().and_then(|one| one.iter().next()) else { return 0 };
    match (kind.as_str(), value) {
        ("S", Value::String(text)) => text.len(),
        ("N", Value::String(digits)) => digits.len().div_ceil(2) + 1,
        ("B", Value::String(base64)) => base64.len() / 4 * 3,
        ("L", Value::Array(values)) => 3 + values.iter().map(|value| 1 + value_size(value)).sum::<usize>(),
        ("M", Value::Object(map)) => {
            3 + map.iter().map(|(name, value)| 1 + name.len() + value_size(value)).sum::<usize>()
        }
        ("SS" | "NS", Value::Array(values)) => values.iter().filter_map(Value::as_str).map(str::len).sum(),
        _ => 1,
    }
}
