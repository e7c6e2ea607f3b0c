//! The parameters of a call for insights.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde_json::Value;

use super::columns;
use crate::graph::errors::{GraphError, invalid, not_played};
use crate::graph::fields;

/// Older days are gone.
const KEPT_MONTHS: u32 = 37;
/// Parameters that would change the figures and are not played.
const NOT_PLAYED: [&str; 6] =
    ["time_ranges", "breakdowns", "action_breakdowns", "sort", "summary", "default_summary"];

/// Which objects the rows are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Account,
    Campaign,
    AdSet,
    Ad,
}

/// A call for insights, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    pub level: Level,
    pub since: NaiveDate,
    pub until: NaiveDate,
    /// Days in a row; `None` for one row over the whole window.
    pub increment: Option<u64>,
    pub fields: Vec<String>,
}

impl Query {
    /// Reads the parameters as of `today` in the account's zone.
    pub fn read(parameters: &BTreeMap<String, String>, today: NaiveDate) -> Result<Self, GraphError> {
        let get = |name: &str| parameters.get(name).map(String::as_str).filter(|text| !text.is_empty());
        if let Some(name) = NOT_PLAYED.into_iter().find(|name| get(name).is_some()) {
            return Err(not_played(name));
        }
        let (since, until) = match get("time_range") {
            Some(text) => range(text)?,
            None => preset(get("date_preset").unwrap_or("last_30d"), today)?,
        };
        if since > until {
            return Err(invalid("since must be before until"));
        }
        if today.checked_sub_months(Months::new(KEPT_MONTHS)).is_some_and(|oldest| since < oldest) {
            return Err(GraphError::new(
                3018,
                "(#3018) The start date of the time range cannot be beyond 37 months from the current date",
            ));
        }
        Ok(Self {
            level: level(get("level"))?,
            since,
            until,
            increment: increment(get("time_increment"))?,
            fields: columns(get("fields"))?,
        })
    }
}

/// The days that a call names, however wrong the rest of it is: for faults.
pub fn window(parameters: &BTreeMap<String, String>) -> Option<i64> {
    let (since, until) = range(parameters.get("time_range")?).ok()?;
    Some((until - since).num_days() + 1)
}

fn range(text: &str) -> Result<(NaiveDate, NaiveDate), GraphError> {
    let wrong = || invalid("Param time_range must be an object with since and until as YYYY-MM-DD");
    let range: Value = serde_json::from_str(text).map_err(|_| wrong())?;
    let day = |name: &str| {
        let text = range[name].as_str().filter(|text| text.len() == 10).ok_or_else(wrong)?;
        text.parse::<NaiveDate>().map_err(|_| wrong())
    };
    Ok((day("since")?, day("until")?))
}

fn preset(name: &str, today: NaiveDate) -> Result<(NaiveDate, NaiveDate), GraphError> {
    let ago = |days: u64| today.checked_sub_days(Days::new(days)).unwrap_or(today);
    let first = |day: NaiveDate| day.with_day(1).unwrap_or(day);
    Ok(match name {
        "today" => (today, today),
        "yesterday" => (ago(1), ago(1)),
        "last_3d" => (ago(3), ago(1)),
        "last_7d" => (ago(7), ago(1)),
        "last_14d" => (ago(14), ago(1)),
        "last_28d" => (ago(28), ago(1)),
        "last_30d" => (ago(30), ago(1)),
        "last_90d" => (ago(90), ago(1)),
        "this_month" => (first(today), today),
        "last_month" => {
            let last = first(today).pred_opt().unwrap_or(today);
            (first(last), last)
        }
        "maximum" => (today.checked_sub_months(Months::new(KEPT_MONTHS)).unwrap_or(today), today),
        other => {
            return Err(invalid(format!("Param date_preset must be one of the known presets, not {other}")));
        }
    })
}

fn level(name: Option<&str>) -> Result<Level, GraphError> {
    match name {
        None | Some("account") => Ok(Level::Account),
        Some("campaign") => Ok(Level::Campaign),
        Some("adset") => Ok(Level::AdSet),
        Some("ad") => Ok(Level::Ad),
        Some(_) => Err(GraphError::new(1, "Invalid request: An unknown error occurred").subcode(99)),
    }
}

fn increment(text: Option<&str>) -> Result<Option<u64>, GraphError> {
    match text {
        None | Some("all_days") => Ok(None),
        Some("monthly") => Err(not_played("time_increment=monthly")),
        Some(text) => match text.parse() {
            Ok(days) if (1..=90).contains(&days) => Ok(Some(days)),
            _ => Err(invalid("Param time_increment must be all_days, monthly or an integer from 1 to 90")),
        },
    }
}

fn columns(text: Option<&str>) -> Result<Vec<String>, GraphError> {
    let fields = fields::parse(text.unwrap_or("impressions,spend"))?;
    for field in &fields {
        if !columns::KNOWN.contains(&field.name.as_str()) {
            return Err(invalid(format!("{} is not valid for fields param", field.name)));
        }
    }
    Ok(fields.into_iter().map(|field| field.name).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Query, GraphError> {
        let parameters = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Query::read(&parameters.collect(), "2026-11-20".parse().unwrap())
    }

    #[test]
    fn without_parameters_the_last_thirty_days_of_the_account() {
        let query = read(&[]).unwrap();
        assert_eq!(
            (query.since.to_string(), query.until.to_string()),
            ("2026-10-21".into(), "2026-11-19".into())
        );
        assert_eq!((query.level, query.increment), (Level::Account, None));
        assert_eq!(query.fields, ["impressions", "spend"]);
    }

    #[test]
    fn what_is_wrong_has_the_code_of_the_real_one() {
        let code = |pairs: &[(&str, &str)]| read(pairs).unwrap_err().reply(1).codes();
        let range = |text: &'static str| [("time_range", text)];
        assert_eq!(code(&range(r#"{"since":"2026-11-02","until":"2026-11-01"}"#)), (Some(100), None));
        assert_eq!(code(&range(r#"{"since":"2026-11-2","until":"2026-11-03"}"#)), (Some(100), None));
        assert_eq!(code(&range("yesterday")), (Some(100), None));
        assert_eq!(code(&range(r#"{"since":"2023-10-19","until":"2026-11-01"}"#)), (Some(3018), None));
        assert!(read(&range(r#"{"since":"2023-10-20","until":"2026-11-01"}"#)).is_ok());
        assert_eq!(code(&[("level", "creative")]), (Some(1), Some(99)));
        assert_eq!(code(&[("fields", "spent")]), (Some(100), None));
        assert_eq!(code(&[("time_increment", "0")]), (Some(100), None));
        assert_eq!(code(&[("breakdowns", "age")]), (Some(100), None));
    }
}
