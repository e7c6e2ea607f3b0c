//! What a sender, or whoever replays, is told of a hook.

use serde::Serialize;

use super::intake::Fate;
use crate::domain::ledger::{Outcome, Verdict};
use crate::neighbours::amocrm::hook::{Content, Item};

/// One lead and action of a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HookResult {
    /// What was done, as the body names it.
    pub action: String,
    /// The lead, where it can be read.
    pub lead_id: Option<u64>,
    /// What became of it.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// What could not be read of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<String>,
}

/// All of a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HookAnswer {
    success: bool,
    /// Each lead and action, in the order of the body.
    pub results: Vec<HookResult>,
}

impl HookAnswer {
    /// The answer that tells these.
    pub fn of(results: Vec<HookResult>) -> Self {
        Self { success: true, results }
    }
}

impl HookResult {
    /// What the sender is told: what the store did not take waits in the queue.
    pub fn of(item: Item, fate: Fate) -> Self {
        let verdict = fate.unwrap_or_else(|_| of_outcome(Outcome::Queued));
        Self { action: item.action, lead_id: item.lead_id, verdict, problems: item.problems }
    }

    /// What whoever replays is told: what still cannot be read is in quarantine, though its record is there since it came.
    pub fn replayed(item: &Item, verdict: Verdict) -> Self {
        let verdict = match item.content {
            Content::Unreadable(_) => of_outcome(Outcome::Quarantined),
            Content::Deal(_) | Content::NotALead(_) => verdict,
        };
        let (action, problems) = (item.action.clone(), item.problems.clone());
        Self { action, lead_id: item.lead_id, verdict, problems }
    }

    /// The only result of a body that holds nothing of amoCRM's.
    pub fn nothing(problems: Vec<String>) -> Self {
        let verdict = of_outcome(Outcome::Quarantined);
        Self { action: "none".to_owned(), lead_id: None, verdict, problems }
    }
}

/// A verdict of which there is no more to tell.
pub(super) fn of_outcome(outcome: Outcome) -> Verdict {
    Verdict { outcome, sale_id: None, team: None, reason: None }
}
