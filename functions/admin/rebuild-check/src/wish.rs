//! What the body asks for: the order of a rebuild without what writes.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};
use shared::domain::day::Period;
use shared::edge::errors::ApiError;
use shared::rebuild::{Order, Place, Step};

/// More days take longer than the gateway waits for an answer.
const MOST_DAYS: i64 = 31;

/// What may be compared here. All deals there are would be too much for a request.
const STEPS: [(&str, Step); 3] =
    [("events", Step::Events), ("sales", Step::Sales), ("counters", Step::Counters)];

const FIELDS: [&str; 4] = ["from", "to", "what", "after"];

/// Reads a body, which may be empty.
pub fn parse(body: &[u8], now: DateTime<Utc>) -> Result<Order, ApiError> {
    let bad = |_| ApiError::invalid("body", "must be a JSON object");
    let mut fields: Map<String, Value> = match body.trim_ascii() {
        [] => Map::new(),
        body => serde_json::from_slice(body).map_err(bad)?,
    };
    if let Some(name) = fields.keys().find(|name| !FIELDS.contains(&name.as_str())) {
        let problem = format!("is not known; there are: {}", FIELDS.join(", "));
        return Err(ApiError::invalid(name.as_str(), problem));
    }
    let [from, to, what, after] = FIELDS.map(|name| fields.remove(name).filter(|value| !value.is_null()));
    let from = read(from, "from", "must be a date as YYYY-MM-DD")?;
    let to = read(to, "to", "must be a date as YYYY-MM-DD")?;
    let (from, to): (Option<String>, Option<String>) = (from, to);
    let period = Period::parse(from.as_deref(), to.as_deref(), now)?;
    if period.to.days_since(period.from) >= MOST_DAYS {
        return Err(ApiError::invalid("to", format!("the period must not be longer than {MOST_DAYS} days")));
    }
    let after: Option<Place> = read(after, "after", "must be the `next` of an answer")?;
    if matches!(after, Some(Place::Deals(_))) {
        return Err(ApiError::invalid("after", "must be the `next` of an answer"));
    }
    Ok(Order { what: steps(what)?, from, to, after, ..Order::default() })
}

fn steps(what: Option<Value>) -> Result<Option<BTreeSet<Step>>, ApiError> {
    let words: Option<Vec<String>> = read(what, "what", PROBLEM)?;
    let step = |word: &String| STEPS.iter().find(|(name, _)| name == word).map(|(_, step)| *step);
    let steps = words.map(|words| words.iter().map(step).collect::<Option<BTreeSet<Step>>>());
    match steps {
        Some(None) => Err(ApiError::invalid("what", PROBLEM)),
        steps => Ok(steps.flatten()),
    }
}

const PROBLEM: &str = "must be a list of: events, sales, counters";

fn read<T: for<'de> Deserialize<'de>>(
    value: Option<Value>,
    name: &'static str,
    problem: &'static str,
) -> Result<Option<T>, ApiError> {
    value.map(serde_json::from_value).transpose().map_err(|_| ApiError::invalid(name, problem))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(body: &str) -> Result<Order, ApiError> {
        super::parse(body.as_bytes(), "2026-11-20T05:00:00Z".parse().unwrap())
    }

    #[test]
    fn an_order_never_writes() {
        for body in ["", "{}", r#"{"from":"2026-10-21","to":"2026-11-20","what":["counters","events"]}"#] {
            let order = parse(body).unwrap();
            assert!(!order.write && !order.repair, "{body}");
        }
        assert_eq!(parse("{}").unwrap().what, None);
        let order = parse(r#"{"what":["sales"],"after":{"step":"sales","day":"2026-11-03"}}"#).unwrap();
        assert_eq!(order.what, Some([Step::Sales].into()));
        assert!(matches!(order.after, Some(Place::Sales { .. })));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (body, field) in [
            ("[]", "body"),
            ("not json", "body"),
            (r#"{"write":true}"#, "write"),
            (r#"{"repair":true}"#, "repair"),
            (r#"{"from":"2026-02-30"}"#, "from"),
            (r#"{"from":20261101}"#, "from"),
            (r#"{"from":"2026-11-02","to":"2026-11-01"}"#, "to"),
            (r#"{"from":"2026-10-20","to":"2026-11-20"}"#, "to"),
            (r#"{"what":"sales"}"#, "what"),
            (r#"{"what":["deals"]}"#, "what"),
            (r#"{"after":"2026-11-01"}"#, "after"),
            (r#"{"after":{"step":"deals","at":null,"sums":[]}}"#, "after"),
        ] {
            let error = parse(body).unwrap_err();
            let fields: Vec<&str> = error.details().iter().map(|detail| detail.field.as_str()).collect();
            assert_eq!((error.code(), fields), ("validation_error", vec![field]), "{body}");
        }
    }
}
