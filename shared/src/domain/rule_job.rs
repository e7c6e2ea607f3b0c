//! A job that moves the sales and leads of some days to other rules, and how far it has come.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::audit::Who;
use super::day::{Day, Period};
use super::event::DealId;
use super::rules::RulesVersion;

/// A job that made no progress for so long no longer keeps another from beginning. Longer than one message of it is worked on,
/// and than any pause before it comes again.
pub const PATIENCE: TimeDelta = TimeDelta::minutes(20);

/// As ids are written.
const ID_LENGTH: usize = 36;

/// Whether a text is the id of a job. Other items of the store stand beside the jobs, under names that are none.
pub fn is_id(text: &str) -> bool {
    text.len() == ID_LENGTH && Uuid::try_parse(text).is_ok()
}

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    /// What stands is moved to rules.
    Apply {
        /// Those that were in force when it was asked for, whatever is saved meanwhile.
        #[serde(default)]
        rules: RulesVersion,
    },
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

    /// Whether somebody asks for the same once more.
    pub fn is_same_order(&self, other: &Self) -> bool {
        (&self.kind, self.period) == (&other.kind, other.period)
    }

    /// Whether there is anything left for it to do.
    pub fn is_open(&self) -> bool {
        self.state != JobState::Done && self.undone_by.is_none()
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

    /// What of this is not among the others, which are in order: so many of each at most.
    #[must_use]
    pub fn beyond(&self, known: &Self, most: usize) -> Self {
        let deals = self.deals.iter().filter(|deal| known.deals.binary_search(deal).is_err());
        let leads = self.leads.iter().filter(|lead| known.leads.binary_search(lead).is_err());
        Self { deals: deals.take(most).copied().collect(), leads: leads.take(most).cloned().collect() }
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.deals.is_empty() && self.leads.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_id_is_the_id_of_a_job() {
        let id = "01931d6c-5b00-7000-8000-000000000001";
        assert!(is_id(id));
        let parts = [format!("{id}#2026-11-20"), format!("{{{id}}}"), id.replace('-', "")];
        for text in
            ["current", "applied", "none", "", "1"].into_iter().chain(parts.iter().map(String::as_str))
        {
            assert!(!is_id(text), "{text}");
        }
    }

    #[test]
    fn what_is_new_is_taken_a_part_at_a_time() {
        let deal = |lead| DealId { account: 1, lead };
        let found = Touched { deals: (1..=5).map(deal).collect(), leads: vec!["a".to_owned()] };
        let mut known = Touched { deals: vec![deal(2)], leads: vec![] };
        let part = found.beyond(&known, 3);
        assert_eq!((&part.deals, &part.leads), (&vec![deal(1), deal(3), deal(4)], &found.leads));
        known.join(part);
        known.join(found.beyond(&known, 3));
        assert_eq!(known, found);
        assert!(found.beyond(&known, 3).is_empty());
    }

    #[test]
    fn a_job_that_was_stored_without_its_rules_is_read_and_moves_nothing_to_later_ones() {
        let kind: Kind = serde_json::from_str(r#"{"kind": "apply"}"#).unwrap();
        assert_eq!(kind, Kind::Apply { rules: RulesVersion::default() });
    }

    #[test]
    fn a_job_ends_with_its_last_day() {
        let now: DateTime<Utc> = "2026-11-20T05:00:00Z".parse().unwrap();
        let from = Day::of(now);
        let by = Who { id: "u".to_owned(), email: None };
        let period = Period { from, to: from.plus(1) };
        let kind = Kind::Apply { rules: RulesVersion::default() };
        let job = RuleJob::new("j".to_owned(), kind, period, by, now);
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
