//! Pages of insight rows: how many, and where the next one begins. A cursor is opaque to callers and checked by us.

use super::cursor;
use super::errors::ApiError;
use super::query::{DEFAULT_LIMIT, Query};
use crate::domain::insights::{Granularity, Level, Place, Row};

/// Which rows of an answer are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowPage {
    /// At most so many.
    limit: usize,
    /// Those behind this place.
    after: Option<Place>,
    of: (Level, Granularity),
}

impl RowPage {
    /// Reads `cursor` and `limit`. A cursor of another level is none.
    pub fn of(query: &Query, level: Level, granularity: Granularity) -> Result<Self, ApiError> {
        let of = (level, granularity);
        let after = query.get("cursor").map(|text| read(text, of)).transpose()?;
        Ok(Self { limit: query.limit()?.unwrap_or(DEFAULT_LIMIT), after, of })
    }

    /// The page's rows and the cursor of the next, if there is one.
    pub fn cut(&self, mut rows: Vec<Row>) -> (Vec<Row>, Option<String>) {
        if let Some(after) = &self.after {
            rows.drain(..rows.partition_point(|row| row.place() <= *after));
        }
        let has_more = rows.len() > self.limit;
        rows.truncate(self.limit);
        let last = rows.last().filter(|_| has_more).map(Row::place);
        (rows, last.and_then(|place| cursor::write(&(self.of, place))))
    }
}

fn read(text: &str, of: (Level, Granularity)) -> Result<Place, ApiError> {
    let (written, place) = cursor::read::<((Level, Granularity), Place)>(text)?;
    if written == of { Ok(place) } else { Err(cursor::foreign()) }
}

#[cfg(test)]
#[path = "row_page_tests.rs"]
mod tests;
