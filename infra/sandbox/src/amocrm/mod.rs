//! amoCRM: its REST API v4 as far as writing leads and reading them back needs it.
//!
//! It plays shapes, limits, tokens, errors and hooks of the real one, and refuses loudly what it does not play. It
//! stores nothing on disk and never writes down a token.

mod address;
mod call;
mod control;
mod edges;
mod faults;
mod hooks;
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

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;

use self::faults::Faults;
use self::hooks::Hooks;
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
}

struct State {
    world: World,
    tokens: Tokens,
    settings: Settings,
    limits: Limits,
    faults: Faults,
    record: Record,
    hooks: Hooks,
}

impl Amocrm {
    /// With the default world.
    pub fn new(clock: Clock) -> Result<Self, Wrong> {
        let (world, tokens) = world::usual(clock().timestamp())?;
        let state = State {
            world,
            tokens,
            settings: Settings::default(),
            limits: Limits::default(),
            faults: Faults::default(),
            record: Record::default(),
            hooks: Hooks::default(),
        };
        Ok(Self { clock, state: Mutex::new(state) })
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
