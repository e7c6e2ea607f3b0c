//! One run of all checks: what it finds is kept, and told in the log, in a metric and in the answer.

use chrono::{DateTime, Utc};
use shared::diagnose::Diagnosis;
use shared::domain::diagnostics::Report;
use shared::edge::clock;
use shared::edge::metrics::{self, DiagnosticsRecord, Record};

/// Runs the checks.
pub struct Run {
    /// The function's name, for metrics.
    pub function: String,
    /// What runs them.
    pub diagnosis: Diagnosis,
}

impl Run {
    /// Runs them. What is not well is an entry and no failure.
    pub async fn run(&self, now: DateTime<Utc>) -> Report {
        let report = self.diagnosis.run(now).await;
        for unwell in report.unwell() {
            tracing::warn!(
                check = unwell.name.as_str(),
                status = unwell.status.as_str(),
                message = unwell.message,
                "a check is not well"
            );
        }
        let diagnostics = Some(DiagnosticsRecord::of(report.summary()));
        metrics::write(&self.function, &Record { diagnostics, ..Record::default() }, clock::now());
        report
    }
}
