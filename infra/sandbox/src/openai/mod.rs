//! OpenAI as far as asking whether a key is good needs it: the list of models.
//!
//! It generates nothing, and refuses loudly what it does not play.

mod api;
mod control;
mod faults;
mod settings;

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use serde::Serialize;

use self::faults::Kind;
use self::settings::Settings;
use crate::clock::Clock;
use crate::faults::Faults;
use crate::journal::Journal;

/// The neighbour and what happened to it.
pub struct OpenAi {
    clock: Clock,
    state: Mutex<State>,
}

struct State {
    settings: Settings,
    faults: Faults<Kind>,
    requests: Journal<Asked>,
}

/// A request. `status` is null where no answer was sent.
#[derive(Serialize)]
struct Asked {
    edge: String,
    method: String,
    status: Option<u16>,
    fault: Option<String>,
    key: &'static str,
}

impl OpenAi {
    /// With the default world.
    pub fn new(clock: Clock) -> Result<Self, serde_json::Error> {
        let (faults, requests) = (Faults::default(), Journal::default());
        let state = State { settings: settings::world()?, faults, requests };
        Ok(Self { clock, state: Mutex::new(state) })
    }

    /// Held for a moment only, never across a wait.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The API below `/openai`, and its control below `/control/openai`.
pub fn router(openai: Arc<OpenAi>) -> Router {
    api::router(Arc::clone(&openai)).merge(control::router(openai))
}
