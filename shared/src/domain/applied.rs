//! The jobs that have moved what stands and were not taken back. What was moved last is moved back first, so that undoing leads to
//! what an admin has seen before.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::day::Period;
use super::rule_job::RuleJob;

/// So many are remembered.
const MOST: usize = 100;

/// Such a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedJob {
    /// Its id.
    pub job_id: String,
    /// Its days.
    pub period: Period,
    /// When it was asked for.
    pub at: DateTime<Utc>,
}

/// All of them, the oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Applied(pub Vec<AppliedJob>);

impl Applied {
    /// The last one that stands over some of a job's days, and so is to be undone before it.
    pub fn over(&self, job: &RuleJob) -> Option<&AppliedJob> {
        let overlaps =
            |other: &AppliedJob| other.period.from <= job.period.to && job.period.from <= other.period.to;
        let is_later = |other: &AppliedJob| other.job_id != job.job_id && other.at > job.requested_at;
        self.0.iter().rev().find(|other| is_later(other) && overlaps(other))
    }

    /// These and a job that begins.
    #[must_use]
    pub fn and(mut self, job: &RuleJob) -> Self {
        let RuleJob { job_id, period, requested_at, .. } = job;
        self.0.push(AppliedJob { job_id: job_id.clone(), period: *period, at: *requested_at });
        if self.0.len() > MOST {
            self.0.remove(0);
        }
        self
    }

    /// These without one that is taken back.
    #[must_use]
    pub fn without(mut self, job_id: &str) -> Self {
        self.0.retain(|job| job.job_id != job_id);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::audit::Who;
    use crate::domain::day::Day;
    use crate::domain::rule_job::Kind;
    use crate::domain::rules::RulesVersion;

    fn job(id: usize, from: u64, to: u64) -> RuleJob {
        let now = DateTime::from_timestamp(1_763_600_000 + id as i64, 0).unwrap();
        let first = Day::parse("2026-11-01").unwrap();
        let period = Period { from: first.plus(from), to: first.plus(to) };
        let by = Who { id: "u".to_owned(), email: None };
        RuleJob::new(id.to_string(), Kind::Apply { rules: RulesVersion::default() }, period, by, now)
    }

    #[test]
    fn a_job_is_undone_after_the_later_ones_that_share_a_day_with_it() {
        let (one, other_days, shares_a_day) = (job(1, 0, 9), job(2, 10, 20), job(3, 9, 9));
        let applied = Applied::default().and(&one).and(&other_days).and(&shares_a_day);
        let over = |applied: &Applied, job| applied.over(job).map(|over| over.job_id.clone());
        assert_eq!(over(&applied, &one), Some("3".to_owned()));
        assert_eq!(over(&applied, &other_days), None);
        assert_eq!(over(&applied, &shares_a_day), None, "it is the last one");
        assert_eq!(over(&applied.clone().without("3"), &one), None);
        let of_before = applied.without("1");
        assert_eq!(over(&of_before, &one), Some("3".to_owned()), "also over one that is remembered no more");
    }

    #[test]
    fn the_oldest_are_forgotten() {
        let applied = (0..120).fold(Applied::default(), |applied, n| applied.and(&job(n, 0, 0)));
        assert_eq!((applied.0.len(), applied.0[0].job_id.as_str()), (MOST, "20"));
    }
}
