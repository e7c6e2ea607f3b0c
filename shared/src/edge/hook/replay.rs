//! Taking a hook in again from what is kept of it.
//!
//! 1. The body is read by today's code and rules, and each of its events goes through the ledger as if it came now, with its
//!    original time of arrival: one transaction each, which an event that is known already fails by its claim.
//! 2. Only when all of them are in the store, the quarantined event is marked, unless it is marked already.
//!
//! Killed between the two, or anywhere in the first, the event still waits in quarantine, and the next replay finds what is
//! in the ledger claimed, takes in the rest, and marks. The mark comes last because the other order could lose an event that
//! nobody would look for again. In the transaction of an event it would not be safer: a body holds several.
//!
//! Limitation: the mark of such a second replay calls the events `duplicate`, each with the sale that it is about.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::came::{Came, event_id};
use super::intake::{Intake, Taken};
use super::results::HookResult;
use crate::domain::ledger::Outcome;
use crate::neighbours::amocrm::hook::{Content, Item};
use crate::store::StoreError;
use crate::store::event_log::{EventLog, Logged, Replay, ReplayedItem};
use crate::store::raw::RawHooks;

/// Replays hooks.
#[derive(Debug, Clone)]
pub struct Replayer {
    /// Where hooks go.
    pub intake: Intake,
    /// Where events are marked.
    pub log: EventLog,
    /// What is kept of hooks.
    pub raws: RawHooks,
}

impl Replayer {
    /// Replays a hook, whose body this is and which these events came in.
    pub async fn again(
        &self,
        came: &Came<'_>,
        events: &[&Logged],
        bytes: &[u8],
        now: DateTime<Utc>,
        time: Duration,
    ) -> Result<Vec<HookResult>, StoreError> {
        let items = match self.intake.take_again(came, bytes, now, time).await {
            Taken::Nothing { problems, kept } => {
                return kept.map(|_| vec![HookResult::nothing(problems)]);
            }
            Taken::Items(items) => items,
        };
        let mut results = Vec::with_capacity(items.len());
        let mut read = Vec::with_capacity(items.len());
        for (item, fate) in items {
            results.push(HookResult::replayed(&item, fate?));
            read.push(item);
        }
        let told = results.iter().map(|HookResult { action, lead_id, verdict, .. }| ReplayedItem {
            action: action.clone(),
            lead_id: *lead_id,
            verdict: verdict.clone(),
        });
        let replay = Replay { at: now, results: told.collect() };
        for event in events.iter().filter(|event| waits(event) && is_read(&event.record.id, &read)) {
            self.log.mark(&event.record.id, &replay).await?;
        }
        Ok(results)
    }
}

/// Whether an event waits for a replay.
fn waits(event: &Logged) -> bool {
    event.record.verdict.outcome == Outcome::Quarantined && event.replay.is_none()
}

/// Whether what was once quarantined under this id can be read now: it is something else today, and not all of its hook is
/// still unreadable.
fn is_read(id: &str, items: &[Item]) -> bool {
    let is_readable = |item: &Item| !matches!(item.content, Content::Unreadable(_));
    items.iter().any(is_readable) && !items.iter().any(|item| event_id(item) == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(content: Content) -> Item {
        Item { action: "status".to_owned(), lead_id: None, problems: vec![], content }
    }

    #[test]
    fn an_event_is_read_when_its_hook_no_longer_makes_it_and_makes_something() {
        let (readable, other) =
            (item(Content::NotALead("new".to_owned())), item(Content::Unreadable("other".to_owned())));
        let own = item(Content::Unreadable("own".to_owned()));
        assert!(is_read("own", std::slice::from_ref(&readable)));
        assert!(is_read("own", &[readable.clone(), other.clone()]), "the neighbour has a record of its own");
        assert!(!is_read("own", &[readable.clone(), own]), "it is as it was");
        assert!(!is_read("own", &[other]), "nothing of the hook can be read");
        assert!(!is_read("new", &[readable]), "its own record stands in the way of the new one");
        assert!(!is_read("own", &[]));
    }
}
