//! A page of a list in amoCRM's wrapping, and whether another follows.

use serde::Deserialize;
use serde_json::Value;

/// One page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What stands on it.
    pub items: Vec<T>,
    /// Whether another follows.
    pub has_next: bool,
}

impl<T> Default for Page<T> {
    /// An empty list has no page at all.
    fn default() -> Self {
        Self { items: vec![], has_next: false }
    }
}

impl<T> Page<T> {
    /// The same page of what was read from its items; what cannot be read is left out.
    pub(super) fn of<I>(list: Option<List<I>>, read: impl Fn(I) -> Option<T>) -> Self {
        let Some(list) = list else { return Self::default() };
        let has_next = list.links.is_some_and(|links| links.pointer("/next/href").is_some());
        Self { items: list.embedded.0.into_iter().filter_map(read).collect(), has_next }
    }
}

/// A list as it comes: `_embedded` holds it under the name of what it is a list of.
#[derive(Deserialize)]
#[serde(bound(deserialize = "I: serde::de::DeserializeOwned"))]
pub(super) struct List<I> {
    #[serde(rename = "_links", default)]
    links: Option<Value>,
    #[serde(rename = "_embedded")]
    embedded: Embedded<I>,
}

struct Embedded<I>(Vec<I>);

impl<'de, I: serde::de::DeserializeOwned> Deserialize<'de> for Embedded<I> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let lists = serde_json::Map::deserialize(deserializer)?;
        let list = lists.into_iter().map(|(_, list)| list).find(Value::is_array);
        let list = list.ok_or_else(|| serde::de::Error::custom("no list is embedded"))?;
        serde_json::from_value(list).map(Self).map_err(serde::de::Error::custom)
    }
}
