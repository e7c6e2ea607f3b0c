//! What is to be pulled of an ad account, and how a pull gets smaller where Facebook finds it too much.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ad_account::AdAccountId;
use super::day::{Day, Period};

/// Rows a page is asked for. Smaller pages do not help against limits, they only make more calls.
pub const PAGE_ROWS: u32 = 500;

/// Below this a page is not made smaller: a report is asked for.
const FEWEST_ROWS: u32 = 25;

/// The longest window that is asked for at once; longer periods are several windows.
const LONGEST_WINDOW_DAYS: u64 = 28;

/// A day's figures may still change for a month; so that is how far back the nightly pull goes.
pub const NIGHTLY_DAYS: u64 = 28;

/// A window is asked for again, as a report, so many times before it is given up.
const MOST_REPORTS: u32 = 3;

/// A report that Facebook is working on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Its id.
    pub run_id: String,
    /// How often its state was asked for.
    pub polls: u32,
}

/// By which way a window is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Page by page at once.
    Pages,
    /// By a report that Facebook makes first. `started` counts the reports so far.
    Report {
        /// How many were started.
        started: u32,
        /// The one that is being made.
        running: Option<Report>,
    },
}

/// One window of days, and how it is to be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Its days, in the account's own zone.
    pub days: Period,
    /// Rows a page.
    pub limit: u32,
    /// How it is read.
    pub way: Way,
}

impl Window {
    /// A window to be read page by page.
    pub fn new(days: Period) -> Self {
        Self { days, limit: PAGE_ROWS, way: Way::Pages }
    }

    /// The windows of a period, the newest first: what people look at is right first.
    pub fn of(period: Period) -> Vec<Self> {
        let mut windows = vec![];
        let mut to = period.to;
        while to >= period.from {
            let from = to.minus(LONGEST_WINDOW_DAYS - 1).max(period.from);
            windows.push(Self::new(Period { from, to }));
            to = from.minus(1);
        }
        windows
    }

    /// What to ask for instead where this was too much: half the days, down to one; then smaller pages; then a report.
    /// A report that is too much is none of these: nothing is left to try.
    pub fn smaller(&self) -> Option<Vec<Self>> {
        if self.way != Way::Pages {
            return None;
        }
        let days = self.length();
        if days > 1 {
            let middle = self.days.from.plus(days / 2);
            let newer = Self { days: Period { from: middle, to: self.days.to }, ..self.clone() };
            let older = Self { days: Period { from: self.days.from, to: middle.minus(1) }, ..self.clone() };
            return Some(vec![newer, older]);
        }
        let smaller = if self.limit > FEWEST_ROWS {
            Self { limit: (self.limit / 2).max(FEWEST_ROWS), ..self.clone() }
        } else {
            Self { limit: PAGE_ROWS, way: Way::Report { started: 0, running: None }, ..self.clone() }
        };
        Some(vec![smaller])
    }

    fn length(&self) -> u64 {
        self.days.to.days_since(self.days.from).unsigned_abs() + 1
    }

    /// Whether it covers as many days as another that was too much, or more.
    pub fn is_no_shorter(&self, other: &Self) -> bool {
        self.way == Way::Pages && self.length() > 1 && self.length() >= other.length()
    }

    /// Takes over what was found out on another day of the account: what was too much there will be here, and every
    /// refusal uses the quota up.
    pub fn learn_from(&mut self, other: &Self) {
        if self.length() > 1 || other.length() > 1 || self.way != Way::Pages {
            return;
        }
        match other.way {
            Way::Pages => self.limit = self.limit.min(other.limit),
            Way::Report { .. } => {
                self.limit = PAGE_ROWS;
                self.way = Way::Report { started: 0, running: None };
            }
        }
    }

    /// The same, to be read by another report; nothing where that was tried often enough.
    pub fn another_report(&self) -> Option<Self> {
        let started = match &self.way {
            Way::Pages => 0,
            Way::Report { started, .. } => *started,
        };
        (started < MOST_REPORTS).then(|| Self { way: Way::Report { started, running: None }, ..self.clone() })
    }
}

/// What is to be pulled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// Insights of these windows, in this order.
    Insights(Vec<Window>),
    /// The campaigns and ads there are.
    Objects,
}

