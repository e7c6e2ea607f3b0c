//! As much of the past as the time allows. Called again with what its answer names, it goes on.

use std::time::SystemTime;

use lambda_runtime::Error;
use serde::Deserialize;
use shared::domain::day::Day;
use shared::edge::clock;
use shared::edge::metrics::{self, CrmRecord, PollRecord, Record};
use shared::sync::crm::backfill::{Backfilled, Place, backfill};
use shared::sync::crm::wiring::Source;

/// Reads the past.
pub struct Backfill {
    /// The function's name, for metrics.
    pub function: String,
    /// Where everything is.
    pub source: Source,
}

/// Which days; both included.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    from: Day,
    to: Day,
    /// The first day that is to be compared, where an earlier call has read days before `from`.
    #[serde(default)]
    compared_from: Option<Day>,
}

impl Order {
    /// Where it begins, and the last day: the present one at most.
    fn place(&self, today: Day) -> Result<(Place, Day), Error> {
        let last = self.to.min(today);
        let compared_from = self.compared_from.unwrap_or(self.from);
        // Where all is read and only comparing is left, the place is the day after the last one.
        if self.from.min(compared_from) > last {
            return Err(Error::from("from is after to, or not over yet"));
        }
        Ok((Place { read_from: self.from, compared_from }, last))
    }
}

impl Backfill {
    /// Reads and compares as many days as the time allows.
    pub async fn run(&self, order: Order, deadline: SystemTime) -> Result<Backfilled, Error> {
        let (place, last) = order.place(Day::of(clock::now()))?;
        let mut crm = CrmRecord::default();
        let backfilled = backfill(&self.source, place, last, deadline, &mut crm).await;
        let mut record = Record { crm: Some(crm), ..Record::default() };
        if let Ok(backfilled) = &backfilled {
            let deals_read = backfilled.days.iter().map(|day| day.deals).sum();
            record.poll = Some(PollRecord { polls: 1, deals_read, ..PollRecord::default() });
        }
        metrics::write(&self.function, &record, clock::now());
        Ok(backfilled?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn place(from: &str, to: &str, compared_from: Option<&str>) -> Option<(Place, Day)> {
        let order = Order { from: day(from), to: day(to), compared_from: compared_from.map(day) };
        order.place(day("2026-11-20")).ok()
    }

    #[test]
    fn days_to_come_are_left_out_and_a_period_the_wrong_way_round_is_refused() {
        let last = |from, to| place(from, to, None).map(|(_, last)| last);
        assert_eq!(last("2026-11-01", "2026-12-31"), Some(day("2026-11-20")));
        assert_eq!(last("2026-11-01", "2026-11-02"), Some(day("2026-11-02")));
        assert_eq!(last("2026-11-02", "2026-11-01"), None);
        assert_eq!(last("2026-11-21", "2026-11-22"), None);
    }

    #[test]
    fn an_order_may_go_on_where_an_answer_ended() {
        let (began, _) = place("2026-11-01", "2026-11-20", None).unwrap();
        assert_eq!((began.read_from, began.compared_from), (day("2026-11-01"), day("2026-11-01")));
        let (left, _) = place("2026-11-21", "2026-11-20", Some("2026-11-01")).unwrap();
        assert_eq!((left.read_from, left.compared_from), (day("2026-11-21"), day("2026-11-01")));
    }
}
