//! What has become of the rows of a table, as diagnostics show it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::lead::Unfit;
use super::row::RowId;

/// So many rows that were not taken in are named.
const MOST_EXAMPLES: usize = 20;

/// What became of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It is in our store.
    Synced,
    /// It is, and its deal knows of it.
    Linked,
    /// It cannot be taken in.
    Unfit(Unfit),
}

/// Why a table could not be read, in its database's own words where those are known ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What is wrong: `Invalid API key`.
    pub message: String,
    /// What helps.
    #[serde(default)]
    pub hint: Option<String>,
}

impl Problem {
    /// With something that helps.
    pub fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: Some(hint.into()) }
    }

    /// As diagnostics say it.
    pub fn said(&self) -> String {
        format!("Database error: {}", self.message)
    }
}

/// A row that was not taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// Its id there.
    pub id: RowId,
    /// Why.
    pub reason: Unfit,
}

/// The statistics of one table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// The rows that there are, by its database's own count; where it does not count, those that were read.
    pub total: u64,
    /// Those that are in our store.
    pub synced: u64,
    /// Those that are not: they cannot be, or have not been read yet.
    pub not_synced: u64,
    /// When the newest was made.
    pub latest: Option<DateTime<Utc>>,
    /// How many cannot be taken in, by reason.
    pub reasons: BTreeMap<Unfit, u64>,
    /// Some of those.
    pub examples: Vec<Example>,
    /// Rows up to here have been read.
    pub reached: Option<DateTime<Utc>>,
    /// When the database was last asked.
    pub checked_at: Option<DateTime<Utc>>,
    /// Why it could not be read then; nothing where it could.
    pub problem: Option<Problem>,
    /// Whether its database does not count.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub uncounted: bool,
    /// How many of those without a time were told of by its database: none of them is ever on a page.
    #[serde(default, skip_serializing_if = "is_none")]
    pub timeless: u64,
}

impl Statistics {
    /// The database says how many there are, if it counts, and how new the newest is.
    pub fn told(&mut self, total: Option<u64>, latest: Option<DateTime<Utc>>) {
        (self.uncounted, self.latest) = (total.is_none(), latest);
        self.total = total.unwrap_or_default();
        self.recount();
    }

    /// The database says how many have no time, and so are on no page that is asked for by time.
    pub fn told_timeless(&mut self, rows: u64) {
        let reason = self.reasons.entry(Unfit::NoTime).or_default();
        *reason = reason.saturating_sub(self.timeless) + rows;
        self.timeless = rows;
        self.recount();
    }

    /// One more row, where `before` is what had been counted of it already.
    pub fn count(&mut self, id: &RowId, before: Option<Fate>, fate: Fate) {
        match before {
            Some(Fate::Unfit(reason)) => {
                let count = self.reasons.entry(reason).or_default();
                *count = count.saturating_sub(1);
                self.examples.retain(|example| example.id != *id);
            }
            Some(Fate::Synced | Fate::Linked) => self.synced = self.synced.saturating_sub(1),
            None => {}
        }
        match fate {
            Fate::Unfit(reason) => {
                *self.reasons.entry(reason).or_default() += 1;
                if self.examples.len() < MOST_EXAMPLES {
                    self.examples.push(Example { id: id.clone(), reason });
                }
            }
            Fate::Synced | Fate::Linked => self.synced += 1,
        }
        self.recount();
    }

    fn recount(&mut self) {
        self.reasons.retain(|_, count| *count > 0);
        if self.uncounted {
            self.total = self.synced + self.reasons.values().sum::<u64>();
        }
        self.not_synced = self.total.saturating_sub(self.synced);
    }
}

fn is_none(rows: &u64) -> bool {
    *rows == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_counted_once_whatever_becomes_of_it_later() {
        let mut statistics = Statistics::default();
        statistics.told(Some(3), None);
        let id = RowId("a".to_owned());
        let unfit = Fate::Unfit(Unfit::NoPhone);
        statistics.count(&id, None, unfit);
        assert_eq!((statistics.synced, statistics.not_synced), (0, 3));
        assert_eq!(statistics.reasons, [(Unfit::NoPhone, 1)].into());
        assert_eq!(statistics.examples, [Example { id: id.clone(), reason: Unfit::NoPhone }]);
        statistics.count(&id, Some(unfit), Fate::Synced);
        statistics.count(&id, Some(Fate::Synced), Fate::Linked);
        assert_eq!((statistics.synced, statistics.not_synced), (1, 2));
        assert!(statistics.reasons.is_empty() && statistics.examples.is_empty());
    }

    #[test]
    fn only_some_rows_are_named_and_all_are_counted() {
        let mut statistics = Statistics::default();
        for id in 0..100 {
            statistics.count(&RowId(id.to_string()), None, Fate::Unfit(Unfit::BadPhone));
        }
        assert_eq!((statistics.examples.len(), statistics.reasons[&Unfit::BadPhone]), (20, 100));
    }

    #[test]
    fn where_the_database_does_not_count_there_is_what_was_read() {
        let mut statistics = Statistics::default();
        statistics.told(None, None);
        statistics.count(&RowId("a".to_owned()), None, Fate::Synced);
        statistics.count(&RowId("b".to_owned()), None, Fate::Unfit(Unfit::NoPhone));
        assert_eq!((statistics.total, statistics.synced, statistics.not_synced), (2, 1, 1));
        statistics.told(Some(5), None);
        assert_eq!((statistics.total, statistics.not_synced), (5, 4));
    }

    #[test]
    fn rows_without_a_time_are_named_beside_those_that_were_read() {
        let mut statistics = Statistics::default();
        statistics.told(Some(5), None);
        statistics.count(&RowId("a".to_owned()), None, Fate::Unfit(Unfit::NoTime));
        for (rows, named) in [(3, 4), (3, 4), (1, 2)] {
            statistics.told_timeless(rows);
            assert_eq!(statistics.reasons, [(Unfit::NoTime, named)].into());
        }
        let kept: Statistics = serde_json::from_str(&serde_json::to_string(&statistics).unwrap()).unwrap();
        assert_eq!(kept, statistics);
    }

    #[test]
    fn a_problem_is_said_as_the_old_diagnostics_said_it() {
        let problem = Problem { message: "Invalid API key".to_owned(), hint: None };
        assert_eq!(problem.said(), "Database error: Invalid API key");
    }
}
