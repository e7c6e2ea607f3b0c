//! Pages of a list.

use std::fmt;

use serde::Deserialize;
use serde::de::{Error, IgnoredAny};

/// One page. A short or empty one is not the last: only a missing `after` says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What stands on it.
    pub items: Vec<T>,
    /// Where the next page begins.
    pub after: Option<Cursor>,
}

/// Where a page begins. It means something to Facebook only, and not for long.
#[derive(Clone, PartialEq, Eq)]
pub struct Cursor(String);

impl Cursor {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cursor")
    }
}

/// `next` is an address with the token in it: that it is there is all we take from it.
#[derive(Deserialize)]
struct AsSent<T> {
    data: Vec<T>,
    #[serde(default)]
    paging: Option<Paging>,
}

#[derive(Deserialize)]
struct Paging {
    #[serde(default)]
    cursors: Option<Cursors>,
    #[serde(default)]
    next: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Cursors {
    #[serde(default)]
    after: Option<String>,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Page<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let AsSent { data, paging } = AsSent::deserialize(deserializer)?;
        let Some(Paging { cursors, next: Some(_) }) = paging else {
            return Ok(Self { items: data, after: None });
        };
        let after = cursors.and_then(|cursors| cursors.after).filter(|after| !after.is_empty());
        let after = after.ok_or_else(|| D::Error::custom("there is a next page, but no cursor to it"))?;
        Ok(Self { items: data, after: Some(Cursor(after)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(json: &str) -> Result<(usize, Option<String>), serde_json::Error> {
        serde_json::from_str::<Page<u8>>(json).map(|page| (page.items.len(), page.after.map(|after| after.0)))
    }

    #[test]
    fn only_a_next_page_has_a_cursor() {
        let after = |cursor: &str| Some(cursor.to_owned());
        for (json, expected) in [
            (r#"{"data":[1],"paging":{"cursors":{"before":"b","after":"a"},"next":"…"}}"#, (1, after("a"))),
            (r#"{"data":[],"paging":{"cursors":{"after":"a"},"next":"…"}}"#, (0, after("a"))),
            (r#"{"data":[1,2],"paging":{"cursors":{"before":"b","after":"a"}}}"#, (2, None)),
            (
                r#"{"data":[1],"paging":{"cursors":{"after":"a"},"next":null},"summary":{"total_count":1}}"#,
                (1, None),
            ),
            (r#"{"data":[],"paging":null}"#, (0, None)),
            (r#"{"data":[]}"#, (0, None)),
        ] {
            assert_eq!(page(json).unwrap(), expected, "{json}");
        }
    }

    #[test]
    fn a_page_that_would_lose_items_is_an_error() {
        for json in [
            "{}",
            r#"{"data":null}"#,
            r#"{"data":[1,"x"]}"#,
            r#"{"data":[1],"paging":{"next":"…"}}"#,
            r#"{"data":[1],"paging":{"cursors":{"after":""},"next":"…"}}"#,
        ] {
            assert!(page(json).is_err(), "{json}");
        }
    }

    #[test]
    fn a_cursor_is_not_printed() {
        assert_eq!(format!("{:?}", Cursor("MjQZD".to_owned())), "Cursor");
    }
}
