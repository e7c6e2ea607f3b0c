//! The last run of all checks, as it is kept for whoever looks at it later.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::queues::Since;

/// A schedule runs them every hour.
const DUE: TimeDelta = TimeDelta::hours(2);

/// One run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LastRun {
    /// When it began.
    pub ran_at: DateTime<Utc>,
    /// What it knew of the age of dead letters, for the next one.
    #[serde(default)]
    pub dead_letters_since: Since,
    /// What it told, as it told it: a later version of the program shows it unchanged.
    pub report: Value,
}

impl LastRun {
    /// Whether the schedule has missed one.
    pub fn is_stale(&self, now: DateTime<Utc>) -> bool {
        now - self.ran_at > DUE
    }
}
