//! The `effective_status` filter. Without it archived and deleted objects are left out of lists, though not of insights.

use super::Scene;
use crate::graph::errors::{GraphError, invalid};

/// Which statuses are wanted.
pub enum Statuses {
    Usual,
    These(Vec<String>),
}

impl Statuses {
    /// Reads the parameter, a JSON list.
    pub fn read(scene: &Scene<'_>) -> Result<Self, GraphError> {
        match scene.call.get("effective_status") {
            None => Ok(Self::Usual),
            Some(text) => serde_json::from_str(text)
                .map(Self::These)
                .map_err(|_| invalid("Param effective_status must be an array")),
        }
    }

    /// Whether an object of this status is listed.
    pub fn list(&self, status: &str) -> bool {
        match self {
            Self::Usual => !matches!(status, "ARCHIVED" | "DELETED"),
            Self::These(wanted) => wanted.iter().any(|wanted| wanted == status),
        }
    }
}
