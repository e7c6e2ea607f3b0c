//! Why work on Facebook stops, for those who decide how it goes on.

use std::fmt;

use crate::domain::day::almaty_time;
use crate::domain::sync_state::{ParkReason, Pause};
use crate::store::StoreError;

/// Why work on Facebook cannot go on now.
#[derive(Debug)]
pub enum Stop {
    /// Nobody may call before then.
    Wait(Pause),
    /// Facebook fails for a moment that is longer than we wait here.
    Later(String),
    /// It is too much at once.
    Smaller(String),
    /// The report is lost: start another.
    ReportLost(String),
    /// The function has no time left for it.
    OutOfTime,
    /// A person has to do something.
    Park(ParkReason, String),
    /// Our own store failed.
    Store(StoreError),
}

impl fmt::Display for Stop {
    /// For a person: what is the matter, and what to do if there is something.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wait(pause) => write!(f, "Facebook is left alone until {}", almaty_time(pause.until)),
            Self::Later(said) | Self::Smaller(said) | Self::ReportLost(said) => f.write_str(said),
            Self::OutOfTime => f.write_str("the time was too short"),
            Self::Park(reason, said) => write!(f, "{said} {}", reason.what_to_do()),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
