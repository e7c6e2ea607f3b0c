//! When the school's chat is told that something fell off.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use chrono_tz::Asia::Almaty;
use serde::{Deserialize, Serialize};

use super::Problem;

/// Tokens of neighbours last for some 60 days.
const MOST_TOKEN_DAYS: u32 = 90;

/// More notices of one token would be noise.
const MOST_NOTICES: usize = 10;

/// Alerts are looked for every five minutes.
const FEWEST_MINUTES: u32 = 5;
const MOST_MINUTES: u32 = DAY;

/// In minutes.
const DAY: u32 = 24 * 60;

/// What people decide about alerts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AlertSettings {
    /// When nothing but a dead token is told; nothing for never.
    pub quiet_hours: Option<QuietHours>,
    /// So many days before a token ends it is told, each once.
    pub token_days: Vec<u32>,
    /// For so long the proof has to be other than green.
    pub proof_minutes: u32,
    /// For so long a breaker has to be open.
    pub breaker_minutes: u32,
}

impl Default for AlertSettings {
    fn default() -> Self {
        Self {
            quiet_hours: Some(QuietHours { from: ClockTime(22 * 60), to: ClockTime(8 * 60) }),
            token_days: vec![14, 7, 3, 1],
            proof_minutes: 30,
            breaker_minutes: 15,
        }
    }
}

impl AlertSettings {
    /// The section of the settings that holds them.
    pub const SECTION: &str = "alerts";

    /// Whether people are to be left in peace at this instant.
    pub fn is_quiet(&self, now: DateTime<Utc>) -> bool {
        self.quiet_hours.is_some_and(|hours| hours.holds(now))
    }

    /// When people are no longer to be left in peace; nothing where they are not now.
    pub fn quiet_until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.quiet_hours.filter(|hours| hours.holds(now)).map(|hours| hours.end(now))
    }

    /// The last of the days before its end that a token which lasts so long has come to; nothing while it lasts longer.
    pub fn notice(&self, left: TimeDelta) -> Option<u32> {
        self.token_days.iter().copied().filter(|days| left <= TimeDelta::days(i64::from(*days))).min()
    }
}

/// A part of each day in Almaty, the end not included. One that ends before it begins goes over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    from: ClockTime,
    to: ClockTime,
}

impl QuietHours {
    fn holds(self, now: DateTime<Utc>) -> bool {
        let now = ClockTime::at(now);
        if self.from <= self.to {
            self.from <= now && now < self.to
        } else {
            self.from <= now || now < self.to
        }
    }

    /// The next time that they are over. Almaty's clocks are never put back or forward.
    fn end(self, now: DateTime<Utc>) -> DateTime<Utc> {
        let minutes = (self.to.0 + DAY - ClockTime::at(now).0) % DAY;
        let minute = now - TimeDelta::seconds(i64::from(now.second()));
        minute.with_nanosecond(0).unwrap_or(minute) + TimeDelta::minutes(i64::from(minutes))
    }
}

/// A time of the day, in minutes since midnight; written as `22:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct ClockTime(u32);

impl ClockTime {
    /// What Almaty's clocks show.
    fn at(now: DateTime<Utc>) -> Self {
        let local = now.with_timezone(&Almaty);
        Self(local.hour() * 60 + local.minute())
    }

