//! The National Bank of Kazakhstan: official exchange rates by date, as its two feeds give them.
//!
//! Rates move smoothly and follow from the date alone, apart from what a test sets.

mod control;
mod currencies;
mod documents;
mod feeds;
mod rates;
mod settings;

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use serde::Serialize;

use self::settings::Settings;
use crate::clock::Clock;

/// So many requests are kept.
const KEPT: usize = 5000;

/// The neighbour and what it was asked.
pub struct Nbk {
    clock: Clock,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    settings: Settings,
    count: u64,
    requests: std::collections::VecDeque<Seen>,
}

#[derive(Serialize)]
struct Seen {
    n: u64,
    at: String,
    feed: &'static str,
    fdate: Option<String>,
    status: u16,
}

impl Nbk {
    /// As it is on a good day.
    pub fn new(clock: Clock) -> Self {
        Self { clock, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn note(&mut self, seen: Seen) {
        self.count += 1;
        self.requests.push_back(Seen { n: self.count, ..seen });
        if self.requests.len() > KEPT {
            self.requests.pop_front();
        }
    }
}

/// The feeds below `/nbk`, and their control below `/control/nbk`.
pub fn router(nbk: Arc<Nbk>) -> Router {
    feeds::router(Arc::clone(&nbk)).merge(control::router(nbk))
}
