//! What is counted of jobs that move what stands to other rules.

use serde::Serialize;

/// The names of [`MoveRecord`]'s metrics.
pub(super) const OF_MOVES: [&str; 2] = ["deals_moved", "leads_moved"];

/// What carrying a job on comes to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct MoveRecord {
    /// Deals that went to other rules, or back.
    pub deals_moved: u64,
    /// Leads likewise.
    pub leads_moved: u64,
}