    fn parse(text: &str) -> Option<Self> {
        let (hours, minutes) = text.split_once(':')?;
        let number = |digits: &str, end: u32| {
            let is_number = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse::<u32>().ok().filter(|number| is_number && *number < end)
        };
        Some(Self(number(hours, 24)? * 60 + number(minutes, 60)?))
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl TryFrom<String> for ClockTime {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("must be a time as HH:MM")
    }
}

impl From<ClockTime> for String {
    fn from(time: ClockTime) -> Self {
        time.to_string()
    }
}

/// What is wrong; puts the days in order, the longest first.
pub(super) fn check(alerts: &mut AlertSettings) -> Vec<Problem> {
    let mut problems = vec![];
    if alerts.quiet_hours.is_some_and(|hours| hours.from == hours.to) {
        let problem = "must not be the same as from: use null for no quiet hours";
        problems.push(Problem::new("quiet_hours.to", problem));
    }
    let mut seen = BTreeSet::new();
    for (place, days) in alerts.token_days.iter().enumerate() {
        let field = format!("token_days[{place}]");
        if !(1..=MOST_TOKEN_DAYS).contains(days) {
            problems.push(Problem::new(field, format!("must be from 1 to {MOST_TOKEN_DAYS}")));
        } else if !seen.insert(*days) {
            problems.push(Problem::new(field, "stands there twice"));
        }
    }
    if alerts.token_days.len() > MOST_NOTICES {
        problems.push(Problem::new("token_days", format!("must not be more than {MOST_NOTICES}")));
    }
    for (field, minutes) in
        [("proof_minutes", alerts.proof_minutes), ("breaker_minutes", alerts.breaker_minutes)]
    {
        if !(FEWEST_MINUTES..=MOST_MINUTES).contains(&minutes) {
            problems.push(Problem::new(field, format!("must be from {FEWEST_MINUTES} to {MOST_MINUTES}")));
        }
    }
    alerts.token_days.sort_unstable_by(|one, other| other.cmp(one));
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quiet(from: &str, to: &str, at: &str) -> bool {
        let time = |text| ClockTime::parse(text).unwrap();
        QuietHours { from: time(from), to: time(to) }.holds(at.parse().unwrap())
    }

    #[test]
    fn quiet_hours_are_almatys_and_may_go_over_midnight() {
        // 22:00 in Almaty is 17:00 at Greenwich.
        for (at, is_quiet) in [
            ("2026-11-20T16:59:59Z", false),
            ("2026-11-20T17:00:00Z", true),
            ("2026-11-20T19:00:00Z", true),
            ("2026-11-21T02:59:59Z", true),
            ("2026-11-21T03:00:00Z", false),
        ] {
            assert_eq!(quiet("22:00", "08:00", at), is_quiet, "{at}");
            assert_eq!(quiet("08:00", "22:00", at), !is_quiet, "{at}");
        }
        assert!(quiet("00:00", "23:59", "2026-11-20T19:00:00Z"));
        assert!(!quiet("00:00", "23:59", "2026-11-20T18:59:00Z"));
    }

    #[test]
    fn quiet_hours_end_at_the_next_time_of_their_end() {
        let until = |at: &str| AlertSettings::default().quiet_until(at.parse().unwrap());
        let end = "2026-11-21T03:00:00Z".parse().ok();
        assert_eq!(until("2026-11-20T17:00:00Z"), end);
        assert_eq!(until("2026-11-20T18:59:59.999Z"), end);
        assert_eq!(until("2026-11-20T19:00:30Z"), end, "after midnight");
        assert_eq!(until("2026-11-21T02:59:59.5Z"), end);
        assert_eq!(until("2026-11-21T03:00:00Z"), None);
        let loud = AlertSettings { quiet_hours: None, ..AlertSettings::default() };
        assert_eq!(loud.quiet_until("2026-11-20T19:00:30Z".parse().unwrap()), None);
    }

    #[test]
    fn a_token_has_come_to_the_last_of_the_days_that_it_is_within() {
        let settings = AlertSettings::default();
        let notice = |hours| settings.notice(TimeDelta::hours(hours));
        assert_eq!(
            [24 * 14 + 1, 24 * 14, 24 * 7 + 1, 24 * 7].map(notice),
            [None, Some(14), Some(14), Some(7)]
        );
        assert_eq!([24 * 3, 25, 24, 1].map(notice), [Some(3), Some(3), Some(1), Some(1)]);
        assert_eq!(
            AlertSettings { token_days: vec![], ..settings.clone() }.notice(TimeDelta::hours(1)),
            None
        );
        assert!(settings.is_quiet("2026-11-20T20:00:00Z".parse().unwrap()));
        let loud = AlertSettings { quiet_hours: None, ..settings };
        assert!(!loud.is_quiet("2026-11-20T20:00:00Z".parse().unwrap()));
    }

    #[test]
    fn a_time_is_written_as_it_was_read() {
        for text in ["00:00", "08:05", "23:59"] {
            assert_eq!(ClockTime::parse(text).map(String::from).as_deref(), Some(text));
        }
    }
}
