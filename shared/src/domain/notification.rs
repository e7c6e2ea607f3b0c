//! A message that is to be sent once: what it is about, when it is due, and what became of it.
//!
//! A row holds ids, never a phone, an address or a name: whoever sends it reads those where they stand.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::incident::News;

pub mod delivery;
mod retry;

pub use delivery::{Delivery, Tried};

/// A message that nobody took for so long is news no more.
const GIVEN_UP_AFTER: TimeDelta = TimeDelta::hours(24);

/// How it goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// To the school's own chat.
    Telegram,
    /// To the lead's phone.
    Sms,
    /// To the lead's e-mail address.
    Email,
}

impl Channel {
    /// Its name in ids and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Telegram => "telegram",
            Self::Sms => "sms",
            Self::Email => "email",
        }
    }
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotificationState {
    /// It is still to be sent.
    Pending,
    /// The provider has taken it.
    Sent,
    /// It will never be sent, unless a person says so.
    Failed,
}

impl NotificationState {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Sent, Self::Failed];

    /// Its name in keys and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sent => "sent",
            Self::Failed => "failed",
        }
    }
}

/// What it tells of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A lead, by its id.
    Lead(String),
    /// A sale that was recorded.
    Sale {
        /// The sale.
        sale_id: String,
        /// The raw hook that made it a sale, in which the deal's name stands.
        raw_id: String,
    },
    /// Something that fell off.
    Incident {
        /// What.
        id: String,
        /// Which time: the same thing may fall off again.
        opened_at: DateTime<Utc>,
        /// What is told of it.
        news: News,
    },
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// `<lead id>-sms`, `<lead id>-email`, `<event id>-telegram`, `incident-<id>-<opened at>-<news>-telegram`: whoever stores
    /// the cause again stores the same row.
    pub id: String,
    /// How it goes out.
    pub channel: Channel,
    /// What became of it.
    pub state: NotificationState,
    /// Not before this.
    pub due_at: DateTime<Utc>,
    /// How often sending was tried, since a person last asked for it.
    pub attempts: u32,
    /// Why the last try did not succeed; never with personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// The provider's own id, once it has taken it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_id: Option<String>,
    /// The campaign of the lead; `sales` for a sale, `alerts` for an incident.
    pub source_campaign: String,
    /// What it tells of.
    pub subject: Subject,
    /// When it was stored.
    pub created_at: DateTime<Utc>,
    /// When the provider took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<DateTime<Utc>>,
    /// When a person last asked for it to be sent again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resent_at: Option<DateTime<Utc>>,
}

impl Notification {
    /// A message that is to be sent at `due_at`.
    pub fn new(
        channel: Channel,
        cause: &str,
        subject: Subject,
        campaign: &str,
        now: DateTime<Utc>,
        due_at: DateTime<Utc>,
    ) -> Self {
        Self {
            id: Self::id_of(cause, channel),
            channel,
            state: NotificationState::Pending,
            due_at,
            attempts: 0,
            last_error: None,
            provider_id: None,
            source_campaign: campaign.to_owned(),
            subject,
            created_at: now,
            sent_at: None,
            resent_at: None,
        }
    }

    /// The id of the message that tells of a cause by a channel.
    pub fn id_of(cause: &str, channel: Channel) -> String {
        format!("{cause}-{}", channel.as_str())
    }

    /// Whether it has failed before then: when it was tried last is when it was due last.
    pub fn has_failed_before(&self, then: DateTime<Utc>) -> bool {
        self.state == NotificationState::Failed && self.due_at < then
    }

    /// What it is after a try that came to this. `jitter` is any number, another one each time.
    #[must_use]
    pub fn after(self, delivery: &Delivery, jitter: u32, now: DateTime<Utc>) -> Self {
        match delivery {
            Delivery::Sent { id } => Self {
                state: NotificationState::Sent,
                provider_id: id.clone(),
                sent_at: Some(now),
                last_error: None,
                ..self
            },
            Delivery::Never { reason, .. } => self.failed(reason.clone()),
            Delivery::At { reason, due_at } => {
                Self { due_at: *due_at, last_error: Some(reason.clone()), ..self }
            }
            Delivery::Later { reason, after, .. } => {
                let due_at = now + retry::pause(self.attempts, *after, jitter);
                if due_at - self.resent_at.unwrap_or(self.created_at) > GIVEN_UP_AFTER {
                    return self.failed(format!("{reason}; given up after 24 hours"));
                }
                Self { due_at, last_error: Some(reason.clone()), ..self }
            }
        }
    }

    fn failed(self, reason: String) -> Self {
        Self { state: NotificationState::Failed, last_error: Some(reason), ..self }
    }

    /// The same, to be sent as if for the first time.
    #[must_use]
    pub fn again(self, now: DateTime<Utc>) -> Self {
        Self {
            state: NotificationState::Pending,
            due_at: now,
            attempts: 0,
            last_error: None,
            provider_id: None,
            sent_at: None,
            resent_at: Some(now),
            ..self
        }
    }
}

#[cfg(test)]
#[path = "notification/tests.rs"]
mod tests;
