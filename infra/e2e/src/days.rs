//! Days of one's own: tests that add up figures must not meet on a day, neither with each other nor with an earlier run.

use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};

use crate::people::Caller;
use crate::stack::Stack;

/// Long before any sample body and the demo, and after the earliest time that a hook may name.
const FIRST: NaiveDate = NaiveDate::from_ymd_opt(2003, 1, 1).expect("a date");
const SPAN: u32 = 13 * 365;

/// A business day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub NaiveDate);

impl Day {
    /// A moment of the day. Almaty has been 5, 6 or 7 hours ahead; from 00:00 to 16:59 UTC the dates are the same.
    pub fn at(self, hour: u32, minute: u32, second: u32) -> i64 {
        assert!(hour < 17, "a later hour of UTC is the next day in Almaty");
        let time = NaiveTime::from_hms_opt(hour, minute, second).expect("a time");
        self.0.and_time(time).and_utc().timestamp()
    }

    /// Six in the morning UTC.
    pub fn noon(self) -> i64 {
        self.at(6, 0, 0)
    }

    /// The day so many days later.
    #[must_use]
    pub fn plus(self, days: u64) -> Self {
        Self(self.0 + Days::new(days))
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.format("%Y-%m-%d").fmt(f)
    }
}

/// A moment in Unix seconds as a time.
pub fn time(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).expect("a time")
}

/// The first of `length` days in a row on which nothing was ever sold and which no other test of this run gets.
pub async fn fresh(stack: &Stack, length: u32) -> Day {
    static NEXT: AtomicU32 = AtomicU32::new(u32::MAX);
    let start = fastrand::u32(..SPAN);
    // Only the first who comes here sets the start.
    NEXT.compare_exchange(u32::MAX, start, Ordering::SeqCst, Ordering::SeqCst).ok();
    for _ in 0..SPAN / length {
        let place = NEXT.fetch_add(length, Ordering::SeqCst) % SPAN;
        // Days that do not fit before the end are left out: those at the beginning may be another test's.
        if place + length > SPAN {
            continue;
        }
        let day = Day(FIRST + Days::new(place.into()));
        let last = day.plus(u64::from(length) - 1);
        let path = format!("/api/traffic-dashboard/sales/total?from={day}&to={last}");
        let total = stack.get(&Caller::Admin, &path).await.ok();
        if total["count"] == 0 && total["cancelled"]["count"] == 0 {
            return day;
        }
    }
    panic!("this stack has no day left without sales; give the tests a fresh one")
}
