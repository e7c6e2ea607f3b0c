//! One check: what it finds is told in the log, in a metric and in the answer.

use std::time::SystemTime;

use shared::edge::clock;
use shared::edge::metrics::{self, CheckRecord, CrmRecord, Record};
use shared::store::StoreError;
use shared::sync::crm::check::{Report, check};
use shared::sync::crm::wiring::Source;

/// Checks the pipeline.
pub struct Check {
    /// The function's name, for metrics.
    pub function: String,
    /// Where everything is.
    pub source: Source,
}

impl Check {
    /// Checks. What amoCRM refuses is reported; the schedule tries again tomorrow.
    pub async fn run(&self, deadline: SystemTime) -> Result<Report, StoreError> {
        let mut crm = CrmRecord::default();
        let checked = check(&self.source, deadline, &mut crm).await;
        let mut record = Record { crm: Some(crm), ..Record::default() };
        if let Ok(Report { ok: Some(_), findings, .. }) = &checked {
            for finding in findings {
                tracing::warn!(
                    payment_method = finding.payment_method.map(|method| method.as_str()),
                    status_id = finding.status_id,
                    problem = finding.problem,
                    what_to_do = finding.what_to_do,
                    "a payment stage is not what it should be"
                );
            }
            let pipeline_findings = u32::try_from(findings.len()).unwrap_or(u32::MAX);
            record.check = Some(CheckRecord { pipeline_findings });
        }
        metrics::write(&self.function, &record, clock::now());
        checked
    }
}
