//! What the body asks for. It may be empty; fields that are not known here are left alone.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};
use shared::domain::ad_account::AdAccountId;
use shared::domain::day::{Day, Period};
use shared::edge::errors::ApiError;

/// Facebook tells what was spent so many months ago, and refuses a question about older days as a whole.
const OLDEST_MONTHS: u32 = 37;

/// The farthest east that an ad account's calendar may be.
const EARLIEST_ZONE: TimeDelta = TimeDelta::hours(14);

/// Which days and which account; all where nothing is named.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Wish {
    pub period: Option<Period>,
    pub account: Option<AdAccountId>,
}

impl Wish {
    /// Reads a body.
    pub fn parse(body: &[u8], now: DateTime<Utc>) -> Result<Self, ApiError> {
        if body.trim_ascii().is_empty() {
            return Ok(Self::default());
        }
        let bad = |_| ApiError::invalid("body", "must be a JSON object");
        let fields: Map<String, Value> = serde_json::from_slice(body).map_err(bad)?;
        let period = period(&fields, now)?;
        let account = text(&fields, "account_id", "must be the digits of an ad account, as text")?;
        let parse = |text: &str| {
            AdAccountId::parse(text).ok_or_else(|| {
                ApiError::invalid("account_id", "must be the digits of an ad account, with or without act_")
            })
        };
        Ok(Self { period, account: account.map(parse).transpose()? })
    }
}

/// The days, as every question reads them; nothing where neither end is given.
fn period(fields: &Map<String, Value>, now: DateTime<Utc>) -> Result<Option<Period>, ApiError> {
    let end = |name| text(fields, name, "must be a date as YYYY-MM-DD");
    let (from, to) = (end("from")?, end("to")?);
    if from.is_none() && to.is_none() {
        return Ok(None);
    }
    let period = Period::parse(from, to, now)?;
    // What Facebook refuses would only make the accounts look broken.
    if period.from < Day::of(now).minus_months(OLDEST_MONTHS) {
        let problem = format!("must not be more than {OLDEST_MONTHS} months ago");
        return Err(ApiError::invalid("from", problem));
    }
    if period.from > Day::from((now + EARLIEST_ZONE).date_naive()) {
        return Err(ApiError::invalid("from", "must not lie in the future"));
    }
    Ok(Some(period))
}

fn text<'a>(
    fields: &'a Map<String, Value>,
    name: &'static str,
    problem: &'static str,
) -> Result<Option<&'a str>, ApiError> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(ApiError::invalid(name, problem)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(body: &str) -> Result<Wish, ApiError> {
        Wish::parse(body.as_bytes(), "2026-11-20T05:00:00Z".parse().unwrap())
    }

    #[test]
    fn without_days_and_account_all_is_asked_for() {
        for body in ["", " \n", "{}", r#"{"from":null,"to":null,"account_id":null}"#, r#"{"force":true}"#] {
            assert_eq!(parse(body), Ok(Wish::default()), "{body}");
        }
    }

    #[test]
    fn a_missing_end_is_that_of_every_question() {
        for (body, from, to) in [
            (r#"{"from":"2026-10-01","to":"2026-10-31"}"#, "2026-10-01", "2026-10-31"),
            (r#"{"from":"2026-11-18"}"#, "2026-11-18", "2026-11-20"),
            (r#"{"to":"2026-10-30"}"#, "2026-10-01", "2026-10-30"),
            (r#"{"from":"2023-10-20","to":"2023-10-20"}"#, "2023-10-20", "2023-10-20"),
        ] {
            let period = parse(body).unwrap().period.unwrap();
            assert_eq!((period.from.to_string(), period.to.to_string()), (from.into(), to.into()), "{body}");
        }
    }

    #[test]
    fn an_account_is_named_with_and_without_its_prefix() {
        let account = AdAccountId::parse("839340528712304");
        for text in ["839340528712304", "act_839340528712304"] {
            assert_eq!(parse(&format!(r#"{{"account_id":"{text}"}}"#)).unwrap().account, account, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (body, field) in [
            ("[]", "body"),
            ("not json", "body"),
            (r#"{"from":"2026-02-30"}"#, "from"),
            (r#"{"from":20261101}"#, "from"),
            (r#"{"from":""}"#, "from"),
            (r#"{"to":"20.11.2026"}"#, "to"),
            (r#"{"from":"2026-11-02","to":"2026-11-01"}"#, "to"),
            (r#"{"from":"2025-01-01","to":"2026-11-01"}"#, "to"),
            (r#"{"from":"2023-10-19","to":"2023-11-01"}"#, "from"),
            (r#"{"from":"2026-11-21","to":"2026-11-21"}"#, "from"),
            (r#"{"account_id":"me"}"#, "account_id"),
            (r#"{"account_id":839340528712304}"#, "account_id"),
        ] {
            let error = parse(body).unwrap_err();
            let fields: Vec<&str> = error.details().iter().map(|detail| detail.field.as_str()).collect();
            assert_eq!((error.code(), fields), ("validation_error", vec![field]), "{body}");
        }
    }
}
