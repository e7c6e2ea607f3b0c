//! Who changed what, when, and what came of it. A row is written once and never changed.
//!
//! Nothing here tells a secret: whoever replaces one gives `before` and `after` as they may be shown.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// A section of the settings has another value.
    SettingsChanged,
    /// A neighbour's secret has another value.
    SecretReplaced,
    /// Changed rules were applied to a period.
    RulesApplied,
    /// Applied rules were taken back.
    RulesUndone,
    /// Events, or messages that nobody could handle, were sent through again.
    EventsReplayed,
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// The user's id.
    pub id: String,
    /// Their e-mail, where it is known.
    pub email: Option<String>,
}

impl Who {
    /// Whether a text names this person, by id or by e-mail.
    pub fn is(&self, text: &str) -> bool {
        self.id == text || self.email.as_ref().is_some_and(|email| email.eq_ignore_ascii_case(text))
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditRow {
    /// Made by whoever writes it, so that writing it twice is writing it once.
    pub id: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub who: Who,
    /// What was done.
    pub action: Action,
    /// To what: a section, a neighbour, a period.
    pub subject: String,
    /// How it was; null where there was nothing.
    pub before: Value,
    /// How it is.
    pub after: Value,
    /// What came of it, in words.
    pub effect: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_named_by_id_or_by_email() {
        let who = Who { id: "u-1".to_owned(), email: Some("Owner@school.kz".to_owned()) };
        assert!(who.is("u-1") && who.is("owner@school.kz"));
        assert!(!who.is("U-1") && !who.is("owner"));
        assert!(!Who { email: None, ..who }.is(""));
    }
}
