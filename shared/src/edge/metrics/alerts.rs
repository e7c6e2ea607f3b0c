//! What is counted of looks for what fell off.

use serde::Serialize;

/// The names of [`AlertRecord`]'s metrics.
pub(super) const OF_ALERTS: [&str; 5] =
    ["incidents_open", "incidents_opened", "incidents_ended", "alerts_told", "alerts_unread"];

/// What one look comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct AlertRecord {
    /// Incidents that last.
    pub incidents_open: u32,
    /// Those that began with this look.
    pub incidents_opened: u32,
    /// Those that ended with it.
    pub incidents_ended: u32,
    /// Messages that were stored.
    pub alerts_told: u32,
    /// What could not be looked at.
    pub alerts_unread: u32,
}
