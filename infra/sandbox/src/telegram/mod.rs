//! Telegram: the Bot API as far as sending a text needs it.
//!
//! It keeps what each chat received as its readers see it. It delivers nothing, sends no updates, and refuses loudly
//! what it does not play.

mod api;
mod control;
mod faults;
mod limits;
mod markdown;
mod refusal;
mod send;
mod settings;

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use serde::Serialize;

use self::faults::Kind;
use self::limits::Sent;
use self::markdown::Entity;
use self::settings::Settings;
use crate::clock::Clock;
use crate::faults::Faults;
use crate::journal::Journal;

/// The neighbour and what happened to it.
pub struct Telegram {
    clock: Clock,
    state: Mutex<State>,
}

struct State {
    settings: Settings,
    faults: Faults<Kind>,
    /// The number of the last message, in every chat one row of numbers.
    last: u64,
    sent: Sent,
    messages: Journal<Message>,
    requests: Journal<Asked>,
}

/// A message that a chat received.
#[derive(Serialize)]
struct Message {
    chat_id: i64,
    message_id: u64,
    text: String,
    raw: String,
    entities: Vec<Entity>,
    parse_mode: Option<String>,
}

/// A request. `status` is null where no answer was sent.
#[derive(Serialize)]
struct Asked {
    method: String,
    chat_id: Option<String>,
    status: Option<u16>,
    description: Option<String>,
    fault: Option<String>,
    token: &'static str,
}

impl Telegram {
    /// With the default world.
    pub fn new(clock: Clock) -> Result<Self, serde_json::Error> {
        let state = State {
            settings: settings::world()?,
            faults: Faults::default(),
            last: 0,
            sent: Sent::default(),
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

/// The Bot API below `/telegram`, and its control below `/control/telegram`.
pub fn router(telegram: Arc<Telegram>) -> Router {
    api::router(Arc::clone(&telegram)).merge(control::router(telegram))
}
