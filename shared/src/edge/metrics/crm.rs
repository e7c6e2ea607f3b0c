//! What is counted of calls to amoCRM.

use serde::Serialize;

/// The names of [`CrmRecord`]'s metrics.
pub(super) const OF_CRM: [&str; 7] = [
    "leads_written",
    "leads_put_off",
    "leads_failed",
    "amocrm_calls",
    "amocrm_failed",
    "amocrm_throttled",
    "amocrm_refusals",
];

/// The names of [`CheckRecord`]'s metrics.
pub(super) const OF_CHECK: [&str; 1] = ["pipeline_findings"];

/// What telling amoCRM comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CrmRecord {
    /// Leads that amoCRM knows of now.
    pub leads_written: u32,
    /// Leads that wait longer.
    pub leads_put_off: u32,
    /// Leads that amoCRM will never take as they are.
    pub leads_failed: u32,
    /// Calls made.
    pub amocrm_calls: u32,
    /// Those that failed for a moment.
    pub amocrm_failed: u32,
    /// Those that were refused for asking too often.
    pub amocrm_throttled: u32,
    /// Refusals that end only when a person does something: not paid, blocked, no token.
    pub amocrm_refusals: u32,
}

/// What a check of the pipeline comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CheckRecord {
    /// What a person should look at.
    pub pipeline_findings: u32,
}
