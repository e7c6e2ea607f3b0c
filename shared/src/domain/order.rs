//! The order in which a deal's events happened, whatever the order in which they came.

use chrono::{DateTime, Utc};

use super::deal::Entry;
use super::event::Action;

/// Groups of more events in one second than this keep the plain order: chaining them is quadratic.
const LONGEST_CHAIN: usize = 64;

/// An entry with the time that it counts from.
pub type Placed<'a> = (DateTime<Utc>, &'a Entry);

/// Sorts by time; within one instant by the stages, each event before the one that starts where it ended.
///
/// A pure function of the set of entries, so that any order of arrival gives the same history.
pub fn in_order(entries: &[Entry]) -> Vec<Placed<'_>> {
    let mut sorted: Vec<Placed<'_>> =
        entries.iter().map(|entry| (effective_time(entry, entries), entry)).collect();
    sorted.sort_by(|(a_time, a), (b_time, b)| (a_time, rank(a), &a.id).cmp(&(b_time, rank(b), &b.id)));
    sorted
        .chunk_by(|(a, _), (b, _)| a == b)
        .flat_map(|group| {
            let at = group[0].0;
            chained(group.iter().map(|(_, entry)| *entry).collect()).into_iter().map(move |entry| (at, entry))
        })
        .collect()
}

/// A restoration can only follow the deletion that it undoes. A deletion counts from its arrival, so a restoration
/// whose own time is earlier than that counts from its arrival too.
fn effective_time(entry: &Entry, entries: &[Entry]) -> DateTime<Utc> {
    let undoes = |other: &Entry| {
        other.action == Action::Delete && entry.at <= other.at && other.at <= entry.received_at
    };
    if entry.action == Action::Restore && entries.iter().any(undoes) { entry.received_at } else { entry.at }
}

fn rank(entry: &Entry) -> u8 {
    match entry.action {
        Action::Add => 0,
        Action::Delete => 2,
        Action::Restore => 3,
        _ => 1,
    }
}

fn chained(group: Vec<&Entry>) -> Vec<&Entry> {
    if group.len() < 2 || group.len() > LONGEST_CHAIN {
        return group;
    }
    // Taken from the end, so that what nothing continues comes last.
    let mut left = group;
    let mut reversed = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let continued = |entry: &Entry| {
            left.iter().any(|other| {
                other.id != entry.id
                    && other.old_stage.is_some()
                    && other.old_stage == entry.stage
                    && other.stage != entry.stage
            })
        };
        let last = left
            .iter()
            .enumerate()
            .filter(|(_, entry)| !continued(entry))
            .max_by_key(|(_, entry)| (rank(entry), &entry.id))
            .or_else(|| left.iter().enumerate().max_by_key(|(_, entry)| (rank(entry), &entry.id)))
            .map(|(index, _)| index);
        match last {
            Some(index) => reversed.push(left.remove(index)),
            None => break,
        }
    }
    reversed.reverse();
    reversed
}

/// The newest of some values by the order of their events.
pub fn newest<'a, T>(ordered: &[Placed<'a>], value: impl Fn(&'a Entry) -> Option<T>) -> Option<T> {
    ordered.iter().rev().find_map(|(_, entry)| value(entry))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::Route;

    fn entry(id: &str, action: Action, seconds: i64, old: Option<u64>, stage: Option<u64>) -> Entry {
        let at = DateTime::from_timestamp(seconds, 0).unwrap();
        Entry {
            id: id.into(),
            route: Route::Sales,
            action,
            stage,
            old_stage: old,
            pipeline: None,
            price: None,
            at,
            received_at: at,
        }
    }

    fn ids(entries: &[Entry]) -> Vec<&str> {
        in_order(entries).into_iter().map(|(_, entry)| entry.id.as_str()).collect()
    }

    #[test]
    fn two_moves_in_one_second_follow_their_stages() {
        let won = entry("z", Action::Status, 10, Some(1), Some(142));
        let lost = entry("a", Action::Status, 10, Some(142), Some(143));
        assert_eq!(ids(&[won.clone(), lost.clone()]), ["z", "a"]);
        assert_eq!(ids(&[lost, won]), ["z", "a"]);
    }

    #[test]
    fn a_circle_of_stages_in_one_second_still_has_one_order() {
        let there = entry("a", Action::Status, 10, Some(1), Some(2));
        let back = entry("b", Action::Status, 10, Some(2), Some(1));
        assert_eq!(ids(&[there.clone(), back.clone()]), ids(&[back, there]));
    }

    #[test]
    fn a_restoration_with_an_old_time_still_follows_the_deletion() {
        let delete = entry("d", Action::Delete, 100, None, None);
        let mut restore = entry("r", Action::Restore, 10, None, Some(142));
        restore.received_at = DateTime::from_timestamp(160, 0).unwrap();
        assert_eq!(ids(&[restore.clone(), delete.clone()]), ["d", "r"]);

        let before = entry("r", Action::Restore, 10, None, Some(142));
        assert_eq!(ids(&[delete, before]), ["r", "d"]);
    }
}
