//! One run: the checks, and the keeping of what they told.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::checks::Checks;
use crate::domain::diagnostics::Report;
use crate::domain::diagnostics::last_run::LastRun;
use crate::domain::diagnostics::queues::Since;
use crate::store::StoreError;
use crate::store::diagnostics_runs::DiagnosticsRuns;

/// So long the outcome may take to be kept: whoever waits for it has it within ten seconds.
const KEEPING: Duration = Duration::from_secs(1);

/// Runs the checks, for a person or for the schedule.
pub struct Diagnosis {
    pub(super) checks: Checks,
    pub(super) runs: DiagnosticsRuns,
}

impl Diagnosis {
    /// Runs all checks and keeps the outcome. Whoever asks is told it even where it cannot be kept.
    pub async fn run(&self, now: DateTime<Utc>) -> Report {
        let (report, dead_letters_since) = self.checks.run(&self.runs, now).await;
        match tokio::time::timeout(KEEPING, self.keep(&report, dead_letters_since, now)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(error = %error, "a run of the diagnostics could not be kept"),
            Err(_) => tracing::error!("a run of the diagnostics could not be kept in time"),
        }
        report
    }

    async fn keep(
        &self,
        report: &Report,
        dead_letters_since: Option<Since>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let dead_letters_since = match dead_letters_since {
            Some(since) => since,
            // Whether there still are any nobody knows, so what was known stays.
            None => self.runs.last().await?.map(|last| last.dead_letters_since).unwrap_or_default(),
        };
        let report = serde_json::to_value(report);
        let report = report.map_err(|error| StoreError::item("writing a run of the diagnostics", &error))?;
        self.runs.keep(&LastRun { ran_at: now, dead_letters_since, report }).await
    }
}
