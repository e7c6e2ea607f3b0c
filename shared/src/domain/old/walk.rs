//! In which order the rows of a table are asked for, so that each comes at least once whatever is written meanwhile.
//!
//! By key, never by offset: a row that is deleted would make an offset skip another.
//!
//! 1. From a time on, the oldest first. The next page begins at the time of the last row, since rows of that very time may
//!    be left; those that came already are known by their ids.
//! 2. A whole page of one time would come again for ever: the rest of that time is asked for by id, until nothing is left,
//!    then what is later than it.
//! 3. A page that brings nothing new and is shorter than one before is the end. So is an empty one of what is later.
//!
//! A table that does not keep when its rows were made is walked through by id, from the first one each time: where ids are
//! random, a new row may stand anywhere.
//!
//! A server may hand out fewer rows at a time than are asked for, so that a short page by itself is no end.
//! Rows that are not what was asked for end the walk with what was ignored: it never goes round for ever.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::row::RowId;

/// What is asked for next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// Rows of this time or later.
    From(DateTime<Utc>),
    /// Rows of this very time with a later id.
    Within(DateTime<Utc>, RowId),
    /// Rows later than this time.
    After(DateTime<Utc>),
    /// Rows with a later id than this, of whatever time; all of them where none is named.
    ById(Option<RowId>),
}

impl Ask {
    /// The time that it is about; the first of all times where it is about none.
    pub fn at(&self) -> DateTime<Utc> {
        match self {
            Self::From(at) | Self::Within(at, _) | Self::After(at) => *at,
            Self::ById(_) => DateTime::UNIX_EPOCH,
        }
    }

    /// Whether rows are asked for by their ids alone.
    pub fn is_by_id(&self) -> bool {
        matches!(self, Self::ById(_))
    }

    fn fits(&self, place: &Place) -> bool {
        match self {
            Self::From(at) => place.at >= *at,
            Self::Within(at, id) => place.at == *at && place.id > *id,
            Self::After(at) => place.at > *at,
            Self::ById(after) => after.as_ref().is_none_or(|after| place.id > *after),
        }
    }
}

/// Where a row stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// When it was made; the first of all times where nobody knows.
    pub at: DateTime<Utc>,
    /// Its id.
    pub id: RowId,
}

/// The rows are not those that were asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotAsked {
    /// Rows that the filter leaves out.
    #[error("the filter was ignored")]
    Filter,
    /// Rows in another order.
    #[error("the order was ignored")]
    Order,
}

/// A walk through one table.
#[derive(Debug, Clone)]
pub struct Walk {
    ask: Option<Ask>,
    border: BTreeSet<RowId>,
    longest: usize,
}

impl Walk {
    /// Goes on here; these rows of that very time came before.
    pub fn new(ask: Ask, border: BTreeSet<RowId>) -> Self {
        Self { ask: Some(ask), border, longest: 0 }
    }

    /// What to ask for next; nothing at the end.
    pub fn ask(&self) -> Option<&Ask> {
        self.ask.as_ref()
    }

    /// Takes a page in, and tells which of its rows did not come before.
    pub fn take(&mut self, page: &[Place]) -> Result<Vec<usize>, NotAsked> {
        let Some(ask) = self.ask.clone() else { return Ok(vec![]) };
        if page.iter().any(|place| !ask.fits(place)) {
            return Err(NotAsked::Filter);
        }
        // Within one time the ids decide how it goes on; elsewhere their order does not matter.
        let is_of_one_time = page.first().map(|place| place.at) == page.last().map(|place| place.at);
        let is_in_order = |pair: &[Place]| match (&ask, is_of_one_time) {
            (Ask::ById(_), _) => pair[0].id < pair[1].id,
            (_, true) => pair[0].at == pair[1].at && pair[0].id < pair[1].id,
            (_, false) => pair[0].at <= pair[1].at,
        };
        if !page.windows(2).all(is_in_order) {
            return Err(NotAsked::Order);
        }
        let came = |place: &Place| place.at == ask.at() && self.border.contains(&place.id);
        let fresh: Vec<usize> = (0..page.len()).filter(|place| !came(&page[*place])).collect();
        self.ask = self.after(&ask, page, fresh.is_empty());
        self.longest = self.longest.max(page.len());
        Ok(fresh)
    }

    fn after(&mut self, ask: &Ask, page: &[Place], is_stale: bool) -> Option<Ask> {
        let (Some(first), Some(last)) = (page.first(), page.last()) else {
            self.border.clear();
            return match ask {
                Ask::Within(at, _) => Some(Ask::After(*at)),
                Ask::From(_) | Ask::After(_) | Ask::ById(_) => None,
            };
        };
        if ask.is_by_id() {
            return Some(Ask::ById(Some(last.id.clone())));
        }
        if matches!(ask, Ask::Within(..)) {
            return Some(Ask::Within(last.at, last.id.clone()));
        }
        if is_stale && page.len() < self.longest {
            return None;
        }
        if first.at == last.at {
            self.border.clear();
            return Some(Ask::Within(last.at, last.id.clone()));
        }
        if last.at > ask.at() {
            self.border.clear();
        }
        self.border.extend(page.iter().filter(|place| place.at == last.at).map(|place| place.id.clone()));
        Some(Ask::From(last.at))
    }
}

#[cfg(test)]
#[path = "walk_tests.rs"]
mod tests;
