//! What the last check of an ad account found, in a form that is kept.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Suspect;
use crate::domain::ad_account::AdAccountId;

/// A check that was not made once more after a day and two hours is overdue.
pub const DUE: TimeDelta = TimeDelta::hours(26);

/// An item of the store holds 400 KB: so much for ads in full, and the rest for the ids of the others.
const MOST_BYTES: usize = 250_000;
const MOST_IDS: usize = 5_000;

/// What a check of one account found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The account.
    pub account_id: AdAccountId,
    /// When.
    pub checked_at: DateTime<Utc>,
    /// How many active ads there were.
    pub ads: usize,
    /// With how many something was wrong.
    pub with_findings: usize,
    /// These, as far as they fit.
    pub suspects: Vec<Suspect>,
    /// The ids of those that did not fit, so that what they spend is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
}

impl Found {
    /// Of this account; of more suspects than fit the first are kept in full.
    pub fn new(
        account_id: AdAccountId,
        checked_at: DateTime<Utc>,
        ads: usize,
        suspects: Vec<Suspect>,
    ) -> Self {
        let with_findings = suspects.len();
        let mut bytes = 0;
        let fits = suspects.iter().take_while(|suspect| {
            bytes += size(suspect);
            bytes <= MOST_BYTES
        });
        let fitting = fits.count();
        let mut suspects = suspects;
        let rest = suspects.split_off(fitting);
        let left_out = rest.into_iter().take(MOST_IDS).map(|suspect| suspect.ad.id).collect();
        Self { account_id, checked_at, ads, with_findings, suspects, left_out }
    }
}

/// In the store, where it is JSON.
fn size(suspect: &Suspect) -> usize {
    // What cannot be written is none that fits.
    serde_json::to_vec(suspect).map_or(MOST_BYTES, |json| json.len() + 1)
}

/// Why an account could not be checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// When that was.
    pub at: DateTime<Utc>,
    /// For a person.
    pub said: String,
}

/// All that is kept of an account: what was found last, and why nothing newer is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// Nothing where no check was ever good.
    pub found: Option<Found>,
    /// Nothing where the last check was good.
    pub problem: Option<Problem>,
}

impl Kept {
    /// Whether a newer check should be there, or was tried in vain.
    pub fn is_stale(&self, now: DateTime<Utc>) -> bool {
        self.problem.is_some() || self.found.as_ref().is_none_or(|found| now - found.checked_at > DUE)
    }
}
