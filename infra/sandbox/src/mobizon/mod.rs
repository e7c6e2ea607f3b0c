//! Mobizon: the SMS gateway of Kazakhstan as far as sending one message and asking for its fate needs it.
//!
//! It keeps what each person would have received, and refuses loudly what it does not play. Almost every answer of it
//! is a 200: only `code` in the body tells whether something was done.

mod api;
mod control;
mod faults;
mod message;
mod reply;
mod send;
mod settings;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use serde::Serialize;

use self::faults::Kind;
use self::message::Fate;
use self::settings::Settings;
use crate::clock::Clock;
use crate::faults::Faults;
use crate::journal::Journal;

/// The neighbour and what happened to it.
pub struct Mobizon {
    clock: Clock,
    state: Mutex<State>,
}

struct State {
    settings: Settings,
    faults: Faults<Kind>,
    /// The id of the last message.
    last: u64,
    fates: BTreeMap<u64, Fate>,
    messages: Journal<Message>,
    requests: Journal<Asked>,
}

/// A message that a person received.
#[derive(Serialize)]
struct Message {
    message_id: String,
    recipient: String,
    text: String,
    from: Option<String>,
    validity: Option<u32>,
    segments: usize,
    encoding: &'static str,
}

/// A request. `status` is null where no answer was sent, `code` where it was none of Mobizon's own.
#[derive(Serialize)]
struct Asked {
    edge: String,
    method: String,
    recipient: Option<String>,
    status: Option<u16>,
    code: Option<u16>,
    fault: Option<String>,
    key: &'static str,
}

impl Mobizon {
    /// With the default world.
    pub fn new(clock: Clock) -> Result<Self, serde_json::Error> {
        let state = State {
            settings: settings::world()?,
            faults: Faults::default(),
            last: 0,
            fates: BTreeMap::new(),
            messages: Journal::default(),
            requests: Journal::default(),
        };
        Ok(Self { clock, state: Mutex::new(state) })
    }

    /// Held for a moment only, never across a wait.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The API below `/sms`, and its control below `/control/sms`.
pub fn router(mobizon: Arc<Mobizon>) -> Router {
    api::router(Arc::clone(&mobizon)).merge(control::router(mobizon))
}
