//! What is counted of readings of amoCRM.

use serde::Serialize;

/// The names of [`PollRecord`]'s metrics.
pub(super) const OF_POLL: [&str; 4] = ["polls", "polls_failed", "deals_read", "healed"];

/// What reading amoCRM's deals comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PollRecord {
    /// Readings that came to their end.
    pub polls: u32,
    /// Those that did not.
    pub polls_failed: u32,
    /// Deals that were read.
    pub deals_read: u64,
    /// Things that were found and that nobody had told.
    pub healed: u64,
}
