//! What is counted of readings of amoCRM.

use serde::Serialize;

/// The names of [`PollRecord`]'s metrics.
pub(super) const OF_POLL: [&str; 4] = ["polls", "polls_failed", "deals_read", "healed"];

/// The name of the metric that is there only where this poll has compared.
pub(super) const RECONCILIATION_RED: &str = "reconciliation_red";

/// The name of the metric that is there only once amoCRM was compared.
pub(super) const RECONCILIATION_AGE: &str = "reconciliation_age_seconds";

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
    /// 1 where amoCRM and the ledger do not have the same sales, or the counters are not their sum; left out where this poll
    /// has not come so far, since 0 would call off the alarm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reconciliation_red: Option<u32>,
    /// For how long nobody has known whether they do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reconciliation_age_seconds: Option<i64>,
}
