//! What a test makes of the account's limits, filters and hooks.

use axum::http::Uri;
use serde::{Deserialize, Serialize};

use super::world::What;

/// Everything that can be set; what is left out is as in a usual account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Requests of the integration in any second.
    pub per_second: usize,
    /// Requests of everybody in any second.
    pub account_per_second: usize,
    /// After so many refusals within a minute the account's API is blocked; 0 for never.
    pub block_after: usize,
    /// Filters that are ignored in silence, as unknown ones always are; `*` for all.
    pub disabled_filters: Vec<String>,
    /// Where hooks go.
    pub hooks: Option<HookSettings>,
    /// Other subscriptions, which are told of and never served.
    pub webhooks: Vec<Listed>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            per_second: 7,
            account_per_second: 50,
            block_after: 20,
            disabled_filters: Vec::new(),
            hooks: None,
            webhooks: Vec::new(),
        }
    }
}

/// A subscription, and how badly it is served.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HookSettings {
    pub url: String,
    pub settings: Vec<What>,
    /// Told by the list of webhooks; such a one is not sent.
    #[serde(default)]
    pub disabled: bool,
    /// Every so many hooks one is not sent; 0 for none.
    #[serde(default)]
    pub lose: u64,
    /// Every so many hooks one is kept back until it is released; 0 for none.
    #[serde(default)]
    pub hold: u64,
    /// Every so many hooks one waits until the next has been sent; 0 for none.
    #[serde(default)]
    pub swap: u64,
    /// Every so many hooks one is sent twice; 0 for none.
    #[serde(default)]
    pub duplicate: u64,
    /// How long each waits.
    #[serde(default)]
    pub delay_ms: u64,
    /// Whether one that was not taken is sent once more.
    #[serde(default)]
    pub retry: bool,
}

/// A subscription of somebody else, or one that was forgotten.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    pub destination: String,
    #[serde(default)]
    pub settings: Vec<String>,
    #[serde(default)]
    pub disabled: bool,
}

impl Settings {
    /// Refuses what could not be played.
    pub fn check(&self) -> Result<(), String> {
        let url = self.hooks.as_ref().map(|hooks| hooks.url.as_str());
        if url.is_some_and(|url| !url.starts_with("http://") || url.parse::<Uri>().is_err()) {
            return Err("hooks go to an http:// address".to_owned());
        }
        Ok(())
    }
}
