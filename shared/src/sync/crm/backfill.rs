//! The past, from amoCRM: deals as they stand now, by the day they last changed, one business day after the other.
//!
//! No hook is expected to have told of them, so nothing of it counts as healed. What the ledger knows already stays as it
//! is, however often the same days are read.
//!
//! 1. The days of a stretch are read, a month at most.
//! 2. Then the ledger's sales of that stretch are compared with amoCRM's, and the next one begins.
//! 3. Near the deadline, or where amoCRM refuses, it stops between two days or before comparing. The answer names the place:
//!    whoever hands that back goes on there, and no day is left out of the comparing.
//!
//! Limitation: a deal that changes while it goes on moves to a later day, and is read there.

mod place;

use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

pub use self::place::Place;
use self::place::Step;
use super::amocrm::AmoCrm;
use super::reconcile::{Report, reconcile_days};
use super::stop::Stop;
use super::sweep::{Sweep, Swept};
use super::wiring::Source;
use crate::domain::day::Day;
use crate::domain::observe::Purpose;
use crate::edge::clock;
use crate::edge::metrics::CrmRecord;
use crate::neighbours::amocrm::api::{Span, Wanted};
use crate::store::StoreError;

/// A further day is not begun with less time than this.
const FOR_A_DAY: TimeDelta = TimeDelta::seconds(90);

/// Nor is the comparing of a stretch, which begins anew where it was cut off.
const FOR_A_STRETCH: TimeDelta = TimeDelta::seconds(240);

/// What reading the past came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Backfilled {
    /// Whether all of the days were read and compared.
    pub done: bool,
    /// Where to go on, where they were not: to be handed back as `from` and `compared_from`.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub next: Option<Place>,
    /// Why it stopped, where the time was not the cause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// What was read of each day, the oldest first.
    pub days: Vec<DayRead>,
    /// What comparing the days with amoCRM came to, the oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub compared: Vec<Compared>,
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

/// What comparing some days came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// The first of them.
    pub from: Day,
    /// The last.
    pub to: Day,
    /// How both sides stand.
    #[serde(flatten)]
    pub report: Report,
}

/// Reads and compares the days from a place on to the last one, as far as the time goes.
pub async fn backfill(
    source: &Source,
    begin: Place,
    last: Day,
    deadline: SystemTime,
    record: &mut CrmRecord,
) -> Result<Backfilled, StoreError> {
    let crm = AmoCrm::new(source, None, deadline);
    let mut backfilled = Backfilled::default();
    let stopped = walk(source, &crm, begin, last, deadline, &mut backfilled).await;
    *record = crm.record();
    backfilled.problem = match stopped {
        Ok(()) => None,
        Err(Stop::Store(error)) => return Err(error),
        // What was cut off fits the next call, which has all of its time; unless it was all that this one did.
        Err(Stop::OutOfTime) if backfilled.next != Some(begin) => None,
        Err(stop) => Some(stop.to_string()),
    };
    backfilled.done = backfilled.next.is_none();
    Ok(backfilled)
}

async fn walk(
    source: &Source,
    crm: &AmoCrm<'_>,
    begin: Place,
    last: Day,
    deadline: SystemTime,
    backfilled: &mut Backfilled,
) -> Result<(), Stop> {
    let mut place = begin;
    backfilled.next = Some(place);
    let mut sweep = Sweep::begin(source, crm, Purpose::Learn).await?;
    while let Some(step) = place.step(last) {
        // Whatever stops it, it goes on here.
        backfilled.next = Some(place);
        let needed = match step {
            Step::Read(_) => FOR_A_DAY,
            Step::Compare(_) => FOR_A_STRETCH,
        };
        if clock::now() + needed > DateTime::<Utc>::from(deadline) {
            return Err(Stop::OutOfTime);
        }
        match step {
            Step::Read(day) => backfilled.days.push(read(&mut sweep, day).await?),
            Step::Compare(days) => {
                let report = reconcile_days(source, crm, Purpose::Learn, days, clock::now()).await?;
                backfilled.compared.push(Compared { from: days.from, to: days.to, report });
            }
        }
        place = place.after(step);
    }
    backfilled.next = None;
    Ok(())
}

async fn read(sweep: &mut Sweep<'_>, day: Day) -> Result<DayRead, Stop> {
    let to = day.plus(1).start() - TimeDelta::seconds(1);
    sweep.deals(Wanted::Changed(Span { from: day.start(), to: Some(to) })).await?;
    let linked = sweep.find_people().await?;
    let Swept { deals, stored, recorded, .. } = std::mem::take(&mut sweep.swept);
    Ok(DayRead { day, deals, stored, recorded, linked })
}
