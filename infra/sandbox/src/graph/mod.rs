//! Facebook: the Graph API v26.0 as far as reading spend needs it.
//!
//! It plays paging, limits, headers, errors and moving figures of the real one, and refuses loudly what it does not
//! play. It stores nothing on disk and never writes down a token.

mod address;
mod auth;
mod call;
mod control;
mod edges;
mod errors;
mod faults;
mod fields;
mod insights;
mod paging;
mod record;
mod reply;
mod runs;
mod serve;
mod usage;
pub mod world;

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;

use self::faults::Faults;
use self::record::Record;
use self::runs::Runs;
use self::usage::Usage;
use self::world::{World, Wrong};
use crate::clock::Clock;

/// The neighbour: its world and everything that happened to it.
pub struct Graph {
    clock: Clock,
    state: Mutex<State>,
}

struct State {
    world: Arc<World>,
    runs: Runs,
    usage: Usage,
    faults: Faults,
    record: Record,
    /// Pages answered in this world.
    pages: u64,
    trace: u64,
}

impl Graph {
    /// With the default world.
    pub fn new(clock: Clock) -> Result<Self, Wrong> {
        let state = State {
            world: Arc::new(world::school()?),
            runs: Runs::default(),
            usage: Usage::default(),
            faults: Faults::default(),
            record: Record::default(),
            pages: 0,
            trace: 0,
        };
        Ok(Self { clock, state: Mutex::new(state) })
    }

    /// Held for a moment only, never across a wait.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The Graph API below `/graph`, and its control below `/control/graph`.
pub fn router(graph: Arc<Graph>) -> Router {
    serve::router(Arc::clone(&graph)).merge(control::router(graph))
}
