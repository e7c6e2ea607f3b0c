//! How well amoCRM delivers: of the changes that its deals went through, how many a hook told of.
//!
//! A change is counted once amoCRM itself has been read, on the day it happened. Two hooks of one second are one change.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::day::Day;

/// What an entry of a deal's history counts for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// amoCRM was not read since.
    #[default]
    NotYet,
    /// A change that a hook told of, or a further hook of one that is counted.
    Seen,
    /// A change that we have found ourselves.
    Lost,
    /// Nothing: no hook was to tell of it.
    Never,
}

impl Counted {
    /// Whether it still has to be counted.
    pub fn is_not_yet(&self) -> bool {
        *self == Self::NotYet
    }
}

/// The changes of a day and the hooks that told of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Changes.
    pub changes: i64,
    /// Those that a hook told of.
    pub hooks_seen: i64,
}

impl Delivery {
    /// A change that a hook told of.
    pub const SEEN: Self = Self { changes: 1, hooks_seen: 1 };
    /// A change that no hook told of.
    pub const LOST: Self = Self { changes: 1, hooks_seen: 0 };
    /// The hook of a change that was found before it came.
    pub const LATE: Self = Self { changes: 0, hooks_seen: 1 };

    /// Both grow.
    pub fn add(&mut self, other: Self) {
        self.changes += other.changes;
        self.hooks_seen += other.hooks_seen;
    }
}

/// What is to be added, by day.
pub type Deliveries = BTreeMap<Day, Delivery>;

/// One more on a day.
pub fn count(deliveries: &mut Deliveries, day: Day, more: Delivery) {
    deliveries.entry(day).or_default().add(more);
}

/// What amoCRM's subscriptions tell of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// New deals.
    pub added: bool,
    /// A deal of which nothing was ever heard.
    pub unknown: bool,
    /// Moves to another stage.
    pub moved: bool,
    /// Other changes.
    pub changed: bool,
    /// Deletions.
    pub deleted: bool,
    /// Restorations.
    pub restored: bool,
}

impl Told {
    /// Where it cannot be asked what is subscribed. Whether new deals are told of is the one thing that accounts differ in.
    pub const UNKNOWN: Self =
        Self { added: false, unknown: true, moved: true, changed: true, deleted: true, restored: true };

    /// By the names of the events that are subscribed.
    pub fn of<'a>(events: impl IntoIterator<Item = &'a str>) -> Self {
        let mut told = Self {
            added: false,
            unknown: false,
            moved: false,
            changed: false,
            deleted: false,
            restored: false,
        };
        for event in events {
            match event {
                "add_lead" => (told.added, told.unknown) = (true, true),
                "status_lead" => told.moved = true,
                // A move is an update too.
                "update_lead" => (told.moved, told.changed) = (true, true),
                "delete_lead" => told.deleted = true,
                "restore_lead" => told.restored = true,
                _ => {}
            }
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_tells_of_moves_and_a_status_of_nothing_else() {
        let status = Told::of(["status_lead", "add_contact"]);
        assert!(status.moved && !status.changed && !status.added && !status.deleted);
        let update = Told::of(["update_lead", "delete_lead"]);
        assert!(update.moved && update.changed && update.deleted && !update.restored);
    }
}
