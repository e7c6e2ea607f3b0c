//! A job that moves the sales and leads of some days to other rules, and how far it has come.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::audit::Who;
use super::day::{Day, Period};
use super::event::DealId;

/// A job that made no progress for so long no longer keeps another from beginning.
pub const PATIENCE: TimeDelta = TimeDelta::minutes(20);

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    /// What stands is moved to the rules in force.
    Apply,
    /// What a job moved is moved back.
    Undo {
        /// That job.
        of: String,
    },
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Nothing has begun.
    Queued,
    /// Days are being worked off.
    Running,
    /// All of them are.
    Done,
}

/// A job as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleJob {
    /// Its id.
    pub job_id: String,
    /// What is done.
    #[serde(flatten)]
    pub kind: Kind,
    /// Over these days.
    pub period: Period,
    /// Who asked for it.
    pub by: Who,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// How far it is.
    pub state: JobState,
    /// The first day that is not worked off.
    pub next: Day,
    /// Deals that it moved, on the days that are.
    pub deals: usize,
    /// Leads likewise.
    pub leads: usize,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<DateTime<Utc>>,
    /// The job that takes it back, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_by: Option<String>,
}

impl RuleJob {
    /// One that begins.
    pub fn new(job_id: String, kind: Kind, period: Period, by: Who, now: DateTime<Utc>) -> Self {
        let (next, requested_at) = (period.from, now);
        Self {
            job_id,
            kind,
            period,
            by,
            requested_at,
            state: JobState::Queued,
            next,
            deals: 0,
            leads: 0,
            finished_at: None,
            undone_by: None,
        }
    }

    /// How many of its days are worked off, and how many there are.
    pub fn days(&self) -> (i64, i64) {
        (self.next.days_since(self.period.from), self.period.to.days_since(self.period.from) + 1)
    }

    /// The job when one more day is worked off.
    #[must_use]
    pub fn after(self, touched: &Touched, now: DateTime<Utc>) -> Self {
        let next = self.next.plus(1);
        let is_done = next > self.period.to;
        Self {
            next,
            state: if is_done { JobState::Done } else { JobState::Running },
            deals: self.deals + touched.deals.len(),
            leads: self.leads + touched.leads.len(),
            finished_at: is_done.then_some(now),
            ..self
        }
    }
}

/// What a job moves on one day. It is stored before anything is moved, so that whoever undoes it finds all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touched {
    /// Deals.
    pub deals: Vec<DealId>,
    /// Leads.
    pub leads: Vec<String>,
}

impl Touched {
    /// These and those, each once.
    pub fn join(&mut self, other: Self) {
        self.deals.extend(other.deals);
        self.deals.sort_unstable();
        self.deals.dedup();
        self.leads.extend(other.leads);
        self.leads.sort_unstable();
        self.leads.dedup();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_ends_with_its_last_day() {
        let now: DateTime<Utc> = "2026-11-20T05:00:00Z".parse().unwrap();
        let from = Day::of(now);
        let by = Who { id: "u".to_owned(), email: None };
        let period = Period { from, to: from.plus(1) };
        let job = RuleJob::new("j".to_owned(), Kind::Apply, period, by, now);
        assert_eq!((job.days(), job.state), ((0, 2), JobState::Queued));
        let touched = Touched { deals: vec![DealId { account: 1, lead: 2 }], leads: vec![] };
        let job = job.after(&touched, now);
        assert_eq!((job.days(), job.state, job.deals), ((1, 2), JobState::Running, 1));
        let job = job.after(&touched, now);
        assert_eq!(
            (job.days(), job.state, job.deals, job.finished_at),
            ((2, 2), JobState::Done, 2, Some(now))
        );
    }

    #[test]
    fn what_is_touched_twice_is_named_once() {
        let deal = |lead| DealId { account: 1, lead };
        let mut touched = Touched { deals: vec![deal(3), deal(1)], leads: vec!["b".to_owned()] };
        touched.join(Touched { deals: vec![deal(1), deal(2)], leads: vec!["a".to_owned(), "b".to_owned()] });
        assert_eq!(touched.deals, [deal(1), deal(2), deal(3)]);
        assert_eq!(touched.leads, ["a", "b"]);
    }
}
