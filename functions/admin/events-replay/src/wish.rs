//! What the body asks for: events by their ids, or by what they are.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use shared::domain::day::Period;
use shared::domain::event::Route;
use shared::edge::cursor;
use shared::edge::errors::ApiError;
use shared::edge::event_row::OUTCOMES;
use shared::store::event_log::{Places, Selection};

const MOST_IDS: usize = 500;

const FIELDS: [&str; 7] = ["ids", "outcome", "route", "from", "to", "dry_run", "cursor"];

/// Which events, and where to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// These, from this one on.
    Ids(Vec<String>, usize),
    /// Those that a filter lets through, from these places on.
    Filter(Selection, Places),
}

/// A wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Which events.
    pub which: Which,
    /// Whether only to tell which they are.
    pub dry_run: bool,
}

impl Wish {
    /// Reads a body.
    pub fn parse(body: &[u8], now: DateTime<Utc>) -> Result<Self, ApiError> {
        let bad = |_| ApiError::invalid("body", "must be a JSON object");
        let mut fields: Map<String, Value> = serde_json::from_slice(body).map_err(bad)?;
        fields.retain(|_, value| !value.is_null());
        if let Some(name) = fields.keys().find(|name| !FIELDS.contains(&name.as_str())) {
            let problem = format!("is not known; there are: {}", FIELDS.join(", "));
            return Err(ApiError::invalid(name.as_str(), problem));
        }
        let dry_run = field(&fields, "dry_run", "must be true or false")?.unwrap_or(false);
        let cursor: Option<String> = field(&fields, "cursor", "must be a text")?;
        let filters = ["outcome", "route", "from", "to"];
        let has_filter = filters.iter().any(|name| fields.contains_key(*name));
        let ids: Option<Vec<String>> = field(&fields, "ids", "must be a list of the ids of events")?;
        let which = match (ids, has_filter) {
            (Some(_), true) => {
                return Err(ApiError::invalid("ids", "must stand without outcome, route, from and to"));
            }
            (None, false) => {
                return Err(ApiError::invalid(
                    "ids",
                    "is missing, and so is a filter: outcome, route, from or to",
                ));
            }
            (Some(ids), false) => of_ids(ids, cursor.as_deref())?,
            (None, true) => of_filter(&fields, cursor.as_deref(), now)?,
        };
        Ok(Self { which, dry_run })
    }
}

/// An id that is named twice is one event.
fn of_ids(mut ids: Vec<String>, cursor: Option<&str>) -> Result<Which, ApiError> {
    let mut named = HashSet::new();
    ids.retain(|id| named.insert(id.clone()));
    if ids.is_empty() || ids.len() > MOST_IDS {
        return Err(ApiError::invalid("ids", format!("must hold from 1 to {MOST_IDS} ids")));
    }
    let from = cursor.map_or(Ok(0), cursor::read::<usize>)?;
    if from < ids.len() { Ok(Which::Ids(ids, from)) } else { Err(cursor::foreign()) }
}

fn of_filter(
    fields: &Map<String, Value>,
    cursor: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Which, ApiError> {
    let day = |name| field::<String>(fields, name, "must be a date as YYYY-MM-DD");
    let (from, to) = (day("from")?, day("to")?);
    let has_period = from.is_some() || to.is_some();
    let selection = Selection {
        outcome: one_of(fields, "outcome", &OUTCOMES)?,
        route: one_of(fields, "route", &Route::ALL.map(|route| (route.as_str(), route)))?,
        period: has_period.then(|| Period::parse(from.as_deref(), to.as_deref(), now)).transpose()?,
        of_hooks: true,
    };
    let Some(cursor) = cursor else { return Ok(Which::Filter(selection, Places::default())) };
    let places: Places = cursor::read(cursor)?;
    if places.are_of(&selection.partitions()) {
        Ok(Which::Filter(selection, places))
    } else {
        Err(cursor::foreign())
    }
}

fn one_of<T: Copy>(
    fields: &Map<String, Value>,
    name: &'static str,
    words: &[(&str, T)],
) -> Result<Option<T>, ApiError> {
    let Some(value) = fields.get(name) else { return Ok(None) };
    let found = words.iter().find(|(word, _)| value == word).map(|(_, meaning)| *meaning);
    found.map(Some).ok_or_else(|| {
        let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        ApiError::invalid(name, format!("must be one of: {}", words.join(", ")))
    })
}

fn field<T: DeserializeOwned>(
    fields: &Map<String, Value>,
    name: &'static str,
    problem: &str,
) -> Result<Option<T>, ApiError> {
    let read = fields.get(name).map(T::deserialize).transpose();
    read.map_err(|_| ApiError::invalid(name, problem))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared::domain::ledger::Outcome;

    use super::*;

    fn parse(body: &Value) -> Result<Wish, ApiError> {
        Wish::parse(body.to_string().as_bytes(), "2026-11-20T05:00:00Z".parse().unwrap())
    }

    fn refused(body: &Value) -> String {
        match parse(body) {
            Err(ApiError::Validation(details)) => details[0].field.clone(),
            other => panic!("{body}: {other:?}"),
        }
    }

    #[test]
    fn events_are_named_by_ids_or_by_a_filter() {
        let ids = parse(&json!({"ids": ["a", "b", "a"], "dry_run": true, "cursor": "MQ"})).unwrap();
        let expected = Which::Ids(vec!["a".to_owned(), "b".to_owned()], 1);
        assert_eq!(ids, Wish { which: expected, dry_run: true });
        let filter = parse(&json!({"outcome": "quarantined", "route": "funnel", "to": null})).unwrap();
        let selection = Selection {
            outcome: Some(Outcome::Quarantined),
            route: Some(Route::Funnel),
            period: None,
            of_hooks: true,
        };
        assert_eq!(filter, Wish { which: Which::Filter(selection, Places::default()), dry_run: false });
        let Which::Filter(selection, _) = parse(&json!({"to": "2026-11-19"})).unwrap().which else {
            panic!()
        };
        assert_eq!(selection.period.unwrap().from.to_string(), "2026-10-21");
    }

    #[test]
    fn what_is_no_wish_is_refused_by_the_field() {
        for (body, field) in [
            (json!({}), "ids"),
            (json!({"dry_run": true}), "ids"),
            (json!({"ids": []}), "ids"),
            (json!({"ids": (0..501).map(|id| id.to_string()).collect::<Vec<_>>()}), "ids"),
            (json!({"ids": "a"}), "ids"),
            (json!({"ids": ["a"], "route": "sales"}), "ids"),
            (json!({"ids": ["a"], "cursor": "MQ"}), "cursor"),
            (json!({"outcome": "lost"}), "outcome"),
            (json!({"outcome": 1}), "outcome"),
            (json!({"route": "nowhere"}), "route"),
            (json!({"from": "yesterday"}), "from"),
            (json!({"from": "2026-11-02", "to": "2026-11-01"}), "to"),
            (json!({"route": "sales", "dry_run": "yes"}), "dry_run"),
            (json!({"route": "sales", "cursor": "MQ"}), "cursor"),
            (json!({"route": "sales", "team": "muha"}), "team"),
            (json!([]), "body"),
        ] {
            assert_eq!(refused(&body), field, "{body}");
        }
        assert!(Wish::parse(b"", DateTime::UNIX_EPOCH).is_err());
    }
}
