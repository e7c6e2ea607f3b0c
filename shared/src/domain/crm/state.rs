//! How amoCRM stands, for whoever asks why leads wait.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What is wrong with amoCRM.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrmState {
    /// In words; nothing where all is well.
    pub problem: Option<String>,
    /// Since when.
    pub since: Option<DateTime<Utc>>,
    /// When it was last seen to be so.
    pub checked_at: Option<DateTime<Utc>>,
}

impl CrmState {
    /// The state after amoCRM was found to be so.
    pub fn found(&self, problem: Option<String>, now: DateTime<Utc>) -> Self {
        let since = match (&problem, self.since) {
            (None, _) => None,
            (Some(_), Some(since)) if self.problem.is_some() => Some(since),
            (Some(_), _) => Some(now),
        };
        Self { problem, since, checked_at: Some(now) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_as_old_as_its_first_sight() {
        let at = |text: &str| -> DateTime<Utc> { format!("2026-11-20T{text}Z").parse().unwrap() };
        let (unpaid, blocked) = (Some("not paid".to_owned()), Some("blocked".to_owned()));
        let first = CrmState::default().found(unpaid.clone(), at("10:00:00"));
        assert_eq!((first.since, &first.problem), (Some(at("10:00:00")), &unpaid));
        let second = first.found(blocked.clone(), at("10:01:00"));
        assert_eq!((second.since, &second.problem), (Some(at("10:00:00")), &blocked), "ill all the while");
        assert_eq!(second.checked_at, Some(at("10:01:00")));
        let well = second.found(None, at("10:02:00"));
        assert_eq!(well, CrmState { checked_at: Some(at("10:02:00")), ..CrmState::default() });
        assert_eq!(well.found(unpaid, at("10:03:00")).since, Some(at("10:03:00")));
    }
}
