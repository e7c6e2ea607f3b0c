//! The `effective_status` filter. Without it archived and deleted objects are left out of lists, though not of insights.

use super::Scene;
use crate::graph::errors::{GraphError, invalid};

/// Statuses that objects can have. Another name fails the call.
const KNOWN: [&str; 12] = [
    "ACTIVE",
    "PAUSED",
    "DELETED",
    "ARCHIVED",
    "IN_PROCESS",
    "WITH_ISSUES",
    "PENDING_REVIEW",
    "DISAPPROVED",
    "PREAPPROVED",
    "PENDING_BILLING_INFO",
    "CAMPAIGN_PAUSED",
    "ADSET_PAUSED",
];

/// Which statuses are wanted.
pub enum Statuses {
    Usual,
    These(Vec<String>),
}

impl Statuses {
    /// Reads the parameter, a JSON list.
    pub fn read(scene: &Scene<'_>) -> Result<Self, GraphError> {
        let Some(text) = scene.call.get("effective_status") else { return Ok(Self::Usual) };
        let wanted = serde_json::from_str::<Vec<String>>(text)
            .map_err(|_| invalid("Param effective_status must be an array"))?;
        match wanted.iter().find(|status| !KNOWN.contains(&status.as_str())) {
            Some(status) => {
                Err(invalid(format!("Param effective_status must be a known status, not {status}")))
            }
            None => Ok(Self::These(wanted)),
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
