//! Where a reader of several partitions stands in each of them, and their merge, newest first.
//!
//! 1. Each partition is read from its place: behind the last key that was taken from it or, where none was yet, from the time
//!    of the last key that was taken from any. What has come since then is newer than the page that was shown and is not looked for.
//! 2. As many keys are read from each as are wanted of all, so the newest of what was read are the newest there are.
//! 3. What is taken moves the place of its partition. Keys of one instant stay in the order in which their partition gives them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::DateTime;
use serde::{Deserialize, Serialize};

use crate::store::heard_on::HeardOn;

/// An event in the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Its key in the table.
    pub pk: String,
    /// When it reached us, as it stands in the index.
    pub received_at: String,
}

impl Key {
    /// The id of the event.
    pub fn id(&self) -> &str {
        self.pk.strip_prefix("event#").unwrap_or(&self.pk)
    }

    fn is_one(&self) -> bool {
        self.pk.starts_with("event#") && DateTime::parse_from_rfc3339(&self.received_at).is_ok()
    }
}

/// Where a reader stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    /// The time of the last key that was taken.
    last: Option<String>,
    /// The last key that was taken from each partition.
    of: BTreeMap<String, Key>,
}

impl Places {
    /// The newest time at which a partition is still to be read.
    pub fn newest(&self, partition: HeardOn) -> Option<&str> {
        let own = self.after(partition).map(|key| key.received_at.as_str());
        own.or(self.last.as_deref())
    }

    /// The key behind which a partition is to be read.
    pub fn after(&self, partition: HeardOn) -> Option<&Key> {
        self.of.get(partition.as_str())
    }

    /// Notes that a key was taken from a partition.
    pub fn take(&mut self, partition: HeardOn, key: &Key) {
        self.last = Some(key.received_at.clone());
        self.of.insert(partition.as_str().to_owned(), key.clone());
    }

    /// Whether these can be the places of a reader of these partitions.
    pub fn are_of(&self, partitions: &[HeardOn]) -> bool {
        let is_time = self.last.as_deref().is_some_and(|last| DateTime::parse_from_rfc3339(last).is_ok());
        let known = |(name, key): (&String, &Key)| {
            key.is_one() && HeardOn::parse(name).is_some_and(|partition| partitions.contains(&partition))
        };
        is_time && self.of.iter().all(known)
    }
}

/// The keys of several partitions as one list, newest first.
pub fn merged(parts: Vec<(HeardOn, Vec<Key>)>) -> Vec<(HeardOn, Key)> {
    let keys =
        parts.into_iter().flat_map(|(partition, keys)| keys.into_iter().map(move |key| (partition, key)));
    let mut all: Vec<(HeardOn, Key)> = keys.collect();
    // A stable sort, so each partition's own order stays. Times of one form sort as texts.
    all.sort_by(|(_, one), (_, other)| Reverse(&one.received_at).cmp(&Reverse(&other.received_at)));
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Table = Vec<(HeardOn, Vec<Key>)>;

    /// What the index answers: newest first, keys of one instant in an order of its own.
    fn query(table: &Table, partition: HeardOn, places: &Places, most: usize) -> Vec<Key> {
        let keys = &table.iter().find(|(of, _)| *of == partition).unwrap().1;
        let behind =
            places.after(partition).map_or(0, |after| 1 + keys.iter().position(|key| key == after).unwrap());
        let newest = places.newest(partition);
        let is_asked = |key: &&Key| newest.is_none_or(|newest| key.received_at.as_str() <= newest);
        keys[behind..].iter().filter(is_asked).take(most).cloned().collect()
    }

    fn table(events: &[(usize, u32)]) -> Table {
        let mut table: Table = HeardOn::ALL.map(|partition| (partition, vec![])).into();
        for (number, (partition, minute)) in events.iter().enumerate() {
            let received_at = format!("2026-11-20T10:{minute:02}:00.000Z");
            table[*partition].1.push(Key { pk: format!("event#{number}"), received_at });
        }
        for (_, keys) in &mut table {
            keys.sort_by(|one, other| (&other.received_at, &other.pk).cmp(&(&one.received_at, &one.pk)));
        }
        table
    }

    proptest! {
        /// Pages of any sizes together are the list, whatever stops in the middle of one instant.
        #[test]
        fn no_event_comes_twice_none_is_missing_and_newer_ones_come_first(
            events in prop::collection::vec((0..6_usize, 0..8_u32), 0..60),
            sizes in prop::collection::vec(1..9_usize, 1..6),
        ) {
            let table = table(&events);
            let (mut places, mut shown) = (Places::default(), vec![]);
            for size in sizes.iter().cycle() {
                let read = HeardOn::ALL.map(|partition| (partition, query(&table, partition, &places, *size)));
                let page = merged(read.into());
                if page.is_empty() {
                    break;
                }
                for (partition, key) in page.into_iter().take(*size) {
                    places.take(partition, &key);
                    shown.push(key);
                    let written = serde_json::to_string(&places).unwrap();
                    places = serde_json::from_str(&written).unwrap();
                    prop_assert!(places.are_of(&HeardOn::ALL));
                }
            }
            prop_assert!(shown.is_sorted_by(|one, other| one.received_at >= other.received_at));
            let mut ids: Vec<&str> = shown.iter().map(Key::id).collect();
            ids.sort_unstable();
            ids.dedup();
            prop_assert_eq!((ids.len(), shown.len()), (events.len(), events.len()));
        }
    }

    #[test]
    fn what_came_after_the_first_page_is_not_on_the_second() {
        let mut table = table(&[(0, 1), (0, 2), (3, 1)]);
        let mut places = Places::default();
        places.take(HeardOn::ALL[0], &table[0].1[0].clone());
        table[3].1.insert(0, Key { pk: "event#new".into(), received_at: "2026-11-20T10:30:00.000Z".into() });
        let ids: Vec<Key> = query(&table, HeardOn::Quarantined, &places, 9);
        assert_eq!(ids.iter().map(Key::id).collect::<Vec<_>>(), ["2"]);
    }

    #[test]
    fn places_of_other_partitions_and_keys_of_something_else_are_refused() {
        let of = |name: &str, pk: &str, at: &str| -> Places {
            let key = serde_json::json!({"pk": pk, "received_at": at});
            serde_json::from_value(serde_json::json!({"last": at, "of": {name: key}})).unwrap()
        };
        let at = "2026-11-20T10:30:00.000Z";
        let partitions = [HeardOn::Quarantined];
        assert!(of("quarantined", "event#1", at).are_of(&partitions));
        assert!(!of("healed", "event#1", at).are_of(&partitions));
        assert!(!of("nothing", "event#1", at).are_of(&partitions));
        assert!(!of("quarantined", "raw#1#0", at).are_of(&partitions));
        assert!(!of("quarantined", "event#1", "soon").are_of(&partitions));
        assert!(!Places::default().are_of(&partitions));
    }
}
