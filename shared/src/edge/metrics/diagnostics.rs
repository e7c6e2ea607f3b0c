//! What is counted of a run of the diagnostics.

use serde::Serialize;

use crate::domain::diagnostics::Summary;

/// The names of [`DiagnosticsRecord`]'s metrics.
pub(super) const OF_DIAGNOSTICS: [&str; 3] = ["checks_ok", "checks_warning", "checks_error"];

/// What a run of all checks comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DiagnosticsRecord {
    /// Checks that are well.
    pub checks_ok: usize,
    /// Those that somebody should look at.
    pub checks_warning: usize,
    /// Those that do not work.
    pub checks_error: usize,
}

impl DiagnosticsRecord {
    /// Of a run with these outcomes.
    pub fn of(summary: Summary) -> Self {
        let Summary { ok, warning, error, .. } = summary;
        Self { checks_ok: ok, checks_warning: warning, checks_error: error }
    }
}
