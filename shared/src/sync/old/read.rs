//! One run over one table: page by page, each stored with what was counted before the next is asked for.
//!
//! 1. How many rows there are and how new they are is asked once.
//! 2. A page is asked for, its rows are taken in, how far that came is kept. Killed before that, the page comes again, and
//!    every row of it is known by its key.
//! 3. Near the deadline it stops at a page's end; the next run goes on there.
//!
//! Two runs at once: the second to keep how far it came is refused and stops. A row whose time lies ahead waits for that
//! time: behind it every later row would be passed over.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::tables::{Holds, Standing, Table};
use super::wiring::Source;
use crate::domain::old::lead::Unfit;
use crate::domain::old::progress::Progress;
use crate::domain::old::row::Row;
use crate::domain::old::tally::{Fate, Problem, Statistics};
use crate::domain::old::walk::{Ask, NotAsked, Place, Walk};
use crate::edge::clock;
use crate::neighbours::supabase::Supabase;
use crate::store::StoreError;

/// Supabase hands out no more at once.
const PAGE: usize = 1_000;

/// A page takes no longer, its rows taken in.
const LONGEST_PAGE: Duration = Duration::from_secs(60);

/// The clocks of two machines differ by no more.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(10);

/// Why a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// All rows are read.
    Done,
    /// The time was over; the next run goes on.
    OutOfTime,
    /// Another run was at it meanwhile.
    AnotherRun,
    /// The database could not be read: the statistics say why.
    Problem,
    /// No address is configured, which is no error.
    NotConfigured,
}

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Why it ended.
    pub ended: Ended,
    /// Rows that were read in it, borders and the last half hour again.
    pub read: usize,
    /// How the table stands now.
    #[serde(flatten)]
    pub statistics: Statistics,
}

/// A page's rows with their places.
type Placed = Vec<(Place, Row)>;

enum Paged {
    Rows { rows: Placed, is_last: bool },
    Problem(Problem),
}

impl Source {
    /// Reads a table on from where it was left, or anew.
    pub async fn read(&self, table: Table, anew: bool, deadline: SystemTime) -> Result<Report, StoreError> {
        let began = clock::now();
        let mut progress = self.states.progress(table.name()).await?;
        if anew {
            progress = progress.from_the_start();
        }
        progress.statistics.checked_at = Some(began);
        progress.statistics.problem = None;
        let database = match self.database().await? {
            Ok(database) => database,
            Err(problem) => {
                let ended = if self.is_configured() { Ended::Problem } else { Ended::NotConfigured };
                return self.end(table, progress, Some(problem), ended, 0).await;
            }
        };
        let Standing { overview, timeless, has_times } = match table.standing(&database).await {
            Ok(standing) => standing,
            Err(failure) => {
                return self.end(table, progress, Some(failure.problem()), Ended::Problem, 0).await;
            }
        };
        progress = if has_times { progress.by_time() } else { progress.by_id() };
        progress.statistics.told(overview.total, overview.latest);
        if let Some(rows) = timeless {
            progress.statistics.told_timeless(rows);
        }
        let (mut walk, mut read) = (progress.walk(), 0);
        while let Some(ask) = walk.ask().cloned() {
            if clock::until(deadline) < LONGEST_PAGE {
                return self.end(table, progress, None, Ended::OutOfTime, read).await;
            }
            let (rows, is_last) = match page(&database, table, &ask, &mut walk, began).await {
                Paged::Rows { rows, is_last } => (rows, is_last),
                Paged::Problem(problem) => {
                    return self.end(table, progress, Some(problem), Ended::Problem, read).await;
                }
            };
            read += rows.len();
            self.take_in(table, rows, &mut progress, began).await?;
            let next = if is_last { None } else { walk.ask() };
            progress.went_on(next, began);
            progress = match self.states.keep(table.name(), progress.clone()).await? {
                Ok(kept) => kept,
                Err(_) => return Ok(report(Ended::AnotherRun, read, progress)),
            };
            if is_last {
                break;
            }
        }
        Ok(report(Ended::Done, read, progress))
    }

    async fn end(
        &self,
        table: Table,
        mut progress: Progress,
        problem: Option<Problem>,
        ended: Ended,
        read: usize,
    ) -> Result<Report, StoreError> {
        progress.statistics.problem = problem;
        match self.states.keep(table.name(), progress.clone()).await? {
            Ok(kept) => Ok(report(ended, read, kept)),
            Err(_) => Ok(report(Ended::AnotherRun, read, progress)),
        }
    }

    async fn take_in(
        &self,
        table: Table,
        rows: Placed,
        progress: &mut Progress,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let (own, others): (Placed, Placed) = rows.into_iter().partition(|(_, row)| table.holds(row));
        others.iter().for_each(|(place, _)| progress.pass(place.at));
        let known = |id: &_| progress.fate(id);
        let fates = match table.rows() {
            Holds::Leads(origin) => {
                // Without a time nobody can say on which day a person came. A sale has one of its own.
                let (own, timeless): (Placed, Placed) =
                    own.into_iter().partition(|(_, row)| row.made_at().is_some());
                let mut fates = self.leads.take(origin, own, known, now).await?;
                fates.extend(timeless.into_iter().map(|(place, _)| (place, Fate::Unfit(Unfit::NoTime))));
                fates
            }
            Holds::Sales(route) => self.leads.take_sales(table.table(), route, own, now).await?,
        };
        fates.iter().for_each(|(place, fate)| progress.count(place, *fate));
        Ok(())
    }
}

fn report(ended: Ended, read: usize, progress: Progress) -> Report {
    Report { ended, read, statistics: progress.statistics }
}

/// The rows of a page that did not come before; those without an id or a time have no place, and are left out.
async fn page(database: &Supabase, table: Table, ask: &Ask, walk: &mut Walk, began: DateTime<Utc>) -> Paged {
    let rows = match database.page(table.table(), table.filter(), ask, PAGE).await {
        Ok(rows) => rows,
        Err(failure) => return Paged::Problem(failure.problem()),
    };
    let is_by_id = ask.is_by_id();
    let at = |row: &Row| match is_by_id {
        true => Some(row.made_at().unwrap_or(DateTime::UNIX_EPOCH)),
        false => row.created_at(),
    };
    let place = |row: &Row| Some(Place { at: at(row)?, id: row.id()? });
    let mut placed: Placed = rows.into_iter().filter_map(|row| Some((place(&row)?, row))).collect();
    let ahead = placed.iter().position(|(place, _)| !is_by_id && place.at > began + CLOCKS_DIFFER);
    let is_last = ahead.is_some();
    placed.truncate(ahead.unwrap_or(placed.len()));
    let places: Vec<Place> = placed.iter().map(|(place, _)| place.clone()).collect();
    match walk.take(&places) {
        Ok(fresh) => {
            let mut rows: Vec<Option<(Place, Row)>> = placed.into_iter().map(Some).collect();
            let fresh = fresh.into_iter().filter_map(|index| rows.get_mut(index)?.take()).collect();
            Paged::Rows { rows: fresh, is_last }
        }
        Err(ignored) => Paged::Problem(not_asked(ignored)),
    }
}

fn not_asked(ignored: NotAsked) -> Problem {
    Problem::new(
        format!("the database does not hand out what is asked for: {ignored}"),
        "Check the address: a proxy or a cache may stand before the database.",
    )
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
