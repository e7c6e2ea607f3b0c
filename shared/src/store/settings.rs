//! What a person has configured, in the settings table: one item for each section, `pk` is `settings#<name>`, its document
//! `{version, value}`.
//!
//! A section that nobody has touched has no item: its defaults stand in its type, beside the code that goes by them.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::StoreError;
use super::document::{self, Item};

/// A section as it is stored; `version` is for who changes it.
#[derive(Deserialize)]
struct Stored<T> {
    value: T,
}

/// Reads configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    client: Client,
    table: String,
}

impl Settings {
    /// Over this table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// A section; its defaults where nobody has changed it. One that cannot be read is an error, never the defaults: what
    /// a person has configured must not be undone by a slip of the pen.
    pub async fn section<T: Default + DeserializeOwned>(&self, name: &str) -> Result<T, StoreError> {
        let request = self.client.get_item().table_name(&self.table).set_key(Some(key(name)));
        let found = request.send().await;
        let found = found.map_err(|error| StoreError::call(format!("reading settings {name}"), &error))?;
        value(name, found.item.as_ref())
    }
}

/// The key of a section, for who reads it together with others.
pub(super) fn pk(name: &str) -> String {
    format!("settings#{name}")
}

/// The same as the key of an item.
pub(super) fn key(name: &str) -> Item {
    Item::from([("pk".to_owned(), AttributeValue::S(pk(name)))])
}

/// What the item of a section holds.
pub(super) fn value<T: Default + DeserializeOwned>(name: &str, item: Option<&Item>) -> Result<T, StoreError> {
    let stored = item.map(document::read::<Stored<T>>).transpose();
    let stored = stored.map_err(|error| StoreError::item(format!("settings {name}"), &error))?;
    Ok(stored.map(|stored| stored.value).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Eq, Deserialize)]
    #[serde(default)]
    struct Section {
        stage: u64,
        text: String,
    }

    impl Default for Section {
        fn default() -> Self {
            Self { stage: 142, text: "as it was".to_owned() }
        }
    }

    fn read(document: &serde_json::Value) -> Result<Section, StoreError> {
        value("a", Some(&document::item(document, []).unwrap()))
    }

    #[test]
    fn a_section_is_what_was_stored_and_its_defaults_for_the_rest() {
        assert_eq!(value::<Section>("a", None).unwrap(), Section::default());
        let changed = json!({"version": 3, "value": {"stage": 7}});
        assert_eq!(read(&changed).unwrap(), Section { stage: 7, ..Section::default() });
        assert_eq!(key("a")["pk"], AttributeValue::S("settings#a".to_owned()));
    }

    #[test]
    fn a_section_that_cannot_be_read_is_an_error_that_names_it() {
        let error = read(&json!({"version": 3, "value": {"stage": "won"}})).unwrap_err().to_string();
        assert!(error.starts_with("settings a: "), "{error}");
        assert!(read(&json!({"stage": 7})).is_err());
    }
}
