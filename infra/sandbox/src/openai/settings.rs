//! What a test makes of OpenAI.

use serde::{Deserialize, Serialize};

const WORLD: &str = include_str!("../../worlds/openai.json");

/// Everything that can be set.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub api_key: String,
    pub models: Vec<String>,
}

/// A change of settings: parts left out are the default world's.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    api_key: Option<String>,
    models: Option<Vec<String>>,
}

impl Wanted {
    /// The settings that are then in force.
    pub fn settled(self) -> Result<Settings, serde_json::Error> {
        let world = world()?;
        let (api_key, models) = (self.api_key.unwrap_or(world.api_key), self.models.unwrap_or(world.models));
        Ok(Settings { api_key, models })
    }
}

/// The default world.
pub fn world() -> Result<Settings, serde_json::Error> {
    serde_json::from_str(WORLD)
}
