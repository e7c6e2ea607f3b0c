//! Whether the counters that dashboards add up are the sum of the sales, compared here and now. What the last run of the poll
//! has found stands beside it: it looks at a day more, and stands still while amoCRM cannot be read. Where that one alone is bad
//! the counters were mended since, or the day more is wrong.

use serde::Serialize;

use super::{Advice, Check, Diagnostic, Figures, Who, counted};
use crate::domain::day::almaty_time;
use crate::domain::reconciliation::{CounterGap, CountersCheck};

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CounterFigures {
    differences: Vec<CounterGap>,
    more: usize,
    checked_at: Option<String>,
    /// Null until the poll first compared them.
    reconciliation: Option<Compared>,
}

/// What the last run of the poll has found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Compared {
    differences: Vec<CounterGap>,
    more: usize,
    checked_at: String,
}

/// Checks what was found now.
pub fn check(found: CountersCheck, reconciliation: Option<CountersCheck>) -> Diagnostic {
    let name = Check::Counters;
    let CountersCheck { ok, differences, more, checked_at } = found;
    let wrong = i64::try_from(differences.len() + more).unwrap_or(i64::MAX);
    let bad_before = reconciliation.as_ref().filter(|found| !found.ok).map(|found| {
        let wrong = i64::try_from(found.differences.len() + found.more).unwrap_or(i64::MAX);
        (wrong, found.checked_at)
    });
    let reconciliation = reconciliation.map(|CountersCheck { differences, more, checked_at, .. }| Compared {
        differences,
        more,
        checked_at: almaty_time(checked_at),
    });
    let checked_at = Some(almaty_time(checked_at));
    let figures = Figures::Counters(CounterFigures { differences, more, checked_at, reconciliation });
    if ok && let Some((wrong, at)) = bad_before {
        let (were, at) = (if wrong == 1 { "was" } else { "were" }, almaty_time(at));
        let message = format!(
            "The counters are the sum of the sales; {} {were} not at the last poll, {at}",
            counted(wrong, "counter")
        );
        let wait = "Wait for the next poll, within ten minutes; if it still finds a difference, run make rebuild WHAT=counters WRITE=1 for the days that are named.";
        return Diagnostic::warning(name, message, figures, Advice::new(Who::Deployer, wait));
    }
    if ok {
        return Diagnostic::ok(name, "The counters are the sum of the sales", figures);
    }
    let are = if wrong == 1 { "is" } else { "are" };
    let message = format!("{} {are} not the sum of the sales", counted(wrong, "counter"));
    let rebuild =
        "Run make rebuild WHAT=counters WRITE=1 for the days that are named: it says what it has changed.";
    Diagnostic::error(name, message, figures, Advice::new(Who::Deployer, rebuild))
}
