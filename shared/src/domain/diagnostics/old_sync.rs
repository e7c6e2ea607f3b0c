//! Whether the leads of an old database are taken over, by the statistics that its last run has left and by what the
//! database itself says now.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use serde::Serialize;

use super::{Advice, Check, Diagnostic, Figures, Who, counted};
use crate::domain::day::{almaty_clock, almaty_time};
use crate::domain::old::tally::{Problem, Statistics};

/// It is read every 15 minutes.
const DUE: TimeDelta = TimeDelta::hours(1);

/// What a run says of a database that nobody wants read.
const NOT_CONFIGURED: &str = "not configured";

/// What there is, and how much of it is in our store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SyncFigures {
    total_leads: u64,
    synced: u64,
    not_synced: u64,
    latest_lead: Option<String>,
    checked_at: Option<String>,
}

/// What the database says when a row of it is read now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Live {
    /// It lets us read.
    Reads,
    /// It does not.
    Fails(Problem),
    /// Nobody has said where it is.
    Unasked,
}

/// Checks the statistics of one database, and what it says now.
pub fn check(name: Check, statistics: Statistics, live: Live, now: DateTime<Utc>) -> Diagnostic {
    let Statistics { total, synced, not_synced, latest, reasons, checked_at, problem, .. } = statistics;
    let figures = Figures::Sync(SyncFigures {
        total_leads: total,
        synced,
        not_synced,
        // A database counts microseconds; answers tell milliseconds.
        latest_lead: latest.map(|at| almaty_time(at.trunc_subsecs(3))),
        checked_at: checked_at.map(almaty_time),
    });
    match (live, problem) {
        (Live::Fails(problem), _) => return refused(name, problem),
        (Live::Reads, Some(problem)) if is_mended_where_a_row_is_read(&problem) => {
            return mended(name, &problem, figures);
        }
        (_, Some(problem)) if is_not_configured(&problem) => return not_configured(name, problem, figures),
        (_, Some(problem)) => return refused(name, problem),
        (_, None) => {}
    }
    let schedule = "Look in EventBridge Scheduler whether its schedule is on, and read the function's log.";
    let schedule = || Advice::new(Who::Deployer, schedule);
    let leads = counted(i64::try_from(total).unwrap_or(i64::MAX), "lead");
    match checked_at {
        None => Diagnostic::warning(name, "Sync never ran", figures, schedule()),
        Some(at) if now - at > DUE => {
            let message = format!("Sync stopped: it has not run since {}", almaty_clock(at, now));
            Diagnostic::warning(name, message, figures, schedule())
        }
        Some(_) if not_synced > reasons.values().sum() => {
            let wait = "Wait for the next runs, every 15 minutes; if it stays so for an hour, read the function's log.";
            let message = format!("Sync behind: {leads}, {synced} synced");
            Diagnostic::warning(name, message, figures, Advice::new(Who::Deployer, wait))
        }
        Some(_) => Diagnostic::ok(name, format!("Sync working: {leads}, {synced} synced"), figures),
    }
}

/// Whether nobody wants the database read.
pub fn is_not_configured(problem: &Problem) -> bool {
    problem.message == NOT_CONFIGURED
}

/// Whether what kept the last run from reading would keep anybody from reading a single row.
fn is_mended_where_a_row_is_read(problem: &Problem) -> bool {
    const OF_ANY_ROW: [&str; 7] = [
        NOT_CONFIGURED,
        "no key is stored",
        "Invalid API key",
        "permission denied",
        "the project is paused",
        "Could not find the table",
        "the database ",
    ];
    OF_ANY_ROW.iter().any(|words| problem.message.contains(words))
}

/// It can be read again, and the next run takes over what has come meanwhile.
fn mended(name: Check, problem: &Problem, figures: Figures) -> Diagnostic {
    let message = format!("The database answers again; the last sync did not get in: {}", problem.message);
    let wait =
        "Wait for the next run, every 15 minutes; if it stays so for an hour, read the function's log.";
    Diagnostic::warning(name, message, figures, Advice::new(Who::Deployer, wait))
}

fn not_configured(name: Check, problem: Problem, figures: Figures) -> Diagnostic {
    let what_to_do =
        "Set the address of this database if it is still in use; otherwise nothing has to be done.";
    let advice = Advice::new(Who::Deployer, problem.hint.unwrap_or_else(|| what_to_do.to_owned()));
    Diagnostic::warning(name, "Sync not configured", figures, advice)
}

/// A database that could not be read, quoted as the old system quoted it.
pub fn refused(name: Check, problem: Problem) -> Diagnostic {
    let says = |words: &str| problem.message.contains(words);
    let (who, what_to_do) = if says("Invalid API key") {
        (
            Who::Admin,
            "Copy the service_role key from the API settings of the Supabase project into the secret supabase.",
        )
    } else if says("no key is stored") {
        (Who::Admin, problem.hint.as_deref().unwrap_or("Store its key: PUT /api/admin/secrets/supabase."))
    } else if says("but no rows") {
        (Who::Deployer, problem.hint.as_deref().unwrap_or("Check the address of this database."))
    } else if says("Could not find the table") || says("does not exist") {
        (
            Who::Deployer,
            "Check that the address is that of the right project and that the table was not renamed.",
        )
    } else if says("permission denied") {
        (Who::SupabaseAdmin, "Allow the key to read this table, or store a service_role key.")
    } else {
        let general = "Look whether the project is up; it is tried again every 15 minutes.";
        (Who::SupabaseAdmin, problem.hint.as_deref().unwrap_or(general))
    };
    let advice = Advice::new(who, what_to_do);
    Diagnostic::error(name, problem.said(), Figures::Problem { error: problem }, advice)
}