/// An order to pull something of one account, as it waits in the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullOrder {
    /// The account.
    pub account_id: AdAccountId,
    /// What is left to do.
    pub work: Work,
    /// The refresh that it belongs to, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_id: Option<String>,
    /// How often it was put off because Facebook did not answer; a success begins anew.
    #[serde(default)]
    pub put_off: u32,
    /// How many rows were pulled for it so far.
    #[serde(default)]
    pub rows: u64,
    /// The newest of all its days, those that are done already too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<Day>,
    /// When the first of its windows that was pulled was begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began_at: Option<DateTime<Utc>>,
    /// What Facebook said of a window that was given up; the others go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_up: Option<String>,
}

impl PullOrder {
    fn new(account_id: AdAccountId, work: Work) -> Self {
        Self {
            account_id,
            work,
            job_id: None,
            put_off: 0,
            rows: 0,
            newest: None,
            began_at: None,
            given_up: None,
        }
    }

    /// Insights of a period.
    pub fn insights(account_id: AdAccountId, period: Period, job_id: Option<String>) -> Self {
        let work = Work::Insights(Window::of(period));
        Self { job_id, newest: Some(period.to), ..Self::new(account_id, work) }
    }

    /// Campaigns and ads.
    pub fn objects(account_id: AdAccountId) -> Self {
        Self::new(account_id, Work::Objects)
    }
}

/// The last so many days that end with `today`.
pub fn last_days(today: Day, days: u64) -> Period {
    Period { from: today.minus(days.saturating_sub(1)), to: today }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn days_of(windows: &[Window]) -> Vec<Day> {
        let mut days: Vec<Day> = windows.iter().flat_map(|window| window.days.days()).collect();
        days.sort();
        days
    }

    #[test]
    fn a_window_shrinks_to_a_day_then_to_small_pages_then_to_a_report() {
        let mut window = Window::new(last_days(day("2026-11-20"), 28));
        let mut seen = vec![];
        while let Some(smaller) = window.smaller() {
            window = smaller[0].clone();
            let days = window.days.to.days_since(window.days.from) + 1;
            seen.push((days, window.limit, window.way == Way::Pages));
        }
        let expected = [
            (14, 500, true),
            (7, 500, true),
            (4, 500, true),
            (2, 500, true),
            (1, 500, true),
            (1, 250, true),
            (1, 125, true),
            (1, 62, true),
            (1, 31, true),
            (1, 25, true),
            (1, 500, false),
        ];
        assert_eq!(seen, expected);
    }

    #[test]
    fn what_is_too_much_on_one_day_is_not_asked_for_on_the_next() {
        let one_day = || Window::new(last_days(day("2026-11-20"), 1));
        let mut next = one_day();
        next.learn_from(&Window { limit: 62, ..one_day() });
        assert_eq!((next.limit, &next.way), (62, &Way::Pages));
        let running = Some(Report { run_id: "1".to_owned(), polls: 4 });
        next.learn_from(&Window { way: Way::Report { started: 1, running }, ..one_day() });
        assert_eq!((next.limit, next.way), (500, Way::Report { started: 0, running: None }));
        let mut week = Window::new(last_days(day("2026-11-20"), 7));
        assert!(
            week.is_no_shorter(&week) && !week.is_no_shorter(&Window::new(last_days(day("2026-11-20"), 8)))
        );
        assert!(!one_day().is_no_shorter(&one_day()), "a day is not cut in two");
        week.learn_from(&Window { limit: 62, ..one_day() });
        assert_eq!(week.limit, 500);
    }

    #[test]
    fn a_report_is_started_three_times() {
        let mut window = Window::new(last_days(day("2026-11-20"), 1));
        for started in 0..3 {
            window = window.another_report().unwrap();
            assert_eq!(window.way, Way::Report { started, running: None });
            window.way = Way::Report { started: started + 1, running: None };
        }
        assert_eq!(window.another_report(), None);
    }

    proptest! {
        #[test]
        fn windows_cover_a_period_once_and_the_newest_comes_first(length in 1_u64..400) {
            let period = last_days(day("2026-11-20"), length);
            let windows = Window::of(period);
            prop_assert_eq!(days_of(&windows), period.days().collect::<Vec<_>>());
            prop_assert_eq!(windows[0].days.to, period.to);
            prop_assert!(windows.iter().all(|window| window.days.days().count() <= 28));
        }

        #[test]
        fn halves_cover_what_was_halved(length in 2_u64..29) {
            let window = Window::new(last_days(day("2026-11-20"), length));
            let halves = window.smaller().unwrap();
            prop_assert_eq!(halves.len(), 2);
            prop_assert_eq!(days_of(&halves), window.days.days().collect::<Vec<_>>());
        }
    }
}
