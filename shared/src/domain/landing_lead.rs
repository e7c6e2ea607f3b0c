//! What a deal keeps of a form behind it: enough to tell whose sale it is, and nothing about the person.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::lead::Lead;
use super::utm::Reading;

/// A form behind a deal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LandingLead {
    /// The lead's id.
    pub lead_id: String,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// The campaign's part of the landing page's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    /// Its UTM values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<Reading>,
}

impl From<&Lead> for LandingLead {
    fn from(lead: &Lead) -> Self {
        Self {
            lead_id: lead.id.clone(),
            received_at: lead.received_at,
            slug: lead.slug.clone(),
            readings: lead.readings.clone(),
        }
    }
}
