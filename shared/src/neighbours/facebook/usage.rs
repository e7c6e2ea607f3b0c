//! How much of the quota is used and how long to wait, as the headers of good and failed answers say it.
//!
//! A header that cannot be read is passed over: it must never cost us the answer.

use std::time::Duration;

use reqwest::header::{HeaderMap, RETRY_AFTER};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::Value;

use super::pairs::Pairs;
use super::scalar;
use crate::domain::ad_account::AdAccountId;

/// A longer wait than this is a misprint: limits are counted by the hour.
const LONGEST_WAIT: u64 = 7 * 24 * 60 * 60;

/// Ids of ad accounts that are as long are told from ids of businesses by it; a shorter id may be either.
const SURELY_AN_ACCOUNT: usize = 16;

/// Limits that a reader of ads never touches.
const OTHERS: [&str; 4] = ["instagram", "leadgen", "messenger", "pages"];

/// What the headers of an answer say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usage {
    /// One per meter that was shown.
    pub entries: Vec<Entry>,
    retry_after: Option<Duration>,
}

/// What one meter shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which meter.
    pub meter: Meter,
    /// How much of the limit is used, by the fullest of its counts. Can exceed 100.
    pub percent: Option<u32>,
    /// How long calls are refused.
    pub wait: Option<Duration>,
    /// `development_access` for the small quota, `standard_access` for the large one.
    pub tier: Option<String>,
}

/// What a meter counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meter {
    /// All calls of the app.
    App,
    /// The calls for the ad account that was asked about.
    Account,
    /// The calls of one kind for a business or an ad account.
    UseCase {
        /// Its id.
        object: String,
        /// The kind, as in `ads_insights`.
        kind: String,
    },
    /// The app's load on insights.
    AppInsights,
    /// The ad account's load on insights.
    AccountInsights,
    /// A limit of its own for `reach` over long times, which we never ask for.
    Reach,
}

