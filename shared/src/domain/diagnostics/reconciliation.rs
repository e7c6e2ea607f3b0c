//! Whether amoCRM's sales and ours are the same, by what the last run of the poll has compared.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Advice, Check, Diagnostic, Figures, Who, counted};
use crate::domain::day::{Period, almaty_time};
use crate::domain::money::Money;
use crate::domain::reconciliation::{Asked, DayCheck, Judgement, Proven, RunState, Total};

/// One side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    count: i64,
    revenue: Money,
}

impl From<Total> for Side {
    fn from(total: Total) -> Self {
        Self { count: total.count, revenue: total.sum.money() }
    }
}

/// Both sides, and how many deals keep them apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReconciliationFigures {
    crm: Side,
    ledger: Side,
    missing: i64,
    extra: i64,
    different: i64,
    checked_at: Option<String>,
}

/// Checks what was compared of a period. Counters have a check of their own.
pub fn check(period: Period, days: &[DayCheck], state: &RunState, now: DateTime<Utc>) -> Diagnostic {
    let name = Check::Reconciliation;
    let asked = Asked { period, keeps: &|_| true, now };
    let of_sales = RunState { counters: None, ..state.clone() };
    let Judgement { state: proven, reason, sides, checked_at } = Judgement::of(&asked, days, &of_sales, None);
    let figures = Figures::Reconciliation(ReconciliationFigures {
        crm: sides.crm.into(),
        ledger: sides.ledger.into(),
        missing: sides.missing,
        extra: sides.extra,
        different: sides.different,
        checked_at: checked_at.map(almaty_time),
    });
    let message = reason.unwrap_or_else(|| {
        format!("amoCRM and the ledger agree: {} in 30 days", counted(sides.ledger.count, "sale"))
    });
    let message = message.trim_end_matches('.').to_owned();
    let is_refused = state.problem.is_some() && state.tried_at > state.last_good_at;
    match proven {
        Proven::Green => Diagnostic::ok(name, message, figures),
        Proven::Red => {
            let look = "Open /api/admin/reconciliation, which names each deal; what is put right in amoCRM is taken over within ten minutes.";
            Diagnostic::error(name, message, figures, Advice::new(Who::CrmAdmin, look))
        }
        Proven::Unknown if is_refused => {
            let mend = "Mend in amoCRM what the message says, such as a payment, a block or a token; reading goes on by itself within ten minutes.";
            Diagnostic::error(name, message, figures, Advice::new(Who::CrmAdmin, mend))
        }
        Proven::Unknown => {
            let run = "Look whether the schedule of amocrm-poll is on and read its log; days that were never read take a backfill.";
            Diagnostic::warning(name, message, figures, Advice::new(Who::Deployer, run))
        }
    }
}
