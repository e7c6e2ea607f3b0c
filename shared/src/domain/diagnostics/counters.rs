//! Whether the counters that dashboards add up are the sum of the sales, by the last run of the poll.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Advice, Check, Diagnostic, Figures, Who, counted};
use crate::domain::day::{almaty_clock, almaty_time};
use crate::domain::reconciliation::{CounterGap, CountersCheck, OVERDUE};

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CounterFigures {
    differences: Vec<CounterGap>,
    more: usize,
    checked_at: Option<String>,
}

/// Checks what the last run has found, if there ever was one.
pub fn check(checked: Option<CountersCheck>, now: DateTime<Utc>) -> Diagnostic {
    let name = Check::Counters;
    let schedule = || {
        let what_to_do = "Look whether the schedule of amocrm-poll is on, and read its log.";
        Advice::new(Who::Deployer, what_to_do)
    };
    let Some(CountersCheck { ok, differences, more, checked_at }) = checked else {
        let figures = CounterFigures { differences: vec![], more: 0, checked_at: None };
        let message = "The counters were never compared with the sales";
        return Diagnostic::warning(name, message, Figures::Counters(figures), schedule());
    };
    let wrong = i64::try_from(differences.len() + more).unwrap_or(i64::MAX);
    let checked = Some(almaty_time(checked_at));
    let figures = Figures::Counters(CounterFigures { differences, more, checked_at: checked });
    if !ok {
        let message = format!("{} not the sum of the sales", are(wrong));
        let rebuild = "Run make rebuild WHAT=counters WRITE=1 for the days that are named: it says what it has changed.";
        Diagnostic::error(name, message, figures, Advice::new(Who::Deployer, rebuild))
    } else if now - checked_at > OVERDUE {
        let since = almaty_clock(checked_at, now);
        let message = format!("The counters were not compared with the sales since {since}");
        Diagnostic::warning(name, message, figures, schedule())
    } else {
        Diagnostic::ok(name, "The counters are the sum of the sales", figures)
    }
}

fn are(wrong: i64) -> String {
    format!("{} {}", counted(wrong, "counter"), if wrong == 1 { "is" } else { "are" })
}
