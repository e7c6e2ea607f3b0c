//! Hooks about what changed.

use std::sync::Arc;

use serde_json::{Value, json};

use super::Amocrm;

/// What was sent.
#[derive(Default)]
pub struct Hooks {}

impl Hooks {
    /// The record as the control API answers it.
    pub fn report(&self) -> Value {
        json!({ "hooks": [] })
    }

    /// Forgets it.
    pub fn clear(&mut self) {}
}

/// Sends what there is to tell.
pub fn set_out(amocrm: &Arc<Amocrm>) {
    amocrm.state().world.news.clear();
}
