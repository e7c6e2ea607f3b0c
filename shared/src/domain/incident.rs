//! Incidents: what fell off, from when until when, what to do about it, and what the school's chat was told of it.
//!
//! What is seen now and what is held from before come in, and what is to be written and told goes out ([`decide`]). The
//! rules, for anything that may be wrong:
//!
//! 1. **It opens** when it is seen, or where it has a patience ([`Sighting::patience`]) once it was seen at every look for
//!    so long.
//! 2. **It is told once**, and of a token once for each level that it comes to, from bad to worse. While it lasts nothing
//!    more is said.
//! 3. **It ends** at the first look that finds it well, and that is told once, unless nobody was ever told of it. A token
//!    that was dead and only ends soon has ended its incident.
//! 4. **In quiet hours nothing is told** but a dead token. What still is so after them is told then; what came and went
//!    meanwhile is not: it stands in the list. The end of what was told before waits for their end too, and where the
//!    trouble is back before that, its end is taken back: nobody has heard of it.
//! 5. **It rests**: for [`REST`] after its end the same thing opens no new incident. So what comes and goes at every look
//!    makes two messages in twenty minutes at most, not two at every look.
//! 6. **What nobody can see** (its reading failed) neither opens nor ends.
//!
//! Told means stored: a messenger that does not answer takes it later. So whoever sends looks once more whether it is still
//! worth telling ([`Telling`]).

use std::cmp::Reverse;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::day::Day;

mod decide;
mod sightings;
mod telling;

pub use decide::{Held, Next, Seen, Step, Watched, decide};
pub use sightings::{breaker, daily_limit, dead_letters, hooks, proof, stale, token};
pub use telling::Telling;

/// After its end the same thing opens no new incident for so long.
pub const REST: TimeDelta = TimeDelta::minutes(15);

/// What kind of thing fell off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A token ends soon, is dead, or is not looked at. By neighbour.
    Token,
    /// amoCRM has switched a hook off, or has it no more. By the last part of its address.
    HookDisabled,
    /// The ledger is not known to have amoCRM's sales.
    Proof,
    /// A source of figures has not spoken for long. By source.
    SourceStale,
    /// Messages wait that no worker could do anything with. By queue.
    DeadLetters,
    /// A neighbour is left alone. By neighbour.
    Breaker,
    /// An ad account spends more in a day than it should. By account and its own day.
    DailyLimit,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Token,
        Self::HookDisabled,
        Self::Proof,
        Self::SourceStale,
        Self::DeadLetters,
        Self::Breaker,
        Self::DailyLimit,
    ];

    /// Its name in ids and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::HookDisabled => "hook_disabled",
            Self::Proof => "proof",
            Self::SourceStale => "source_stale",
            Self::DeadLetters => "dead_letters",
            Self::Breaker => "breaker",
            Self::DailyLimit => "daily_limit",
        }
    }
}

/// What it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// What kind.
    pub kind: Kind,
    /// Which one of its kind.
    pub subject: String,
    /// Of which day, where each day is another matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
}

impl Topic {
    /// One without a day.
    pub fn new(kind: Kind, subject: impl Into<String>) -> Self {
        Self { kind, subject: subject.into(), day: None }
    }

    /// `token:facebook`, `daily_limit:964264512447589:2026-11-20`.
    pub fn id(&self) -> String {
        let day = self.day.map(|day| format!(":{day}")).unwrap_or_default();
        format!("{}:{}{day}", self.kind.as_str(), self.subject)
    }

    /// What it is called in a message.
    pub fn title(&self) -> String {
        let subject = &self.subject;
        match (self.kind, self.day) {
            (Kind::Token, _) => format!("Token of {subject}"),
            (Kind::HookDisabled, _) => format!("amoCRM's hook {subject} is off"),
            (Kind::Proof, _) => "The sales are not proved".to_owned(),
            (Kind::SourceStale, _) => format!("No fresh {subject}"),
            (Kind::DeadLetters, _) => format!("Dead letters of {subject}"),
            (Kind::Breaker, _) => format!("{subject} is left alone"),
            (Kind::DailyLimit, Some(day)) => format!("Ad account {subject} over its limit of {day}"),
            (Kind::DailyLimit, None) => format!("Ad account {subject} over its daily limit"),
        }
    }
}

/// How bad it is. Levels of one kind are compared: the greater is the worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// It is so, and there is nothing worse of its kind.
    Trouble,
    /// A token ends within so many days.
    EndsIn(Reverse<u32>),
    /// A token does not work.
    Dead,
}

impl Level {
    /// A token that ends within so many days.
    pub fn ends_in(days: u32) -> Self {
        Self::EndsIn(Reverse(days))
    }

    /// Its name in ids and answers.
    pub fn name(self) -> String {
        match self {
            Self::Trouble => "trouble".to_owned(),
            Self::EndsIn(Reverse(days)) => format!("ends_in_{days}_days"),
            Self::Dead => "dead".to_owned(),
        }
    }
}

/// What a message says of an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// That it has come to this.
    Is(Level),
    /// That it has ended.
    Ended,
}

impl News {
    /// Its name in ids and answers.
    pub fn name(self) -> String {
        match self {
            Self::Is(level) => level.name(),
            Self::Ended => "ended".to_owned(),
        }
    }
}

/// What was told, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// What.
    pub news: News,
    /// When the message was stored; the outbox sends it.
    pub at: DateTime<Utc>,
}

/// Something that is wrong now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// What.
    pub topic: Topic,
    /// How bad.
    pub level: Level,
    /// What is wrong, in words.
    pub message: String,
    /// What helps, and who can do it.
    pub what_to_do: String,
    /// Since when at the latest, where that is known; else since it was first seen.
    pub since: Option<DateTime<Utc>>,
    /// Before it is that old it is no incident: it may pass by itself.
    pub patience: TimeDelta,
}

/// One time that something was wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// What.
    #[serde(flatten)]
    pub topic: Topic,
    /// Since when it is so, as far as is known.
    pub since: DateTime<Utc>,
    /// Since when it is an incident.
    pub opened_at: DateTime<Utc>,
    /// When it was last seen.
    pub last_seen_at: DateTime<Utc>,
    /// When it was first seen to be over; nothing while it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<DateTime<Utc>>,
    /// How bad it is, or was last.
    pub level: Level,
    /// What is wrong, in words, as it was last seen.
    pub message: String,
    /// What helps, and who can do it.
    pub what_to_do: String,
    /// What was told of it, in that order.
    pub told: Vec<Told>,
}

impl Incident {
    /// Whether it lasts.
    pub fn is_open(&self) -> bool {
        self.ended_at.is_none()
    }

    /// The worst that was told of it.
    fn worst_told(&self) -> Option<Level> {
        let levels = self.told.iter().filter_map(|told| match told.news {
            News::Is(level) => Some(level),
            News::Ended => None,
        });
        levels.max()
    }

    /// Whether its end is still to be told: it is over, and who was told of it does not know.
    fn owes_end(&self) -> bool {
        let is_known = self.told.iter().any(|told| told.news == News::Ended);
        !self.is_open() && !self.told.is_empty() && !is_known
    }
}

#[cfg(test)]
#[path = "incident/tests.rs"]
mod tests;
