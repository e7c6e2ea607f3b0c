//! What was asked of AWS.

use std::{collections::BTreeMap, fmt};

/// Calls by action, and the read capacity they used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calls {
    by_action: BTreeMap<String, u32>,
    half_units: u64,
}

impl Calls {
    /// Counts one call.
    pub fn count(&mut self, action: &str) {
        *self.by_action.entry(action.to_owned()).or_default() += 1;
    }

    /// Adds read capacity, in halves of a unit: an eventually consistent read of 4 KB is one half.
    pub fn read(&mut self, half_units: u64) {
        self.half_units += half_units;
    }

    /// How often one action was called.
    pub fn of(&self, action: &str) -> u32 {
        self.by_action.get(action).copied().unwrap_or(0)
    }

    /// All calls together.
    pub fn total(&self) -> u32 {
        self.by_action.values().sum()
    }

    /// Halves of a read unit.
    pub fn half_units(&self) -> u64 {
        self.half_units
    }

    /// Keeps the larger count of each action: the worst of several events.
    pub fn worst(&mut self, other: &Self) {
        for (action, count) in &other.by_action {
            let kept = self.by_action.entry(action.clone()).or_default();
            *kept = (*kept).max(*count);
        }
        self.half_units = self.half_units.max(other.half_units);
    }
}

impl fmt::Display for Calls {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.by_action.is_empty() {
            return write!(out, "none");
        }
        let each: Vec<String> =
            self.by_action.iter().map(|(action, count)| format!("{count} {action}")).collect();
        write!(out, "{}", each.join(", "))
    }
}
