//! What is counted of calls to Facebook.

use chrono::TimeDelta;
use serde::Serialize;

use crate::neighbours::facebook::Class;

/// What calls to Facebook come to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct GraphRecord {
    /// Calls made.
    pub graph_calls: u32,
    /// Those that failed for a moment.
    pub graph_failed: u32,
    /// Those that asked for too much.
    pub graph_too_much: u32,
    /// Those that Facebook's limits refused.
    pub graph_throttled: u32,
    /// Those that the token was no good for.
    pub graph_token_dead: u32,
    /// Those that the token may not make.
    pub graph_forbidden: u32,
    /// Those that are wrong, of a version that has ended, or that a person has to confirm.
    pub graph_refused: u32,
    /// Those about a report that was lost.
    pub graph_report_lost: u32,
    /// For how long Facebook's limits want it left alone.
    pub graph_pause_seconds: u64,
}

impl GraphRecord {
    /// One more call that failed in this way.
    pub fn count(&mut self, class: Class) {
        *match class {
            Class::Again | Class::Unreadable => &mut self.graph_failed,
            Class::Shrink => &mut self.graph_too_much,
            Class::Throttled(_) => &mut self.graph_throttled,
            Class::TokenDead => &mut self.graph_token_dead,
            Class::PermissionMissing => &mut self.graph_forbidden,
            Class::Misconfigured | Class::VersionGone | Class::Blocked => &mut self.graph_refused,
            Class::ReportAgain => &mut self.graph_report_lost,
        } += 1;
    }

    /// One more pause.
    pub fn paused(&mut self, length: TimeDelta) {
        self.graph_pause_seconds += u64::try_from(length.num_seconds()).unwrap_or_default();
    }
}
