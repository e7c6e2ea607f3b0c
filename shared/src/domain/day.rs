//! Business days. A day is a calendar day in Asia/Almaty; an instant is stored in UTC.

use std::fmt;

use chrono::{
    DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, SecondsFormat, SubsecRound, TimeZone, Utc,
};
use chrono_tz::Asia::Almaty;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The name of the business time zone, as answers carry it.
pub const TIMEZONE: &str = "Asia/Almaty";

/// The longest period that one question may cover.
pub const LONGEST_PERIOD_DAYS: u64 = 400;

/// The length of the period where none is given: today and the 29 days before it.
const DEFAULT_PERIOD_DAYS: u64 = 30;

/// A calendar day in Asia/Almaty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(NaiveDate);

impl Day {
    /// The business day that an instant falls on.
    pub fn of(instant: DateTime<Utc>) -> Self {
        Self(instant.with_timezone(&Almaty).date_naive())
    }

    /// Reads `YYYY-MM-DD` and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let day = Self(NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?);
        // Years of four digits, and far enough from the calendar's ends for any arithmetic.
        let is_ours = (1900..=2999).contains(&day.0.year());
        (is_ours && day.to_string() == text).then_some(day)
    }

    /// The instant at which the day begins.
    pub fn start(self) -> DateTime<Utc> {
        // Almaty's clock has never skipped midnight; were it to, the day would begin at the earliest later time.
        let midnight = self.0.and_time(NaiveTime::MIN);
        Almaty
            .from_local_datetime(&midnight)
            .earliest()
            .map_or_else(|| midnight.and_utc(), |local| local.with_timezone(&Utc))
    }

    /// The day so many days later; the last day there is where the calendar ends.
    pub fn plus(self, days: u64) -> Self {
        Self(self.0.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX))
    }

    /// The day so many days earlier.
    pub fn minus(self, days: u64) -> Self {
        Self(self.0.checked_sub_days(Days::new(days)).unwrap_or(NaiveDate::MIN))
    }

    /// The same day so many months earlier; the month's last day where it is shorter.
    pub fn minus_months(self, months: u32) -> Self {
        Self(self.0.checked_sub_months(Months::new(months)).unwrap_or(NaiveDate::MIN))
    }

    /// How many days later it is than another; negative where it is earlier.
    pub fn days_since(self, earlier: Self) -> i64 {
        self.0.signed_duration_since(earlier.0).num_days()
    }
}

impl From<NaiveDate> for Day {
    /// A date that someone else calls a day: the label is kept, whatever zone it was meant in.
    fn from(date: NaiveDate) -> Self {
        Self(date)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.format("%Y-%m-%d").fmt(f)
    }
}

/// An instant as people of the business read it: RFC 3339 at Almaty's offset, to the millisecond. Databases of others tell
/// finer times.
pub fn almaty_time(instant: DateTime<Utc>) -> String {
    instant.trunc_subsecs(3).with_timezone(&Almaty).to_rfc3339_opts(SecondsFormat::AutoSi, false)
}

/// The same within a sentence that is read at `now`: the hour, with the day where it is another one.
pub fn almaty_clock(instant: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let format = if Day::of(instant) == Day::of(now) { "%H:%M" } else { "%Y-%m-%d %H:%M" };
    instant.with_timezone(&Almaty).format(format).to_string()
}

/// A span of days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
}

/// Why two texts make no period. `field` is the parameter to name in the answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BadPeriod {
    /// Not a date as `YYYY-MM-DD`.
    #[error("must be a date as YYYY-MM-DD")]
    NotADate {
        /// `from` or `to`.
        field: &'static str,
    },
    /// The end lies before the beginning.
    #[error("must not be before from")]
    Backwards,
    /// More days than one question may cover.
    #[error("the period must not be longer than {LONGEST_PERIOD_DAYS} days")]
    TooLong,
}

impl BadPeriod {
    /// The parameter that has to change.
    pub fn field(&self) -> &'static str {
        match self {
            Self::NotADate { field } => field,
            Self::Backwards | Self::TooLong => "to",
        }
    }
}

impl Period {
    /// Reads both ends. A missing `to` is today, a missing `from` is 29 days before `to`.
    pub fn parse(from: Option<&str>, to: Option<&str>, now: DateTime<Utc>) -> Result<Self, BadPeriod> {
        let read = |text: Option<&str>, field| {
            text.map(|text| Day::parse(text).ok_or(BadPeriod::NotADate { field })).transpose()
        };
        let (from, to) = (read(from, "from")?, read(to, "to")?);
        let to = to.unwrap_or_else(|| Day::of(now));
        let from = from.unwrap_or_else(|| to.minus(DEFAULT_PERIOD_DAYS - 1));
        let period = Self { from, to };
        match to.0.signed_duration_since(from.0).num_days() {
            span if span < 0 => Err(BadPeriod::Backwards),
            span if span.unsigned_abs() >= LONGEST_PERIOD_DAYS => Err(BadPeriod::TooLong),
            _ => Ok(period),
        }
    }

