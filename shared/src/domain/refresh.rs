//! A refresh that a person asked for, and how far it has come.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::ad_account::AdAccountId;
use super::day::Period;
use super::sync_state::{ParkReason, WaitReason};

/// A refresh that made no progress for so long no longer keeps a new one from beginning.
pub const PATIENCE: TimeDelta = TimeDelta::minutes(15);

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshOrder {
    /// Its id.
    pub job_id: String,
    /// Which days; the last 28 of each account's own where none are named.
    pub period: Option<Period>,
    /// Which accounts; all where none are named.
    pub accounts: Option<Vec<AdAccountId>>,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Nothing has begun.
    Queued,
    /// Accounts are being pulled.
    Running,
    /// Every account is pulled, postponed or parked.
    Done,
    /// It could not begin.
    Failed,
}

/// How far one account is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Progress {
    /// Its turn comes.
    Queued,
    /// It is pulled.
    Done {
        /// How many rows there were.
        rows: u64,
        /// When.
        at: DateTime<Utc>,
    },
    /// It will be pulled by itself when Facebook's time is over.
    Postponed {
        /// Not before.
        until: DateTime<Utc>,
        /// Why.
        reason: WaitReason,
    },
    /// A person has to do something.
    Parked {
        /// Why.
        reason: ParkReason,
        /// What Facebook said.
        said: String,
    },
}

impl Progress {
    /// Whether the refresh no longer waits for the account.
    pub fn is_closed(&self) -> bool {
        *self != Self::Queued
    }
}

/// A refresh as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// What was asked for.
    pub order: RefreshOrder,
    /// How far it is.
    pub state: JobState,
    /// Each account's progress.
    pub accounts: BTreeMap<AdAccountId, Progress>,
    /// What did not work on the way and did not stop it.
    pub notes: Vec<String>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}
