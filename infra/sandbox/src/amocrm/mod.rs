//! amoCRM: its REST API v4 as far as writing leads and reading them back needs it.
//!
//! It plays shapes, limits, tokens, errors and hooks of the real one, and refuses loudly what it does not play. It
//! never writes down a token, and nothing else but where it is asked to keep its world.

mod address;
mod call;
mod control;
mod edges;
mod faults;
mod hooks;
mod keep;
mod limits;
mod problem;
mod query;
mod record;
mod reply;
mod serve;
mod settings;
mod tokens;
pub mod world;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;

use self::faults::Faults;
use self::hooks::Hooks;
use self::keep::Keeper;
pub use self::keep::{keep, write_down};
use self::limits::Limits;
use self::record::Record;
use self::settings::Settings;
use self::tokens::Tokens;
use self::world::{World, Wrong};
use crate::clock::Clock;

/// The neighbour: its world and everything that happened to it.
pub struct Amocrm {
    clock: Clock,
    state: Mutex<State>,
    keeper: Option<Keeper>,
}

struct State {
    world: World,
    /// Counts what may have changed the world or where hooks go.
    revision: u64,
    tokens: Tokens,
    settings: Settings,
    limits: Limits,
    faults: Faults,
    record: Record,
    hooks: Hooks,
}

impl Amocrm {
    /// With the world that is kept in the file, if there is one, else with the default one.
    pub fn new(clock: Clock, file: Option<PathBuf>) -> Result<Self, Wrong> {
        let (mut world, tokens) = world::usual(clock().timestamp())?;
        let mut settings = Settings::default();
        let keeper = file.map(Keeper::new);
        if let Some(kept) = keeper.as_ref().map(Keeper::find).transpose()?.flatten() {
            (world, settings.hooks) = (kept.world, kept.hooks);
        }
        let state = State {
            world,
            revision: 0,
            tokens,
            settings,
            limits: Limits::default(),
            faults: Faults::default(),
            record: Record::default(),
            hooks: Hooks::default(),
        };
        Ok(Self { clock, state: Mutex::new(state), keeper })
    }

    /// Held for a moment only, never across a wait.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// amoCRM below `/amocrm`, and its control below `/control/amocrm`.
pub fn router(amocrm: Arc<Amocrm>) -> Router {
    serve::router(Arc::clone(&amocrm)).merge(control::router(amocrm))
}
