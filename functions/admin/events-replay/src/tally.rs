//! What became of many replays, added up.

use serde::Serialize;
use shared::domain::ledger::Outcome;
use shared::edge::event_row::EventRow;
use shared::edge::hook::HookResult;
use shared::edge::metrics::HookRecord;
use shared::store::event_log::Logged;

/// So many events are shown of a dry run, and so many failures of a real one.
pub const MOST_SHOWN: usize = 20;

/// The answer but for where to go on.
#[derive(Debug, Default, Serialize)]
pub struct Tally {
    /// Events that were asked for and are there.
    pub matched: u64,
    /// Those of them whose hooks are still kept, so that they can be replayed.
    pub replayable: u64,
    /// Those of them whose hooks are wholly in the store.
    pub replayed: u64,
    /// What became of the leads and actions in those hooks.
    pub results: Results,
    /// The first of those that failed, and why.
    pub failures: Vec<Failure>,
    /// The first of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<Vec<EventRow>>,
}

/// How many leads and actions came to what; `failed` counts events.
#[derive(Debug, Default, Serialize)]
pub struct Results {
    recorded: u64,
    updated: u64,
    duplicate: u64,
    ignored: u64,
    quarantined: u64,
    failed: u64,
}

/// An event that was not replayed.
#[derive(Debug, Serialize)]
pub struct Failure {
    id: String,
    problem: &'static str,
}

impl Tally {
    /// Nothing yet.
    pub fn new(dry_run: bool) -> Self {
        Self { items: dry_run.then(Vec::new), ..Self::default() }
    }

    /// Whether there is nothing to tell yet.
    pub fn is_empty(&self) -> bool {
        self.matched == 0 && self.results.failed == 0
    }

    /// Events that were asked for, of which so many can be replayed.
    pub fn show(&mut self, events: &[Logged], replayable: usize) {
        self.matched += count(events.len());
        self.replayable += count(replayable);
        if let Some(items) = &mut self.items {
            let left = MOST_SHOWN.saturating_sub(items.len());
            items.extend(events.iter().take(left).map(EventRow::from));
        }
    }

    /// The hook of so many events is in the store.
    pub fn took(&mut self, events: usize, results: &[HookResult], record: &mut HookRecord) {
        self.replayed += count(events);
        for result in results {
            record.count(result.verdict.outcome);
            *match result.verdict.outcome {
                Outcome::Recorded => &mut self.results.recorded,
                Outcome::Updated => &mut self.results.updated,
                Outcome::Duplicate => &mut self.results.duplicate,
                Outcome::Ignored => &mut self.results.ignored,
                Outcome::Quarantined => &mut self.results.quarantined,
                // Nothing is queued here: what the store refuses fails.
                Outcome::Queued => &mut self.results.failed,
            } += 1;
        }
    }

    /// These events were not replayed.
    pub fn failed<'a>(&mut self, ids: impl Iterator<Item = &'a str>, problem: &'static str) {
        for id in ids {
            self.results.failed += 1;
            if self.failures.len() < MOST_SHOWN {
                self.failures.push(Failure { id: id.to_owned(), problem });
            }
        }
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_replayed_is_told_apart_from_what_was_found() {
        let mut tally = Tally::new(true);
        assert!(tally.is_empty());
        tally.show(&[], 0);
        assert!(tally.is_empty(), "nothing was found");
        tally.failed(["e-1"].into_iter(), "there is no such event");
        assert!(!tally.is_empty(), "something is to be told");
        tally.show(&[], 3);
        let told = serde_json::to_value(&tally).unwrap();
        assert_eq!(
            (&told["matched"], &told["replayable"], &told["replayed"]),
            (&0.into(), &3.into(), &0.into())
        );
    }
}
