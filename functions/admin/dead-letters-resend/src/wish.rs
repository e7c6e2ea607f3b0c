//! What the body asks for: all messages of a queue, or some.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value};
use shared::edge::errors::ApiError;

const MOST_IDS: usize = 500;

/// The ids of messages; nothing for all. The body may be empty.
pub fn parse(body: &[u8]) -> Result<Option<BTreeSet<String>>, ApiError> {
    let bad = |_| ApiError::invalid("body", "must be a JSON object");
    let mut fields: Map<String, Value> = match body.trim_ascii() {
        [] => Map::new(),
        body => serde_json::from_slice(body).map_err(bad)?,
    };
    let ids = fields.remove("ids").filter(|ids| !ids.is_null());
    if let Some(name) = fields.keys().next() {
        return Err(ApiError::invalid(name.as_str(), "is not known; there is only ids"));
    }
    let Some(ids) = ids else { return Ok(None) };
    let ids = Vec::<String>::deserialize(ids)
        .map_err(|_| ApiError::invalid("ids", "must be a list of the ids of messages"))?;
    if ids.is_empty() || ids.len() > MOST_IDS {
        return Err(ApiError::invalid("ids", format!("must hold from 1 to {MOST_IDS} ids")));
    }
    Ok(Some(ids.into_iter().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_messages_are_named_and_none_means_all() {
        assert_eq!(parse(br#"{"ids": ["b", "a", "b"]}"#).unwrap().unwrap().len(), 2);
        for all in [&b""[..], b" ", b"{}", br#"{"ids": null}"#] {
            assert_eq!(parse(all), Ok(None));
        }
        for bad in [&b"[1]"[..], br#"{"ids": []}"#, br#"{"ids": [1]}"#, br#"{"all": true}"#, b"x"] {
            assert!(parse(bad).is_err());
        }
    }
}
