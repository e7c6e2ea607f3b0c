//! The order in which a deal's events happened, whatever the order in which they came.

use chrono::{DateTime, Utc};

use super::deal::Entry;
use super::event::Action;

/// Groups of more events in one second than this keep the plain order: chaining them is quadratic.
const LONGEST_CHAIN: usize = 64;

/// An entry with the time that it counts from.
pub type Placed<'a> = (DateTime<Utc>, &'a Entry);

/// Sorts by time; within one instant by the stages, each event after the one that ended where it starts.
///
/// A pure function of the set of entries, so that any order of arrival gives the same history.
pub fn in_order(entries: &[Entry]) -> Vec<Placed<'_>> {
    let mut sorted: Vec<Placed<'_>> =
        entries.iter().map(|entry| (effective_time(entry, entries), entry)).collect();
    sorted.sort_by(|(a_time, a), (b_time, b)| (a_time, rank(a), &a.id).cmp(&(b_time, rank(b), &b.id)));
    let mut ordered: Vec<Placed<'_>> = Vec::with_capacity(sorted.len());
    for group in sorted.chunk_by(|(a, _), (b, _)| a == b) {
        let stage = ordered.iter().rev().find_map(|(_, entry)| entry.stage);
        let chain = chained(group.iter().map(|(_, entry)| *entry).collect(), stage);
        ordered.extend(chain.into_iter().map(|entry| (group[0].0, entry)));
    }
    ordered
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

/// Orders what happened at one instant to a deal that was at `stage` before.
fn chained(mut left: Vec<&Entry>, mut stage: Option<u64>) -> Vec<&Entry> {
    if left.len() > LONGEST_CHAIN {
        return left;
    }
    let mut chain = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let says_the_same = |entry: &&Entry| entry.old_stage.is_none() && entry.stage == stage;
        let starts_here = |entry: &&Entry| entry.old_stage.is_some() && entry.old_stage == stage;
        let starts_after_none = |entry: &&Entry| {
            let leads_to = |other: &&Entry| other.id != entry.id && other.stage == entry.old_stage;
            entry.old_stage.is_none() || !left.iter().any(leads_to)
        };
        // They are sorted already, so that the first that fits is the same one whatever the order of arrival.
        let first = |fits: &dyn Fn(&&Entry) -> bool| left.iter().position(fits);
        let next =
            first(&says_the_same).or_else(|| first(&starts_here)).or_else(|| first(&starts_after_none));
        let next = next.unwrap_or(0);
        let entry = left.remove(next);
        stage = entry.stage.or(stage);
        chain.push(entry);
    }
    chain
}

/// The newest of some values by the order of their events.
pub fn newest<'a, T>(ordered: &[Placed<'a>], value: impl Fn(&'a Entry) -> Option<T>) -> Option<T> {
    ordered.iter().rev().find_map(|(_, entry)| value(entry))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::delivery::Counted;
    use crate::domain::event::{Origin, Route};

    fn entry(id: &str, action: Action, seconds: i64, old: Option<u64>, stage: Option<u64>) -> Entry {
        let at = DateTime::from_timestamp(seconds, 0).unwrap();
        Entry {
            id: id.into(),
            route: Route::Sales,
            origin: Origin::Hook,
            action,
            stage,
            old_stage: old,
            pipeline: None,
            price: None,
            at,
            received_at: at,
            counted: Counted::default(),
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
    fn a_circle_of_stages_in_one_second_begins_where_the_deal_was() {
        let won = entry("m", Action::Status, 5, Some(1), Some(142));
        for (lost, back) in [("a", "b"), ("b", "a")] {
            let lost = entry(lost, Action::Status, 10, Some(142), Some(143));
            let back = entry(back, Action::Status, 10, Some(143), Some(142));
            let expected = ["m", lost.id.as_str(), back.id.as_str()];
            assert_eq!(ids(&[back.clone(), won.clone(), lost.clone()]), expected);
        }
    }

    #[test]
    fn an_edit_that_says_a_stage_again_stands_before_the_deal_moves_on() {
        let before = entry("m", Action::Add, 5, None, Some(1));
        let won = entry("z", Action::Status, 10, Some(1), Some(142));
        let edit = entry("y", Action::Update, 10, None, Some(142));
        let lost = entry("a", Action::Status, 10, Some(142), Some(143));
        assert_eq!(ids(&[lost, edit, won, before]), ["m", "z", "y", "a"]);
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
