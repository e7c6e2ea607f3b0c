//! Custom fields: which there are, and what stands in them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::classify::Asked;
use super::client::{Amocrm, Answer, Call};
use super::page::{List, Page};

/// The most that one page may have.
pub(super) const MOST: &str = "250";

/// A custom field with its values.
#[derive(Deserialize)]
pub(super) struct Field {
    #[serde(default)]
    pub field_code: Option<String>,
    #[serde(default)]
    values: Option<Vec<FieldValue>>,
}

#[derive(Deserialize)]
struct FieldValue {
    #[serde(default)]
    value: Value,
}

impl Field {
    /// The texts in it; a number is one too.
    pub fn texts(&self) -> Vec<String> {
        let text = |value: &FieldValue| match &value.value {
            Value::String(text) => Some(text.trim().to_owned()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        self.values.iter().flatten().filter_map(text).filter(|text| !text.is_empty()).collect()
    }

    /// Whether it has this code.
    pub fn has_code(&self, code: &str) -> bool {
        self.field_code.as_ref().is_some_and(|theirs| theirs.eq_ignore_ascii_case(code))
    }
}

/// UTM values as they are written, each by the code of its field.
pub(super) fn written(values: &BTreeMap<String, String>) -> Value {
    let field =
        |(code, value): (&String, &String)| json!({"field_code": code, "values": [{ "value": value }]});
    values.iter().map(field).collect()
}

#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    code: Option<String>,
}

impl Amocrm {
    /// The codes of the fields that deals have in this account, in capitals.
    pub async fn deal_field_codes(&self, page: u32) -> Answer<Page<String>> {
        let query = [("limit", MOST), ("page", &page.to_string())];
        let list: Option<List<Row>> =
            self.call(Call::get(Asked::Always, "leads/custom_fields", &query)).await?;
        let mut page = Page::of(list, Some);
        let codes =
            page.items.drain(..).filter_map(|row: Row| row.code).map(|code| code.to_ascii_uppercase());
        Ok(Page { items: codes.collect(), has_next: page.has_next })
    }
}
