//! A row as its database hands it out, read tolerantly: which columns there are differs from table to table, and what is
//! null, blank or of another type than expected is absent.

use std::cmp::Ordering;
use std::fmt;

use chrono::{DateTime, NaiveDateTime, SubsecRound, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Where a table does not keep when a row was made, one of these says something near it.
const OTHER_TIMES: [&str; 5] =
    ["inserted_at", "submitted_at", "received_at", "webhook_received_at", "updated_at"];

/// One row. Printing it shows nothing: it holds a person's name, phone and address.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Row(Map<String, Value>);

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Row(…)")
    }
}

impl Row {
    /// A column as trimmed text; a number stands for its digits.
    pub fn text(&self, column: &str) -> Option<String> {
        let text = match self.0.get(column)? {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        (!text.is_empty()).then_some(text)
    }

    /// The first of these columns that says anything.
    pub fn first(&self, columns: &[&str]) -> Option<String> {
        columns.iter().find_map(|column| self.text(column))
    }

    /// A column that is a whole number above zero, as a number or as a text.
    pub fn id_of(&self, column: &str) -> Option<u64> {
        self.text(column)?.parse().ok().filter(|id| *id > 0)
    }

    /// A column that is a decimal number, as a number or as a text.
    pub fn decimal(&self, column: &str) -> Option<Decimal> {
        let text = self.text(column)?;
        text.parse().ok().or_else(|| Decimal::from_scientific(&text).ok())
    }

    /// A column that is a time. Without a zone it is UTC.
    pub fn time(&self, column: &str) -> Option<DateTime<Utc>> {
        time(&self.text(column)?)
    }

    /// A column as JSON: a JSON value, or a text that holds one.
    pub fn json(&self, column: &str) -> Option<Value> {
        match self.0.get(column)? {
            Value::Null => None,
            Value::String(text) => serde_json::from_str(text).ok(),
            value => Some(value.clone()),
        }
    }

    /// Its id.
    pub fn id(&self) -> Option<RowId> {
        self.text("id").map(RowId)
    }

    /// When it was made: the column by which a table is read.
    pub fn created_at(&self) -> Option<DateTime<Utc>> {
        self.time("created_at")
    }

    /// When it was made, or what comes nearest to that.
    pub fn made_at(&self) -> Option<DateTime<Utc>> {
        self.created_at().or_else(|| OTHER_TIMES.iter().find_map(|column| self.time(column)))
    }
}

#[cfg(test)]
impl From<Value> for Row {
    fn from(value: Value) -> Self {
        serde_json::from_value(value).unwrap()
    }
}

/// Reads a time as PostgreSQL writes it: to the microsecond, with `T` or a space, with a zone in any of its spellings or
/// with none.
fn time(text: &str) -> Option<DateTime<Utc>> {
    let text = text.replacen(' ', "T", 1);
    let with_zone = DateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f%#z").map(|time| time.to_utc());
    let plain = || NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f").map(|time| time.and_utc());
    let utc = || {
        let text = text.strip_suffix(['Z', 'z']).unwrap_or(&text);
        NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").map(|time| time.and_utc())
    };
    with_zone.or_else(|_| plain()).or_else(|_| utc()).ok().map(|time| time.trunc_subsecs(6))
}

/// A row's id, as a text. Numbers are in the order of numbers, and uuids in that of texts, as PostgreSQL has them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RowId(pub String);

impl RowId {
    fn number(&self) -> Option<u64> {
        self.0.parse().ok()
    }
}

impl Ord for RowId {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.number(), other.number()) {
            (Some(one), Some(two)) => one.cmp(&two).then_with(|| self.0.cmp(&other.0)),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => self.0.cmp(&other.0),
        }
    }
}

impl PartialOrd for RowId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for RowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_says_nothing_is_absent() {
        let row = Row::from(json!({"a": null, "b": "  ", "c": " x ", "d": 7, "e": {"f": 1}, "g": "7.0"}));
        let texts = ["a", "b", "c", "d", "e", "none"].map(|column| row.text(column));
        assert_eq!(texts, [None, None, Some("x".into()), Some("7".into()), None, None]);
        assert_eq!(row.first(&["a", "b", "c"]).as_deref(), Some("x"));
        assert_eq!((row.id_of("d"), row.id_of("c"), row.id_of("g")), (Some(7), None, None));
        assert_eq!(row.decimal("g"), Some("7.0".parse().unwrap()));
        assert_eq!(format!("{row:?}"), "Row(…)");
    }

    #[test]
    fn a_time_is_read_in_every_spelling_and_is_utc_without_a_zone() {
        let expected: DateTime<Utc> = "2025-03-15T05:00:00.123456Z".parse().unwrap();
        for text in [
            "2025-03-15T05:00:00.123456+00:00",
            "2025-03-15 10:00:00.123456+05",
            "2025-03-15T10:00:00.123456+0500",
            "2025-03-15T05:00:00.123456",
            "2025-03-15 05:00:00.123456",
            "2025-03-15T05:00:00.123456Z",
            "2025-03-15T05:00:00.1234569",
        ] {
            assert_eq!(time(text), Some(expected), "{text}");
        }
        for text in ["infinity", "2025-03-15", "2025-13-15T05:00:00", ""] {
            assert_eq!(time(text), None, "{text}");
        }
    }

    #[test]
    fn ids_are_in_the_order_in_which_their_database_has_them() {
        let mut ids = ["10", "9", "b1", "a2"].map(|id| RowId(id.to_owned()));
        ids.sort();
        assert_eq!(ids.map(|id| id.0), ["9", "10", "a2", "b1"]);
    }
}
