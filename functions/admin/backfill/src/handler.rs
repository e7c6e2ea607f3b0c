//! One stretch of the past. Called again with the day it names as `from`, it goes on.

use std::time::SystemTime;

use lambda_runtime::Error;
use serde::Deserialize;
use shared::domain::day::{Day, Period};
use shared::edge::clock;
use shared::edge::metrics::{self, CrmRecord, PollRecord, Record};
use shared::sync::crm::backfill::{Backfilled, backfill};
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
}

impl Order {
    /// The days up to the present one.
    fn period(&self, today: Day) -> Result<Period, Error> {
        let to = self.to.min(today);
        if to < self.from {
            return Err(Error::from("from is after to, or not over yet"));
        }
        Ok(Period { from: self.from, to })
    }
}

impl Backfill {
    /// Reads as many days as the time allows.
    pub async fn run(&self, order: Order, deadline: SystemTime) -> Result<Backfilled, Error> {
        let period = order.period(Day::of(clock::now()))?;
        let mut crm = CrmRecord::default();
        let backfilled = backfill(&self.source, period, deadline, &mut crm).await;
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

    #[test]
    fn days_to_come_are_left_out_and_a_period_the_wrong_way_round_is_refused() {
        let day = |text| Day::parse(text).unwrap();
        let of = |from, to| Order { from: day(from), to: day(to) }.period(day("2026-11-20"));
        assert_eq!(of("2026-11-01", "2026-12-31").unwrap().to, day("2026-11-20"));
        assert_eq!(of("2026-11-01", "2026-11-02").unwrap().to, day("2026-11-02"));
        assert!(of("2026-11-02", "2026-11-01").is_err());
        assert!(of("2026-11-21", "2026-11-22").is_err());
    }
}
