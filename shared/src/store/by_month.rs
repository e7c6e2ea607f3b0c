//! Rows of the counters table that are listed by their time: a partition for each month of UTC, so that none grows for
//! ever, and `<instant>#<id>` within it.

use std::collections::VecDeque;

use chrono::{Datelike, SubsecRound, TimeDelta};

use super::place::{Place, instant, month};
use crate::domain::day::Period;

/// The months of a period, the newest first, from where the last page ended.
pub fn months(period: Period, before: Option<&Place>) -> VecDeque<String> {
    let (from, to) = period.instants();
    let (first, mut at) = (month(from), to - TimeDelta::milliseconds(1));
    let mut months = VecDeque::new();
    while month(at) >= first {
        months.push_back(month(at));
        at = at.trunc_subsecs(0) - TimeDelta::days(i64::from(at.day()));
    }
    months.retain(|month| before.is_none_or(|before| month.as_str() <= before.month()));
    months
}

/// The first and the last place of a month's part of a period, before another place. A place sorts after its bare instant, so
/// the first instant after the period is left out; `before` itself is read again.
pub fn bounds(period: Period, before: Option<&Place>) -> (String, String) {
    let (from, to) = period.instants();
    let end = before.map_or_else(|| instant(to), |before| before.as_str().to_owned().min(instant(to)));
    (instant(from), end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(from: &str, to: &str) -> Period {
        Period::parse(Some(from), Some(to), "2026-11-20T05:00:00Z".parse().unwrap()).unwrap()
    }

    #[test]
    fn the_months_of_a_period_are_read_from_the_newest_on() {
        // The first day of March begins in February at Greenwich.
        assert_eq!(months(period("2026-03-01", "2026-03-31"), None), ["2026-03", "2026-02"]);
        assert_eq!(months(period("2026-03-02", "2026-03-31"), None), ["2026-03"]);
        assert_eq!(
            months(period("2025-12-31", "2026-01-01"), None),
            ["2026-01", "2025-12"].map(str::to_owned)
        );
        assert_eq!(months(period("2025-11-20", "2026-11-20"), None).len(), 13);
        let before = Place::new("2026-02-28T20:00:00Z".parse().unwrap(), "a");
        assert_eq!(months(period("2026-03-01", "2026-03-31"), Some(&before)), ["2026-02"]);
    }
}
