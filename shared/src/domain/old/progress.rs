//! How far a table has been read, and what was counted on the way: stored together after each page, so that whoever goes
//! on after a crash neither leaves a gap nor counts a row twice.
//!
//! Rows are not always there by the time that stands in them: whoever writes one may take some minutes. So a walk that came
//! to its end is followed by one over what was not settled when it began: the half hour before that, and since. What was
//! counted of this time is remembered row by row, of what is older nothing is. A walk that was cut off goes on exactly
//! where it was.
//!
//! A table without times is walked through by id, each time from its first row on and counted anew: nothing tells which
//! rows are new.
//!
//! Limitation: of a flood of rows within that half hour only so many are remembered as fit beside the rest. Then what was
//! read counts as settled, and a row that is late meanwhile is found only by reading all anew.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::row::RowId;
use super::tally::{Fate, Statistics};
use super::walk::{Ask, Place, Walk};

/// So much is read again. Longer than the time within which a form of ours may be that of a row, and the pause between
/// two runs.
pub const OVERLAP: TimeDelta = TimeDelta::minutes(30);

/// An item of our store has room for these and more.
const MOST_REMEMBERED: usize = 2_000;

/// What was counted of one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Counted {
    at: DateTime<Utc>,
    fate: Fate,
}

/// How far a table has been read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// What has become of its rows.
    #[serde(flatten)]
    pub statistics: Statistics,
    /// Grows with every write; a write is conditional on the one that was read.
    pub version: u64,
    ask: Ask,
    ended: bool,
    unsettled: Option<DateTime<Utc>>,
    counted: BTreeMap<RowId, Counted>,
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            statistics: Statistics::default(),
            version: 0,
            ask: Ask::From(DateTime::UNIX_EPOCH),
            ended: false,
            unsettled: None,
            counted: BTreeMap::new(),
        }
    }
}

impl Progress {
    /// Begins at the first row, and counts anew.
    pub fn from_the_start(self) -> Self {
        Self { version: self.version, ..Self::default() }
    }

    /// Its rows have times: what was read by id is read anew.
    pub fn by_time(self) -> Self {
        if self.ask.is_by_id() { self.anew(Ask::From(DateTime::UNIX_EPOCH)) } else { self }
    }

    /// Its rows have no times: it goes on by id where it was cut off, or begins anew.
    pub fn by_id(self) -> Self {
        if self.ask.is_by_id() && !self.ended { self } else { self.anew(Ask::ById(None)) }
    }

    fn anew(self, ask: Ask) -> Self {
        let statistics = Statistics { checked_at: self.statistics.checked_at, ..Statistics::default() };
        Self { statistics, ask, ..self.from_the_start() }
    }

    /// The same as it is after one more write.
    pub fn written(self) -> Self {
        Self { version: self.version + 1, ..self }
    }

    /// Where to go on.
    pub fn walk(&self) -> Walk {
        let again = self.unsettled.filter(|from| self.ended && *from < self.ask.at());
        if let Some(from) = again {
            return Walk::new(Ask::From(from), [].into());
        }
        let at_border = self.counted.iter().filter(|(_, counted)| counted.at == self.ask.at());
        Walk::new(self.ask.clone(), at_border.map(|(id, _)| id.clone()).collect())
    }

    /// What was counted of a row, where that is remembered.
    pub fn fate(&self, id: &RowId) -> Option<Fate> {
        self.counted.get(id).map(|counted| counted.fate)
    }

    /// A row was taken in, or found unfit.
    pub fn count(&mut self, place: &Place, fate: Fate) {
        let counted = Counted { at: place.at, fate };
        let before = self.counted.insert(place.id.clone(), counted).map(|before| before.fate);
        self.statistics.count(&place.id, before, fate);
        self.pass(place.at);
    }

    /// A row of this time is none of those that are counted here.
    pub fn pass(&mut self, at: DateTime<Utc>) {
        self.statistics.reached = self.statistics.reached.max(Some(at));
    }

    /// A page is done. `ask` is how it goes on, where it does; the run began at `began`.
    pub fn went_on(&mut self, ask: Option<&Ask>, began: DateTime<Utc>) {
        if self.ask.is_by_id() {
            // No row comes twice in such a walk, and the next one counts anew.
            self.counted.clear();
            self.ended = ask.is_none();
            self.ask = ask.cloned().unwrap_or(Ask::ById(None));
            return;
        }
        self.ask = match (ask, self.statistics.reached) {
            (Some(ask), _) => ask.clone(),
            (None, Some(reached)) => Ask::After(reached),
            (None, None) => Ask::From(DateTime::UNIX_EPOCH),
        };
        let before = began - OVERLAP;
        let unsettled = match self.unsettled {
            // What was settled once stays so, whatever another machine's clock says.
            Some(known) if self.ended => known.max(before),
            Some(known) => known,
            None => before,
        };
        self.ended = ask.is_none();
        self.settle(unsettled);
        if self.counted.len() > MOST_REMEMBERED {
            self.settle(self.ask.at() + TimeDelta::microseconds(1));
        }
    }

    /// Rows before then are not asked for again once the walk has passed them, and need not be remembered.
    fn settle(&mut self, unsettled: DateTime<Utc>) {
        self.unsettled = Some(unsettled);
        let ask = self.ask.clone();
        self.counted.retain(|_, counted| {
            let lies_ahead = match &ask {
                Ask::From(at) => counted.at >= *at,
                Ask::Within(at, _) | Ask::After(at) => counted.at > *at,
                Ask::ById(_) => false,
            };
            lies_ahead || counted.at >= unsettled
        });
    }
}

#[cfg(test)]
#[path = "progress_tests.rs"]
mod tests;
