//! The old system's two Supabase databases, as far as reading them over PostgREST needs it.
//!
//! It holds whatever rows it is given and checks none of them; it refuses loudly what it does not play. Nothing can be
//! written over the API, only through its control.

mod api;
mod control;
mod faults;
mod query;
mod reply;
mod table;
mod world;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use serde::Serialize;

use self::faults::Kind;
use self::world::Database;
use crate::clock::Clock;
use crate::faults::Faults;
use crate::journal::Journal;

/// The neighbour and what happened to it.
pub struct Supabase {
    clock: Clock,
    databases: Mutex<BTreeMap<String, State>>,
}

/// One database.
struct State {
    database: Database,
    faults: Faults<Kind>,
    requests: Journal<Asked>,
}

/// A request. `status` is null where no answer was sent.
#[derive(Serialize)]
struct Asked {
    method: String,
    table: String,
    /// Filters, order and limits, as they were sent.
    query: String,
    status: Option<u16>,
    rows: Option<usize>,
    fault: Option<String>,
    key: &'static str,
}

impl Supabase {
    /// With the default world.
    pub fn new(clock: Clock) -> Result<Self, serde_json::Error> {
        let state = |database| State { database, faults: Faults::default(), requests: Journal::default() };
        let databases = world::world()?.into_iter().map(|(name, database)| (name, state(database)));
        Ok(Self { clock, databases: Mutex::new(databases.collect()) })
    }

    /// Held for a moment only, never across a wait.
    fn databases(&self) -> MutexGuard<'_, BTreeMap<String, State>> {
        self.databases.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is done with a database; nothing where there is none of that name.
    fn with<T>(&self, name: &str, action: impl FnOnce(&mut State) -> T) -> Option<T> {
        self.databases().get_mut(name).map(action)
    }
}

/// The API below `/supabase`, and its control below `/control/supabase`.
pub fn router(supabase: Arc<Supabase>) -> Router {
    api::router(Arc::clone(&supabase)).merge(control::router(supabase))
}