impl Usage {
    /// Reads all headers there are.
    pub fn of(headers: &HeaderMap) -> Self {
        let mut usage = Self::default();
        for (name, value) in headers {
            let value = value.as_bytes();
            match name.as_str() {
                "x-app-usage" => usage.single(Meter::App, value),
                "x-ad-account-usage" => usage.single(Meter::Account, value),
                "x-business-use-case-usage" => usage.use_cases(value),
                "x-fb-ads-insights-throttle" => {
                    usage.insights(value, [Meter::AppInsights, Meter::AccountInsights]);
                }
                "x-fb-ads-insights-reach-throttle" => usage.insights(value, [Meter::Reach, Meter::Reach]),
                _ => {}
            }
        }
        let seconds = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::trim);
        usage.retry_after = seconds.and_then(scalar::decimal).and_then(|seconds| duration(seconds, 1));
        usage
    }

    /// How long no call may be made for this account; nothing where no wait is named.
    ///
    /// Meta says that an entry's id is a business's, and sends an ad account's. So an entry under an id that we do not
    /// know counts, unless it is surely another account's and ours has an entry of its own.
    pub fn account_pause(&self, account: &AdAccountId) -> Option<Duration> {
        self.of_account(account).filter_map(|entry| entry.wait).max()
    }

    /// How long no call of the app may be made; nothing where no wait is named.
    pub fn app_pause(&self) -> Option<Duration> {
        self.of_app().filter_map(|entry| entry.wait).max()
    }

    /// The longest wait that is named, for a call that is about no account.
    pub fn longest_pause(&self) -> Option<Duration> {
        self.entries.iter().filter_map(|entry| entry.wait).max()
    }

    /// How much of the account's limits is used, rounded down.
    pub fn account_percent(&self, account: &AdAccountId) -> Option<u32> {
        self.of_account(account).filter_map(|entry| entry.percent).max()
    }

    /// How much of the app's limits is used, rounded down.
    pub fn app_percent(&self) -> Option<u32> {
        self.of_app().filter_map(|entry| entry.percent).max()
    }

    /// `Retry-After` in seconds. Meta documents none; were one to come, it would mean what it means elsewhere.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    fn of_app(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| matches!(entry.meter, Meter::App | Meter::AppInsights))
    }

    fn of_account<'a>(&'a self, account: &'a AdAccountId) -> impl Iterator<Item = &'a Entry> {
        let is_own = |object: &str| AdAccountId::parse(object).is_some_and(|id| id == *account);
        let has_own = self
            .entries
            .iter()
            .any(|entry| matches!(&entry.meter, Meter::UseCase { object, .. } if is_own(object)));
        self.entries.iter().filter(move |entry| match &entry.meter {
            Meter::Account | Meter::AccountInsights => true,
            Meter::UseCase { kind, .. } if OTHERS.contains(&kind.as_str()) => false,
            Meter::UseCase { object, .. } => is_own(object) || !has_own || !is_surely_an_account(object),
            Meter::App | Meter::AppInsights | Meter::Reach => false,
        })
    }

    fn single(&mut self, meter: Meter, header: &[u8]) {
        if let Ok(value @ Value::Object(_)) = serde_json::from_slice(header) {
            self.entries.push(entry(meter, &value));
        }
    }

    fn use_cases(&mut self, header: &[u8]) {
        let Ok(Pairs(pairs)) = serde_json::from_slice(header) else { return };
        for (object, value) in pairs {
            let listed = match value {
                Value::Array(listed) => listed,
                alone => vec![alone],
            };
            for value in listed.iter().filter(|value| value.is_object()) {
                let kind = text(value, "type").unwrap_or_default();
                self.entries.push(entry(Meter::UseCase { object: object.clone(), kind }, value));
            }
        }
    }

    fn insights(&mut self, header: &[u8], [app, account]: [Meter; 2]) {
        let Ok(value) = serde_json::from_slice::<Value>(header) else { return };
        for (meter, key) in [(app, "app_id_util_pct"), (account, "acc_id_util_pct")] {
            if let Some(percent) = percent(&value, key) {
                let tier = text(&value, "ads_api_access_tier");
                self.entries.push(Entry { meter, percent: Some(percent), wait: None, tier });
            }
        }
    }
}

fn entry(meter: Meter, value: &Value) -> Entry {
    let percents = ["call_count", "total_time", "total_cputime", "acc_id_util_pct"];
    let wait = |key, unit| number(value, key).and_then(|number| duration(number, unit));
    // One header counts in seconds, the other in minutes.
    let waits = [wait("reset_time_duration", 1), wait("estimated_time_to_regain_access", 60)];
    Entry {
        meter,
        percent: percents.into_iter().filter_map(|key| percent(value, key)).max(),
        wait: waits.into_iter().flatten().max(),
        tier: text(value, "ads_api_access_tier"),
    }
}

fn is_surely_an_account(object: &str) -> bool {
    let digits = AdAccountId::parse(object).is_some_and(|id| id.digits().len() >= SURELY_AN_ACCOUNT);
    digits || object.starts_with("act_")
}

fn percent(value: &Value, key: &str) -> Option<u32> {
    number(value, key)?.floor().to_u32()
}

/// So many units of so many seconds, rounded up; nothing for no time.
fn duration(number: Decimal, unit: u64) -> Option<Duration> {
    let seconds = number.checked_mul(Decimal::from(unit))?.ceil();
    let seconds = seconds.min(Decimal::from(LONGEST_WAIT)).to_u64()?;
    (seconds > 0).then(|| Duration::from_secs(seconds))
}

fn number(value: &Value, key: &str) -> Option<Decimal> {
    match value.get(key)? {
        Value::Number(number) => scalar::decimal(&number.to_string()),
        Value::String(text) => scalar::decimal(text.trim()),
        _ => None,
    }
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(str::to_owned)
}

#[cfg(test)]
#[path = "usage_tests.rs"]
mod tests;
