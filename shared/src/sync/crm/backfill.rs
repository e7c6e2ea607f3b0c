//! The past, from amoCRM: deals as they stand now, by the day they last changed, one business day after the other.
//!
//! No hook is expected to have told of them, so nothing of it counts as healed. What the ledger knows already stays as it
//! is, however often the same days are read. Once all days are read, the ledger's sales of them are compared with amoCRM's.

use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::amocrm::AmoCrm;
use super::reconcile::{Report, reconcile_days};
use super::stop::Stop;
use super::sweep::{Sweep, Swept};
use super::wiring::Source;
use crate::domain::day::{Day, Period};
use crate::domain::observe::Purpose;
use crate::domain::reconciliation::COMPARED_DAYS;
use crate::edge::clock;
use crate::edge::metrics::CrmRecord;
use crate::neighbours::amocrm::api::{Span, Wanted};
use crate::store::StoreError;

/// A further day is not begun with less time than this.
const FOR_A_DAY: TimeDelta = TimeDelta::seconds(90);

/// What reading the past came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Backfilled {
    /// Whether all of the days were read.
    pub done: bool,
    /// The day to go on with, where they were not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Day>,
    /// Why it stopped, where amoCRM was the cause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// What was read of each day, the oldest first.
    pub days: Vec<DayRead>,
    /// What comparing the days with amoCRM came to, a month after the other.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub compared: Vec<Report>,
}

/// What was read of one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayRead {
    /// The day on which the deals last changed.
    pub day: Day,
    /// Deals.
    pub deals: u64,
    /// Those of which anything was new.
    pub stored: u64,
    /// New sales.
    pub recorded: u64,
    /// Deals whose people were found among our leads.
    pub linked: u64,
}

/// Reads the days of a period, as far as the time goes.
pub async fn backfill(
    source: &Source,
    period: Period,
    deadline: SystemTime,
    record: &mut CrmRecord,
) -> Result<Backfilled, StoreError> {
    let crm = AmoCrm::new(source, None, deadline);
    let mut backfilled = Backfilled::default();
    for day in period.days() {
        if clock::now() + FOR_A_DAY > DateTime::<Utc>::from(deadline) {
            backfilled.next = Some(day);
            break;
        }
        match read(source, &crm, day).await {
            Ok(read) => backfilled.days.push(read),
            Err(Stop::Store(error)) => return Err(error),
            Err(stop) => {
                (backfilled.next, backfilled.problem) = (Some(day), Some(stop.to_string()));
                break;
            }
        }
    }
    backfilled.done = backfilled.next.is_none();
    if backfilled.done {
        match compare(source, &crm, period, &mut backfilled.compared).await {
            Ok(()) => {}
            Err(Stop::Store(error)) => return Err(error),
            Err(stop) => {
                let problem = format!("all days are read; to compare them run it again: {stop}");
                backfilled.problem = Some(problem);
            }
        }
    }
    *record = crm.record();
    Ok(backfilled)
}

/// Compares a month at a time: what is held meanwhile does not grow with the period.
async fn compare(
    source: &Source,
    crm: &AmoCrm<'_>,
    period: Period,
    compared: &mut Vec<Report>,
) -> Result<(), Stop> {
    let (mut from, last) = (period.from, period.to.min(Day::of(clock::now())));
    while from <= last {
        let month = Period { from, to: from.plus(COMPARED_DAYS - 1).min(last) };
        compared.push(reconcile_days(source, crm, Purpose::Learn, month, clock::now()).await?);
        from = month.to.plus(1);
    }
    Ok(())
}

async fn read(source: &Source, crm: &AmoCrm<'_>, day: Day) -> Result<DayRead, Stop> {
    let mut sweep = Sweep::begin(source, crm, Purpose::Learn).await?;
    let to = day.plus(1).start() - TimeDelta::seconds(1);
    sweep.deals(Wanted::Changed(Span { from: day.start(), to: Some(to) })).await?;
    let linked = sweep.find_people().await?;
    let Swept { deals, stored, recorded, .. } = sweep.swept;
    Ok(DayRead { day, deals, stored, recorded, linked })
}
