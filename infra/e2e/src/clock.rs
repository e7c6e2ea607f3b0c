//! The clock of the machine, which the stack under test shares.

use chrono::{DateTime, TimeDelta, Utc};

/// This moment.
#[expect(clippy::disallowed_methods, reason = "a test of a running system lives in real time")]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}

/// The business day of a moment since March 2024, when Almaty's clock was set to +05:00 for good.
pub fn almaty_day(at: DateTime<Utc>) -> String {
    (at + TimeDelta::hours(5)).format("%Y-%m-%d").to_string()
}
