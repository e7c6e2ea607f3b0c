//! The partitions of the index `heard` of the events table: every event that is listed stands in one of them, by the time it
//! reached us. What we read for ourselves and what an old database told stands in none, unless it healed something.

use super::events::EventRecord;
use crate::domain::event::{Origin, Route};
use crate::domain::ledger::Outcome;

/// Where an event stands in the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HeardOn {
    /// A hook of this route that could be read. Freshness and rebuild read these.
    Route(Route),
    /// What could not be read, and waits for a person.
    Quarantined,
    /// What could not be read when it came, and was when its hook was replayed.
    Replayed,
    /// What no hook told and we found ourselves.
    Healed,
}

impl HeardOn {
    /// Every partition.
    pub const ALL: [Self; 6] = [
        Self::Route(Route::Sales),
        Self::Route(Route::Funnel),
        Self::Route(Route::Traffic),
        Self::Quarantined,
        Self::Replayed,
        Self::Healed,
    ];

    /// The partition of a record that is written for the first time; nothing where it is not listed.
    pub fn of(record: &EventRecord) -> Option<Self> {
        match (record.healed, record.origin, record.verdict.outcome) {
            (Some(_), _, _) => Some(Self::Healed),
            (None, Origin::Hook, Outcome::Quarantined) => Some(Self::Quarantined),
            (None, Origin::Hook, _) => Some(Self::Route(record.route)),
            (None, Origin::Read | Origin::Journal | Origin::History, _) => None,
        }
    }

    /// Reads what [`HeardOn::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|partition| partition.as_str() == text)
    }

    /// Its name in keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Route(route) => route.as_str(),
            Self::Quarantined => "quarantined",
            Self::Replayed => "replayed",
            Self::Healed => "healed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partition_is_read_back_by_its_name_and_no_two_share_one() {
        for partition in HeardOn::ALL {
            assert_eq!(HeardOn::parse(partition.as_str()), Some(partition));
        }
        assert_eq!(HeardOn::parse("read"), None);
    }
}
