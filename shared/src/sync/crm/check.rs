//! Compares the stages that are configured for payment methods with the account's real pipelines.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::amocrm::AmoCrm;
use super::stop::Stop;
use super::wiring::Source;
use crate::domain::crm::check::{Finding, findings};
use crate::domain::crm::payment::{PaymentStages, SECTION};
use crate::edge::clock;
use crate::edge::metrics::CrmRecord;
use crate::store::StoreError;

/// What a check has found, for whoever invokes it by hand and whoever reads it later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether all is as it should be; nothing where amoCRM could not be asked.
    pub ok: Option<bool>,
    /// What a person should look at.
    pub findings: Vec<Finding>,
    /// Why amoCRM could not be asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// When it was checked.
    pub checked_at: DateTime<Utc>,
}

/// Checks, and keeps what was found. What amoCRM does not answer leaves the last check as it was.
pub async fn check(
    source: &Source,
    deadline: SystemTime,
    record: &mut CrmRecord,
) -> Result<Report, StoreError> {
    let configured: PaymentStages = source.settings.section(SECTION).await?;
    let crm = AmoCrm::new(source, None, deadline);
    let pipelines = crm.read(async |amocrm| amocrm.pipelines().await).await;
    *record = crm.record();
    let checked_at = clock::now();
    match pipelines {
        Ok(pipelines) => {
            let findings = findings(&configured, &pipelines);
            let report = Report { ok: Some(findings.is_empty()), findings, problem: None, checked_at };
            source.states.checked(&report).await?;
            Ok(report)
        }
        Err(Stop::Store(error)) => Err(error),
        Err(stop) => Ok(Report { ok: None, findings: vec![], problem: Some(stop.to_string()), checked_at }),
    }
}
