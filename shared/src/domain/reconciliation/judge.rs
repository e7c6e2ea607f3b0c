//! What may be said of a period: that both sides are equal, that they are not, or that nobody knows.
//!
//! Equal is only what was compared, day by day, and not long ago. Whatever stands in the way of that is said in a sentence.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{CountersCheck, DayCheck, Row, Sides};
use crate::domain::crm::subscriptions::HookFinding;
use crate::domain::day::{Day, Period, almaty_clock};

/// The poll runs every ten minutes: after so long without a good run nobody knows how things stand.
pub const OVERDUE: TimeDelta = TimeDelta::minutes(30);

/// A sentence names so many spans of days.
const MOST_SPANS: usize = 3;

/// How amoCRM's hooks stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookHealth {
    /// What a person should mend; nothing where amoCRM does not show its subscriptions.
    pub findings: Option<Vec<HookFinding>>,
    /// When they were looked at.
    pub checked_at: DateTime<Utc>,
}

/// How the comparing itself stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunState {
    /// When the last run began that came to its end.
    pub last_good_at: Option<DateTime<Utc>>,
    /// What that run found and did not dare to put right.
    pub notice: Option<String>,
    /// What it found out about the counters.
    pub counters: Option<CountersCheck>,
    /// When it was last tried.
    pub tried_at: Option<DateTime<Utc>>,
    /// Why that try came to nothing, where it was amoCRM that could not be read.
    pub problem: Option<String>,
    /// Whether that try came to nothing because our own store failed.
    pub has_store_failed: bool,
    /// How amoCRM's hooks stand.
    pub hooks: Option<HookHealth>,
}

impl RunState {
    /// Why the figures are not of now; nothing where they are.
    pub fn in_the_way(&self, now: DateTime<Utc>) -> Option<String> {
        let good = self.last_good_at;
        let is_newer = self.tried_at > good;
        let of =
            good.map_or_else(String::new, |at| format!(" The figures are of {}.", almaty_clock(at, now)));
        match (&self.problem, good) {
            (Some(problem), _) if is_newer => {
                Some(format!("amoCRM cannot be read: {}.{of}", problem.trim_end_matches('.')))
            }
            _ if self.has_store_failed && is_newer => Some(format!(
                "Our own store failed when amoCRM was to be compared; the log of amocrm-poll says how.{of}"
            )),
            (_, None) => Some("amoCRM has not been read yet.".to_owned()),
            (_, Some(at)) if now - at > OVERDUE => Some(format!(
                "amoCRM has not been read since {}: amocrm-poll does not run.",
                almaty_clock(at, now)
            )),
            _ => None,
        }
    }
}

/// What is asked.
pub struct Asked<'a> {
    /// Of which days.
    pub period: Period,
    /// Of which of their rows.
    pub keeps: &'a dyn Fn(&Row) -> bool,
    /// When.
    pub now: DateTime<Utc>,
}

/// Whether both sides are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proven {
    /// They are.
    Green,
    /// They are not.
    Red,
    /// Nobody can say.
    Unknown,
}

/// What may be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Whether both sides are equal.
    pub state: Proven,
    /// Why, where they are not known to be.
    pub reason: Option<String>,
    /// Both sides, of the days that were compared.
    pub sides: Sides,
    /// When the day was compared that was compared longest ago.
    pub checked_at: Option<DateTime<Utc>>,
}

impl Judgement {
    /// Judges what was found out about days of the period. `in_the_way` is what else keeps amoCRM from being read.
    pub fn of(asked: &Asked<'_>, days: &[DayCheck], state: &RunState, in_the_way: Option<String>) -> Self {
        let mut sides = Sides::default();
        days.iter()
            .flat_map(|day| &day.rows)
            .filter(|row| (asked.keeps)(row))
            .for_each(|row| sides.add(&row.sides));
        let checked_at = days.iter().map(|day| day.checked_at).min();
        let (state, reason) = verdict(asked, days, state, in_the_way, &sides);
        Self { state, reason, sides, checked_at }
    }
}

fn verdict(
    asked: &Asked<'_>,
    days: &[DayCheck],
    state: &RunState,
    in_the_way: Option<String>,
    sides: &Sides,
) -> (Proven, Option<String>) {
    if asked.period.from > Day::of(asked.now) {
        return (Proven::Unknown, Some("The period has not begun.".to_owned()));
    }
    if let Some(reason) = state.in_the_way(asked.now).or(in_the_way) {
        return (Proven::Unknown, Some(reason));
    }
    let unread =
        unread(asked, days).map(|spans| format!("amoCRM has not been read for {spans}: make backfill."));
    let found = [apart(sides, state), miscounted(asked, state)];
    let found: Vec<String> = found.into_iter().flatten().collect();
    let unnamed = unnamed(state).filter(|_| found.is_empty());
    let proven = match (unread.as_ref().or(unnamed.as_ref()), found.is_empty()) {
        (_, false) => Proven::Red,
        (Some(_), true) => Proven::Unknown,
        (None, true) => Proven::Green,
    };
    let reasons: Vec<String> = found.into_iter().chain(unnamed).chain(unread).collect();
    (proven, (!reasons.is_empty()).then(|| reasons.join(" ")))
}

fn apart(sides: &Sides, state: &RunState) -> Option<String> {
    if sides.apart() == 0 {
        return None;
    }
    let parts = [(sides.missing, "missing"), (sides.extra, "extra"), (sides.different, "different")];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count != 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let notice = state.notice.as_deref().map(|notice| format!(" {notice}")).unwrap_or_default();
    Some(format!("Deals that are not alike: {}.{notice}", parts.join(", ")))
}

fn miscounted(asked: &Asked<'_>, state: &RunState) -> Option<String> {
    let counters = state.counters.as_ref()?;
    let is_asked = |day: Day| asked.period.from <= day && day <= asked.period.to;
    let of_period = counters.differences.iter().filter(|gap| is_asked(gap.day)).count();
    (of_period != 0).then(|| "The counters are not the sum of the sales: run rebuild.".to_owned())
}

/// Where more counters are wrong than are named, those of the period may be among them.
fn unnamed(state: &RunState) -> Option<String> {
    let more = state.counters.as_ref().map(|counters| counters.more).filter(|more| *more > 0)?;
    Some(format!(
        "Of {more} counters more that are not the sum of the sales nobody knows the day: run rebuild."
    ))
}

/// The days up to today that were never compared, as spans.
fn unread(asked: &Asked<'_>, days: &[DayCheck]) -> Option<String> {
    let last = asked.period.to.min(Day::of(asked.now));
    let mut spans: Vec<(Day, Day)> = vec![];
    for day in (Period { from: asked.period.from, to: last }).days() {
        if days.iter().any(|check| check.day == day) {
            continue;
        }
        match spans.last_mut() {
            Some((_, to)) if to.plus(1) == day => *to = day,
            _ => spans.push((day, day)),
        }
    }
    let said =
        |(from, to): &(Day, Day)| if from == to { from.to_string() } else { format!("{from} … {to}") };
    let named: Vec<String> = spans.iter().take(MOST_SPANS).map(said).collect();
    let more = spans.len().saturating_sub(MOST_SPANS);
    match more {
        _ if spans.is_empty() => None,
        0 => Some(named.join(", ")),
        more => Some(format!("{} and {more} more spans", named.join(", "))),
    }
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
