//! Whether the stages that payment methods mean are what they are meant to be, by the last look at amoCRM's pipelines.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Advice, Check, Diagnostic, Figures, Who, counted};
use crate::domain::crm::check::Finding;
use crate::domain::day::{almaty_clock, almaty_time};
use crate::domain::stage::{LOST, WON};

/// It is looked at every day.
const DUE: TimeDelta = TimeDelta::hours(26);

/// What the last look has found, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StagesChecked {
    /// What a person should look at.
    pub findings: Vec<Finding>,
    /// When.
    pub checked_at: DateTime<Utc>,
}

/// The same for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StageFigures {
    findings: Vec<Finding>,
    checked_at: Option<String>,
}

/// Whether orders go astray while this stands, and not only stay where they are.
fn is_grave(finding: &Finding) -> bool {
    finding.payment_method.is_none() || matches!(finding.status_id, Some(WON | LOST))
}

/// Checks what the last look has found, if there ever was one.
pub fn check(checked: Option<StagesChecked>, now: DateTime<Utc>) -> Diagnostic {
    let name = Check::Stages;
    let look = || {
        Advice::new(
            Who::Deployer,
            "Invoke the function pipeline-check: its answer says why amoCRM could not be asked.",
        )
    };
    let Some(StagesChecked { findings, checked_at }) = checked else {
        let figures = Figures::Stages(StageFigures { findings: vec![], checked_at: None });
        return Diagnostic::warning(name, "amoCRM's pipelines were never looked at", figures, look());
    };
    let first = findings.first().map(|finding| finding.what_to_do.clone());
    let (count, is_grave) =
        (i64::try_from(findings.len()).unwrap_or(i64::MAX), findings.iter().any(is_grave));
    let figures = Figures::Stages(StageFigures { findings, checked_at: Some(almaty_time(checked_at)) });
    match first {
        Some(what_to_do) => {
            let message = format!("{} with the payment stages", counted(count, "problem"));
            let advice = Advice::new(Who::Admin, what_to_do);
            if is_grave {
                Diagnostic::error(name, message, figures, advice)
            } else {
                Diagnostic::warning(name, message, figures, advice)
            }
        }
        None if now - checked_at > DUE => {
            let since = almaty_clock(checked_at, now);
            let message = format!("amoCRM's pipelines were not looked at since {since}");
            Diagnostic::warning(name, message, figures, look())
        }
        None => Diagnostic::ok(name, "The payment stages fit amoCRM's pipelines", figures),
    }
}