    /// Every day of the period in order.
    pub fn days(self) -> impl Iterator<Item = Day> {
        self.from.0.iter_days().take_while(move |day| *day <= self.to.0).map(Day)
    }

    /// The instants the period covers: from the first (included) to the second (excluded).
    pub fn instants(self) -> (DateTime<Utc>, DateTime<Utc>) {
        (self.from.start(), self.to.plus(1).start())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn midnight_in_almaty_is_where_the_day_changes() {
        assert_eq!(Day::of(at("2026-11-19T18:59:59Z")).to_string(), "2026-11-19");
        assert_eq!(Day::of(at("2026-11-19T19:00:00Z")).to_string(), "2026-11-20");
    }

    #[test]
    fn before_march_2024_almaty_was_six_hours_ahead() {
        assert_eq!(Day::of(at("2024-02-28T18:00:00Z")).to_string(), "2024-02-29");
        assert_eq!(Day::of(at("2024-03-01T18:00:00Z")).to_string(), "2024-03-01");
        assert_eq!(almaty_time(at("2023-07-13T20:57:01Z")), "2023-07-14T02:57:01+06:00");
        assert_eq!(almaty_time(at("2026-07-13T20:57:01Z")), "2026-07-14T01:57:01+05:00");
        assert_eq!(almaty_time(at("2026-07-13T20:57:01.123956Z")), "2026-07-14T01:57:01.123+05:00");
    }

    #[test]
    fn a_sentence_names_the_day_only_where_it_is_another() {
        let now = at("2026-11-20T05:00:00Z");
        assert_eq!(almaty_clock(at("2026-11-20T05:19:59Z"), now), "10:19");
        assert_eq!(almaty_clock(at("2026-11-20T19:05:00Z"), now), "2026-11-21 00:05");
    }

    #[test]
    fn months_back_end_on_a_day_that_there_is() {
        let day = |text| Day::parse(text).unwrap();
        assert_eq!(day("2026-11-20").minus_months(37), day("2023-10-20"));
        assert_eq!(day("2026-03-31").minus_months(1), day("2026-02-28"));
    }

    #[test]
    fn the_default_period_is_thirty_days_that_end_today_in_almaty() {
        for (now, from, to) in [
            ("2026-11-20T18:59:59Z", "2026-10-22", "2026-11-20"),
            ("2026-11-20T19:00:00Z", "2026-10-23", "2026-11-21"),
            ("2025-12-31T23:30:00Z", "2025-12-03", "2026-01-01"),
            ("2028-02-29T12:00:00Z", "2028-01-31", "2028-02-29"),
        ] {
            let period = Period::parse(None, None, at(now)).unwrap();
            assert_eq!((period.from.to_string(), period.to.to_string()), (from.into(), to.into()), "{now}");
            assert_eq!(period.days().count(), 30);
        }
    }

    #[test]
    fn bad_periods_name_the_parameter() {
        let now = at("2026-11-20T12:00:00Z");
        let parse = |from, to| Period::parse(from, to, now).map_err(|bad| (bad.field(), bad));
        assert_eq!(parse(Some("2026-02-30"), None), Err(("from", BadPeriod::NotADate { field: "from" })));
        assert_eq!(parse(Some("2026-1-2"), None), Err(("from", BadPeriod::NotADate { field: "from" })));
        assert_eq!(parse(None, Some("0000-01-01")), Err(("to", BadPeriod::NotADate { field: "to" })));
        assert_eq!(parse(None, Some("20.11.2026")), Err(("to", BadPeriod::NotADate { field: "to" })));
        assert_eq!(parse(Some("2026-11-02"), Some("2026-11-01")), Err(("to", BadPeriod::Backwards)));
        assert_eq!(parse(Some("2025-01-01"), Some("2026-02-05")), Err(("to", BadPeriod::TooLong)));
        assert_eq!(parse(Some("2025-01-01"), Some("2026-02-04")).map(|p| p.days().count()), Ok(400));
        assert_eq!(parse(Some("2026-11-01"), Some("2026-11-01")).map(|p| p.days().count()), Ok(1));
    }

    proptest! {
        #[test]
        fn every_instant_lies_inside_its_own_day(seconds in 1_400_000_000_i64..2_200_000_000) {
            let instant = DateTime::from_timestamp(seconds, 0).unwrap();
            let day = Day::of(instant);
            prop_assert!(day.start() <= instant && instant < day.plus(1).start());
        }

        #[test]
        fn days_of_neighbouring_periods_neither_overlap_nor_leave_a_gap(seconds in 1_400_000_000_i64..2_200_000_000) {
            let now = DateTime::from_timestamp(seconds, 0).unwrap();
            let period = Period::parse(None, None, now).unwrap();
            let (start, end) = period.instants();
            prop_assert!(start <= now && now < end);
            prop_assert_eq!(period.days().count(), 30);
            prop_assert_eq!(period.days().last(), Some(period.to));
        }
    }
}
