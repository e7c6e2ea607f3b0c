//! How often one may ask: requests in any second, by the integration and by everybody, and the block that follows
//! when one does not listen.
//!
//! A second is counted back from each arrival. Refused requests count too: who hammers stays refused.

use std::collections::VecDeque;

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};

use super::reply::Reply;
use super::settings::Settings;

/// What was asked lately.
#[derive(Default)]
pub struct Limits {
    integration: Window,
    account: Window,
    refusals: VecDeque<DateTime<Utc>>,
    /// Until somebody lifts it.
    pub blocked: bool,
}

impl Limits {
    /// Counts an arrival; the refusal, if it is one too many. `ours` are those with a token of the integration.
    pub fn arrive(&mut self, ours: bool, settings: &Settings, now: DateTime<Utc>) -> Option<Reply> {
        let account = self.account.count(now) > settings.account_per_second;
        let integration = ours && self.integration.count(now) > settings.per_second;
        if self.blocked {
            return Some(Reply::page(StatusCode::FORBIDDEN));
        }
        if !account && !integration {
            return None;
        }
        self.refusals.push_back(now);
        while self.refusals.front().is_some_and(|at| now - at >= TimeDelta::minutes(1)) {
            self.refusals.pop_front();
        }
        self.blocked = settings.block_after > 0 && self.refusals.len() >= settings.block_after;
        Some(Reply::page(StatusCode::TOO_MANY_REQUESTS))
    }

    /// As if nothing had happened.
    pub fn lift(&mut self) {
        *self = Self::default();
    }
}

/// The arrivals of the last second.
#[derive(Default)]
pub struct Window(VecDeque<DateTime<Utc>>);

impl Window {
    /// Counts one; how many there are now. One that is exactly a second old is no longer among them.
    pub fn count(&mut self, now: DateTime<Utc>) -> usize {
        self.0.push_back(now);
        while self.0.front().is_some_and(|at| now - at >= TimeDelta::seconds(1)) {
            self.0.pop_front();
        }
        self.0.len()
    }
}
