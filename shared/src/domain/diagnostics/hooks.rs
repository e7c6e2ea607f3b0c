//! Whether amoCRM's own list says that its hooks are sent to us, by the last look at it.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Advice, Check, Diagnostic, Figures, Who, counted};
use crate::domain::crm::subscriptions::{HookFinding, HookProblem};
use crate::domain::day::{almaty_clock, almaty_time};
use crate::domain::reconciliation::{HookHealth, OVERDUE};

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HookFigures {
    hooks: Vec<HookFinding>,
    checked_at: Option<String>,
}

/// Checks what the last look has found, if there ever was one.
pub fn check(health: Option<HookHealth>, now: DateTime<Utc>) -> Diagnostic {
    let name = Check::Hooks;
    let checked_at = health.as_ref().map(|health| health.checked_at);
    let figures = |hooks| Figures::Hooks(HookFigures { hooks, checked_at: checked_at.map(almaty_time) });
    let Some(HookHealth { findings, checked_at }) = health else {
        let message = "amoCRM's list of webhooks was never looked at";
        return Diagnostic::warning(name, message, figures(vec![]), schedule());
    };
    let Some(findings) = findings else {
        let what_to_do =
            "Give the token of an administrator of amoCRM: nobody else is shown its list of webhooks.";
        let message = "amoCRM does not show us its list of webhooks";
        let advice = Advice::new(Who::CrmAdmin, what_to_do);
        return Diagnostic::warning(name, message, figures(vec![]), advice);
    };
    let advised = findings.first().map(|finding| sentence(&finding.what_to_do));
    let wrong = i64::try_from(findings.len()).unwrap_or(i64::MAX);
    let is_silent = findings.iter().any(is_silent);
    let figures = figures(findings);
    match advised {
        Some(what_to_do) => {
            let message = format!("{} with amoCRM's webhooks", counted(wrong, "problem"));
            let advice = Advice::new(Who::CrmAdmin, what_to_do);
            if is_silent {
                Diagnostic::error(name, message, figures, advice)
            } else {
                Diagnostic::warning(name, message, figures, advice)
            }
        }
        None if now - checked_at > OVERDUE => {
            let message =
                format!("amoCRM's webhooks were not looked at since {}", almaty_clock(checked_at, now));
            Diagnostic::warning(name, message, figures, schedule())
        }
        None => Diagnostic::ok(name, "amoCRM sends us every hook that a sale depends on", figures),
    }
}

fn schedule() -> Advice {
    Advice::new(Who::Deployer, "Look whether the schedule of amocrm-poll is on, and read its log.")
}

/// Whether nothing comes that way, and not only too little.
fn is_silent(finding: &HookFinding) -> bool {
    finding.problem != HookProblem::Incomplete
}

/// A finding's advice as a sentence. amoCRM's own name stays small.
fn sentence(text: &str) -> String {
    let text = text.trim_end_matches('.');
    if text.starts_with("amoCRM") {
        return format!("{text}.");
    }
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str())
}
