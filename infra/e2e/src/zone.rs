//! The time zones of ad accounts, as far as tests need them, worked out here rather than by the table that the functions
//! use.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Utc, Weekday};

/// A time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// Five hours ahead of UTC.
    Almaty,
    /// Eight hours behind it, seven in summer.
    LosAngeles,
}

impl Zone {
    /// As Facebook names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Almaty => "Asia/Almaty",
            Self::LosAngeles => "America/Los_Angeles",
        }
    }

    /// The day that it is there.
    pub fn date(self, at: DateTime<Utc>) -> NaiveDate {
        let ahead = match self {
            Self::Almaty => 5,
            Self::LosAngeles if is_summer(at.naive_utc()) => -7,
            Self::LosAngeles => -8,
        };
        (at + TimeDelta::hours(ahead)).date_naive()
    }
}

/// From the second Sunday of March to the first of November, at two in the morning there.
fn is_summer(at: NaiveDateTime) -> bool {
    let change = |month, nth, hour| {
        let day = NaiveDate::from_weekday_of_month_opt(at.year(), month, Weekday::Sun, nth);
        day.and_then(|day| day.and_hms_opt(hour, 0, 0)).expect("a Sunday")
    };
    (change(3, 2, 10)..change(11, 1, 9)).contains(&at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn los_angeles_changes_its_clock() {
        for (at, date) in [
            ("2026-03-08T07:59:59Z", "2026-03-07"),
            ("2026-03-08T08:00:00Z", "2026-03-08"),
            ("2026-03-09T06:59:59Z", "2026-03-08"),
            ("2026-03-09T07:00:00Z", "2026-03-09"),
            ("2026-11-01T06:59:59Z", "2026-10-31"),
            ("2026-11-02T07:59:59Z", "2026-11-01"),
            ("2026-11-02T08:00:00Z", "2026-11-02"),
        ] {
            assert_eq!(Zone::LosAngeles.date(at.parse().unwrap()).to_string(), date, "{at}");
        }
        assert_eq!(Zone::Almaty.date("2026-11-01T19:00:00Z".parse().unwrap()).to_string(), "2026-11-02");
    }
}
