//! Why work on amoCRM stops, for those who decide how it goes on.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::neighbours::amocrm::api::Said;
use crate::store::StoreError;

/// Why work on amoCRM cannot go on now.
#[derive(Debug)]
pub enum Stop {
    /// Nobody may call before then.
    Wait {
        /// When.
        until: DateTime<Utc>,
        /// What a person has to mend, where we are the ones who have found out.
        problem: Option<String>,
    },
    /// We ask too often: not before then.
    SlowDown(DateTime<Utc>),
    /// amoCRM fails for a moment that is longer than we wait here.
    Later(String),
    /// What was to be written is wrong, and nothing was written.
    Invalid(Said),
    /// What the call was about is not there any more.
    Gone(String),
    /// The function has no time left for it.
    OutOfTime,
    /// The lead was written by someone else meanwhile.
    Outdated,
    /// Our own store failed.
    Store(StoreError),
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wait { problem: Some(problem), .. } => f.write_str(problem),
            Self::Wait { problem: None, until } => write!(f, "amoCRM is left alone until {until}"),
            Self::SlowDown(until) => write!(f, "amoCRM is asked too often, and left alone until {until}"),
            Self::Later(said) | Self::Gone(said) => f.write_str(said),
            Self::Invalid(said) => said.fmt(f),
            Self::OutOfTime => f.write_str("the time was too short"),
            Self::Outdated => f.write_str("the lead was written by someone else"),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
