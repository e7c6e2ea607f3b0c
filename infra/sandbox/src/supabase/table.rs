//! Rows of a table as a question wants them.

use std::cmp::Ordering;

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::Value;

use super::query::{Filter, Order, Query, Test};
use super::reply::Refusal;
use super::world::Row;

/// The rows that fit, in their order, before any limit.
pub fn matching<'a>(name: &str, rows: &'a [Row], query: &Query) -> Result<Vec<&'a Row>, Refusal> {
    let filtered = query.filters.iter().map(|filter| &filter.column);
    let named = filtered.chain(query.order.iter().map(|order| &order.column));
    for column in named.chain(query.columns.iter().flatten()) {
        if !rows.is_empty() && !rows.iter().any(|row| row.contains_key(column)) {
            return Err(Refusal::no_column(name, column));
        }
    }
    let mut found: Vec<&Row> =
        rows.iter().filter(|row| query.filters.iter().all(|filter| fits(filter, row))).collect();
    if !query.order.is_empty() {
        // A time is read once for each row, not for each comparison.
        found.sort_by_cached_key(|row| {
            query.order.iter().map(|order| Sorted::of(order, row)).collect::<Vec<_>>()
        });
    }
    Ok(found)
}

/// A row with the columns that were asked for.
pub fn shown(row: &Row, query: &Query) -> Value {
    match &query.columns {
        None => Value::Object(row.clone()),
        Some(columns) => {
            let cell = |column: &String| (column.clone(), row.get(column).cloned().unwrap_or_default());
            Value::Object(columns.iter().map(cell).collect())
        }
    }
}

/// A value as its column's type compares it.
#[derive(Debug, Clone, PartialEq)]
enum Cell {
    Number(f64),
    Time(DateTime<Utc>),
    Text(String),
}

impl Cell {
    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Null => None,
            Value::Number(number) => number.as_f64().map(Self::Number),
            Value::String(text) => Some(time(text).map_or_else(|| Self::Text(text.clone()), Self::Time)),
            other => Some(Self::Text(other.to_string())),
        }
    }

    /// What a parameter says, as something of the same type.
    fn compared(&self, text: &str) -> Option<Ordering> {
        match self {
            Self::Number(number) => number.partial_cmp(&text.parse().ok()?),
            Self::Time(at) => Some(at.cmp(&time(text)?)),
            Self::Text(own) => Some(own.as_str().cmp(text)),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Time(at) => at.to_rfc3339(),
            Self::Text(text) => text.clone(),
        }
    }
}

fn time(text: &str) -> Option<DateTime<Utc>> {
    // Most texts are no times, and trying is dear.
    let starts_like_one = text.len() >= 19 && text.as_bytes().get(4) == Some(&b'-');
    let text = starts_like_one.then(|| text.replacen(' ', "T", 1))?;
    let plain = text.trim_end_matches(['Z', 'z']);
    let naive = NaiveDateTime::parse_from_str(plain, "%Y-%m-%dT%H:%M:%S%.f").map(|time| time.and_utc());
    let zoned = || DateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f%#z").map(|time| time.to_utc());
    naive.or_else(|_| zoned()).ok()
}

/// SQL's logic: what is compared with null is neither true nor false, and fits nothing.
fn fits(filter: &Filter, row: &Row) -> bool {
    let value = row.get(&filter.column).unwrap_or(&Value::Null);
    if let Test::Is(wanted) = &filter.test {
        let own = match value {
            Value::Null => "null",
            Value::Bool(true) => "true",
            Value::Bool(false) => "false",
            _ => "something else",
        };
        return (own == wanted) != filter.not;
    }
    let Some(cell) = Cell::of(value) else { return false };
    let compared = |text: &String, wanted: fn(Ordering) -> bool| cell.compared(text).map(wanted);
    let holds = match &filter.test {
        Test::Eq(text) => compared(text, Ordering::is_eq),
        Test::Neq(text) => compared(text, Ordering::is_ne),
        Test::Gt(text) => compared(text, Ordering::is_gt),
        Test::Gte(text) => compared(text, Ordering::is_ge),
        Test::Lt(text) => compared(text, Ordering::is_lt),
        Test::Lte(text) => compared(text, Ordering::is_le),
        Test::Like(pattern, true) => Some(like(pattern, &cell.text())),
        Test::Like(pattern, false) => Some(like(pattern, &cell.text().to_lowercase())),
        Test::In(texts) => Some(texts.iter().any(|text| cell.compared(text) == Some(Ordering::Equal))),
        Test::Is(_) => None,
    };
    holds.is_some_and(|holds| holds != filter.not)
}

/// `*` and `%` stand for anything, `_` for one character.
fn like(pattern: &str, text: &str) -> bool {
    let (mut rest, mut pattern_rest) = (text.chars(), pattern.chars());
    match pattern_rest.next() {
        None => text.is_empty(),
        Some('*' | '%') => {
            like(pattern_rest.as_str(), text) || (rest.next().is_some() && like(pattern, rest.as_str()))
        }
        Some(wanted) => {
            rest.next().is_some_and(|one| wanted == '_' || wanted == one)
                && like(pattern_rest.as_str(), rest.as_str())
        }
    }
}

/// A cell in the place that an order gives it.
#[derive(PartialEq)]
struct Sorted {
    cell: Option<Cell>,
    descending: bool,
    nulls_first: bool,
}

impl Sorted {
    fn of(order: &Order, row: &Row) -> Self {
        let cell = row.get(&order.column).and_then(Cell::of);
        Self { cell, descending: order.descending, nulls_first: order.nulls_first }
    }
}

impl Eq for Sorted {}

impl Ord for Sorted {
    fn cmp(&self, other: &Self) -> Ordering {
        let null = if self.nulls_first { Ordering::Less } else { Ordering::Greater };
        match (&self.cell, &other.cell) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => null,
            (Some(_), None) => null.reverse(),
            (Some(one), Some(other)) => {
                let upwards = match (one, other) {
                    (Cell::Number(one), Cell::Number(other)) => one.total_cmp(other),
                    (Cell::Time(one), Cell::Time(other)) => one.cmp(other),
                    (one, other) => one.text().cmp(&other.text()),
                };
                if self.descending { upwards.reverse() } else { upwards }
            }
        }
    }
}

impl PartialOrd for Sorted {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
