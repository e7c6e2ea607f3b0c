//! What a neighbour was asked, and what came of it: numbered, and only the last so many.

use std::collections::VecDeque;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Serialize, Serializer};

/// So many entries are kept.
const KEPT: usize = 5000;

/// Entries in the order in which they came. Forgetting them does not start the numbers over.
pub struct Journal<T> {
    count: u64,
    kept: VecDeque<Entry<T>>,
}

#[derive(Serialize)]
struct Entry<T> {
    n: u64,
    at: String,
    #[serde(flatten)]
    what: T,
}

impl<T> Default for Journal<T> {
    fn default() -> Self {
        Self { count: 0, kept: VecDeque::new() }
    }
}

impl<T> Journal<T> {
    /// Adds an entry and gives its number.
    pub fn note(&mut self, at: DateTime<Utc>, what: T) -> u64 {
        self.count += 1;
        let at = at.to_rfc3339_opts(SecondsFormat::Millis, true);
        self.kept.push_back(Entry { n: self.count, at, what });
        if self.kept.len() > KEPT {
            self.kept.pop_front();
        }
        self.count
    }

    /// The entry of that number, while it is kept.
    pub fn get_mut(&mut self, n: u64) -> Option<&mut T> {
        self.kept.iter_mut().rev().find(|entry| entry.n == n).map(|entry| &mut entry.what)
    }

    /// Forgets the entries.
    pub fn clear(&mut self) {
        self.kept.clear();
    }
}

impl<T: Serialize> Serialize for Journal<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&self.kept)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Serialize)]
    struct Asked {
        status: Option<u16>,
    }

    #[test]
    fn numbers_go_on_and_only_the_last_entries_are_kept() {
        let mut journal = Journal::default();
        let at = "2026-11-20T05:00:00.123Z".parse().unwrap();
        let first = journal.note(at, Asked { status: None });
        journal.get_mut(first).unwrap().status = Some(200);
        assert_eq!(json!(journal), json!([{"n": 1, "at": "2026-11-20T05:00:00.123Z", "status": 200}]));
        journal.clear();
        for _ in 0..=KEPT {
            journal.note(at, Asked { status: None });
        }
        assert_eq!((json!(journal).as_array().unwrap().len(), &json!(journal)[0]["n"]), (KEPT, &json!(3)));
        assert!(journal.get_mut(first).is_none());
    }
}
