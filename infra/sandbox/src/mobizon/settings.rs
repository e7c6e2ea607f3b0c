//! What a test makes of Mobizon.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

const WORLD: &str = include_str!("../../worlds/sms.json");

/// Everything that can be set.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub api_key: String,
    /// Registered names that a message may come from.
    pub senders: BTreeSet<String>,
    /// Tenge.
    pub balance: Decimal,
    /// Tenge for a segment.
    pub price: Decimal,
    /// Numbers whose messages are never delivered.
    pub undeliverable: BTreeSet<String>,
}

/// A change of settings: parts left out are the default world's.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    api_key: Option<String>,
    senders: Option<BTreeSet<String>>,
    balance: Option<Decimal>,
    price: Option<Decimal>,
    undeliverable: Option<BTreeSet<String>>,
}

impl Wanted {
    /// The settings that are then in force.
    pub fn settled(self) -> Result<Settings, serde_json::Error> {
        let world = world()?;
        Ok(Settings {
            api_key: self.api_key.unwrap_or(world.api_key),
            senders: self.senders.unwrap_or(world.senders),
            balance: self.balance.unwrap_or(world.balance),
            price: self.price.unwrap_or(world.price),
            undeliverable: self.undeliverable.unwrap_or(world.undeliverable),
        })
    }
}

/// The default world.
pub fn world() -> Result<Settings, serde_json::Error> {
    serde_json::from_str(WORLD)
}
