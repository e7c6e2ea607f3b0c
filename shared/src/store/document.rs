//! What an item holds: one JSON document, beside the attributes that keys, conditions, indexes and filters need.
//!
//! A deal as nested attributes is hundreds of small maps to build, to send and to read; as one text it is neither.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::StoreError;

/// An item of a table.
pub type Item = HashMap<String, AttributeValue>;

/// The attribute that holds it.
pub const ATTRIBUTE: &str = "document";

/// An item that holds this document and these texts.
pub fn item<'a>(
    document: &impl Serialize,
    texts: impl IntoIterator<Item = (&'a str, String)>,
) -> Result<Item, StoreError> {
    let json =
        serde_json::to_string(document).map_err(|error| StoreError::item("writing a document", &error))?;
    let texts = texts.into_iter().chain([(ATTRIBUTE, json)]);
    Ok(texts.map(|(name, text)| (name.to_owned(), AttributeValue::S(text))).collect())
}

/// How long that document is, in bytes.
pub fn length(item: &Item) -> usize {
    item.get(ATTRIBUTE).and_then(|value| value.as_s().ok()).map_or(0, String::len)
}

/// The document that an item holds.
pub fn read<T: DeserializeOwned>(item: &Item) -> Result<T, StoreError> {
    let json = item.get(ATTRIBUTE).and_then(|value| value.as_s().ok());
    let json = json.ok_or_else(|| StoreError::item("reading a document", &"the item holds none"))?;
    serde_json::from_str(json).map_err(|error| StoreError::item("reading a document", &error))
}
