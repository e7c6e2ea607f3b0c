//! What came of one try to hand a message to a provider. All of it is expected: an error is only what our own machinery
//! does not do.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::NotificationState;

/// What came of it. Reasons are short, the same for the same cause, and hold neither personal data nor secrets: they are
/// stored and shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// The provider has taken it.
    Sent {
        /// The provider's own id, where it told one.
        id: Option<String>,
    },
    /// It would be refused however often it is tried.
    Never {
        /// Why.
        reason: String,
        /// Whether a person can do something about it, and then have it sent again.
        needs_person: bool,
    },
    /// It was handed to nobody: its time is another one. That is no failure, however far away it is.
    At {
        /// Why not now.
        reason: String,
        /// When.
        due_at: DateTime<Utc>,
    },
    /// It may go another time.
    Later {
        /// Why not now.
        reason: String,
        /// How long the provider wants to be left alone, where it says so.
        after: Option<Duration>,
        /// Whether it goes only once a person has done something.
        needs_person: bool,
    },
}

/// What is left of a try for whoever counts tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tried {
    /// The message's state after it.
    pub state: NotificationState,
    /// Whether a person has to do something.
    pub needs_person: bool,
}

impl Delivery {
    /// Whether a person has to do something before the message, and most likely all others of its channel, can go.
    pub fn needs_person(&self) -> bool {
        match self {
            Self::Sent { .. } | Self::At { .. } => false,
            Self::Never { needs_person, .. } | Self::Later { needs_person, .. } => *needs_person,
        }
    }

    /// Never, for this reason.
    pub fn never(reason: impl Into<String>) -> Self {
        Self::Never { reason: reason.into(), needs_person: false }
    }

    /// Never, unless a person does what the reason says and has it sent again.
    pub fn fails_without_person(reason: impl Into<String>) -> Self {
        Self::Never { reason: reason.into(), needs_person: true }
    }

    /// Later, for this reason.
    pub fn later(reason: impl Into<String>) -> Self {
        Self::Later { reason: reason.into(), after: None, needs_person: false }
    }

    /// Later, once a person has done what the reason says.
    pub fn waits_for_person(reason: impl Into<String>) -> Self {
        Self::Later { reason: reason.into(), after: None, needs_person: true }
    }
}
