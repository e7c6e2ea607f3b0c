//! Whether the ads that run carry tags that bring their sales to their team, from what the last daily check left and from
//! what those ads spend now.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Advice, Check, Diagnostic, Figures, Who, counted};
use crate::domain::ad_account::AdAccountId;
use crate::domain::day::almaty_time;
use crate::domain::money::Tenge;
use crate::domain::utm_check::Kind;
use crate::domain::utm_check::at_risk::{Account, Age, Row, rows};

/// So many ads are named; all of them have a route of their own.
const NAMED: usize = 5;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UtmFigures {
    checked_at: Option<String>,
    stale: bool,
    ads: usize,
    with_findings: usize,
    by_kind: BTreeMap<&'static str, usize>,
    spend_at_risk_kzt: Tenge,
    /// Those that spend most.
    dearest: Vec<Dear>,
    problems: Vec<Unchecked>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Dear {
    ad_id: String,
    ad_name: Option<String>,
    account_id: AdAccountId,
    kinds: Vec<Kind>,
    spend_kzt: Option<Tenge>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Unchecked {
    account_id: AdAccountId,
    problem: String,
}

/// Checks what is kept of these accounts. Broken tags are an error where money is being spent on them.
pub fn check(accounts: &[Account], now: DateTime<Utc>) -> Diagnostic {
    let name = Check::Utm;
    let (rows, summary) = rows(accounts, None);
    let age = Age::of(accounts, now);
    let problems = accounts.iter().filter_map(|account| {
        let problem = account.kept.problem.as_ref()?;
        Some(Unchecked { account_id: account.id.clone(), problem: problem.said.clone() })
    });
    let figures = UtmFigures {
        checked_at: age.checked_at.map(almaty_time),
        stale: age.stale,
        ads: summary.ads,
        with_findings: summary.with_findings,
        by_kind: summary.by_kind,
        spend_at_risk_kzt: summary.spend_at_risk_kzt,
        dearest: rows.iter().take(NAMED).map(Dear::from).collect(),
        problems: problems.collect(),
    };
    let found = i64::try_from(summary.with_findings).unwrap_or(i64::MAX);
    if found > 0 {
        let spends = !summary.spend_at_risk.is_empty();
        let message = format!(
            "{} with UTM tags that do not lead to the team: {} KZT at risk",
            if found == 1 { "1 ad runs".to_owned() } else { format!("{found} ads run") },
            summary.spend_at_risk_kzt.0
        );
        let advice = Advice::new(
            Who::Buyers,
            "Mend the tags of the ads that GET /api/admin/utm-check names, the most expensive first: it says how.",
        );
        let figures = Figures::Utm(figures);
        return match spends {
            true => Diagnostic::error(name, message, figures, advice),
            false => Diagnostic::warning(name, message, figures, advice),
        };
    }
    let unchecked = figures.problems.len();
    if age.stale || unchecked > 0 {
        let message = match age.checked_at {
            None => "The UTM tags of running ads were never checked".to_owned(),
            Some(_) if unchecked > 0 => {
                let unchecked = i64::try_from(unchecked).unwrap_or(i64::MAX);
                format!("The UTM tags of {} could not be checked", counted(unchecked, "ad account"))
            }
            Some(at) => format!("The UTM tags of some running ads were last checked at {}", almaty_time(at)),
        };
        let advice = Advice::new(
            Who::Admin,
            "Look at what Facebook says under GET /api/traffic-facebook/health; the check runs again every day.",
        );
        return Diagnostic::warning(name, message, Figures::Utm(figures), advice);
    }
    Diagnostic::ok(name, "The UTM tags of all running ads lead to their teams", Figures::Utm(figures))
}

impl From<&Row> for Dear {
    fn from(row: &Row) -> Self {
        let mut kinds: Vec<Kind> = row.suspect.findings.iter().map(|finding| finding.kind).collect();
        kinds.dedup();
        Self {
            ad_id: row.suspect.ad.id.clone(),
            ad_name: row.suspect.ad.name.clone(),
            account_id: row.account_id.clone(),
            kinds,
            spend_kzt: row.spend_kzt,
        }
    }
}

#[cfg(test)]
#[path = "utm_tests.rs"]
mod tests;
