//! Diagnostics: whether each part of the system works, in a sentence, with the figures that say so and with what to do.
//!
//! Every check is a function from what was read to its entry. Reading, and the time that it may take, are the caller's.

use serde::Serialize;

pub mod counters;
pub mod hooks;
pub mod old_sync;
pub mod reconciliation;
pub mod sales;
pub mod stages;
pub mod utm;
pub mod webhook;

use self::counters::CounterFigures;
use self::hooks::HookFigures;
use self::old_sync::SyncFigures;
use self::reconciliation::ReconciliationFigures;
use self::sales::SalesFigures;
use self::stages::StageFigures;
use self::utm::UtmFigures;
use self::webhook::WebhookFigures;
use super::old::tally::Problem;

/// So many days of sales are looked at, today included.
pub const DAYS: u64 = 30;

/// What is checked. The first eight are called as in the old diagnostics, and stand first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Check {
    /// Hooks of the Express Course.
    #[serde(rename = "Express Course Webhook")]
    ExpressWebhook,
    /// Hooks of the flagship.
    #[serde(rename = "Flagship Course Webhook")]
    FlagshipWebhook,
    /// Leads of the old Landing database.
    #[serde(rename = "Landing BD Sync")]
    Landing,
    /// Leads of the old Tripwire database.
    #[serde(rename = "Tripwire BD Integration")]
    Tripwire,
    /// Career tests of the old Landing database.
    #[serde(rename = "ProofTest Integration")]
    Prooftest,
    /// Sales of the Express Course.
    #[serde(rename = "Express Course Sales")]
    ExpressSales,
    /// Sales of the flagship.
    #[serde(rename = "Flagship Course Sales")]
    FlagshipSales,
    /// Sales of anything.
    #[serde(rename = "All Sales Tracking")]
    AllSales,
    /// amoCRM's sales against ours.
    #[serde(rename = "amoCRM Reconciliation")]
    Reconciliation,
    /// amoCRM's own list of where it sends hooks.
    #[serde(rename = "amoCRM Webhook Subscriptions")]
    Hooks,
    /// The stages that payment methods mean.
    #[serde(rename = "Payment Stages")]
    Stages,
    /// The counters that dashboards add up.
    #[serde(rename = "Funnel Counters")]
    Counters,
    /// The UTM tags of the ads that run.
    #[serde(rename = "UTM Check")]
    Utm,
}

/// How a check has ended. What is worse is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// All is well.
    Ok,
    /// It works, and somebody should look at it.
    Warning,
    /// It does not work.
    Error,
}

/// Who can mend something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Who {
    /// Who may change amoCRM's settings.
    #[serde(rename = "an admin of amoCRM")]
    CrmAdmin,
    /// Who may change our own settings.
    #[serde(rename = "an admin of this dashboard")]
    Admin,
    /// Who deploys the service.
    #[serde(rename = "whoever deploys this service")]
    Deployer,
    /// Who has the old databases.
    #[serde(rename = "an admin of the Supabase project")]
    SupabaseAdmin,
    /// Who buys ads.
    #[serde(rename = "the media buyers and whoever keeps the landing pages")]
    Buyers,
}

/// What to do about something that is not well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Advice {
    /// In one sentence.
    pub what_to_do: String,
    /// By whom.
    pub who: Who,
}

impl Advice {
    /// Somebody should do this.
    pub fn new(who: Who, what_to_do: impl Into<String>) -> Self {
        Self { what_to_do: what_to_do.into(), who }
    }
}

/// The figures of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Figures {
    /// Of hooks.
    Webhook(WebhookFigures),
    /// Of sales.
    Sales(SalesFigures),
    /// Of an old database.
    Sync(SyncFigures),
    /// Why an old database could not be read.
    Problem {
        /// In its own words.
        error: Problem,
    },
    /// Of amoCRM's sales and ours.
    Reconciliation(ReconciliationFigures),
    /// Of amoCRM's subscriptions.
    Hooks(HookFigures),
    /// Of counters.
    Counters(CounterFigures),
    /// Of payment stages.
    Stages(StageFigures),
    /// Of ads that run.
    Utm(UtmFigures),
    /// None.
    None {},
}

/// Figures and advice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Details {
    /// What was found.
    #[serde(flatten)]
    pub figures: Figures,
    /// There is some unless all is well.
    #[serde(flatten)]
    pub advice: Option<Advice>,
}

/// What one check says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Which check.
    pub name: Check,
    /// How it has ended.
    pub status: Status,
    /// In a sentence.
    pub message: String,
    /// What it has found.
    pub details: Details,
}

impl Diagnostic {
    /// All is well.
    pub fn ok(name: Check, message: impl Into<String>, figures: Figures) -> Self {
        let details = Details { figures, advice: None };
        Self { name, status: Status::Ok, message: message.into(), details }
    }

    /// Somebody should look at it.
    pub fn warning(name: Check, message: impl Into<String>, figures: Figures, advice: Advice) -> Self {
        let details = Details { figures, advice: Some(advice) };
        Self { name, status: Status::Warning, message: message.into(), details }
    }

    /// It does not work.
    pub fn error(name: Check, message: impl Into<String>, figures: Figures, advice: Advice) -> Self {
        Self { status: Status::Error, ..Self::warning(name, message, figures, advice) }
    }

    /// The check itself came to nothing.
    pub fn unchecked(name: Check, why: Unchecked) -> Self {
        let (message, what_to_do) = match why {
            Unchecked::Store => (
                "Check failed: our own store did not answer",
                "Run the diagnostics again in a minute; if it stays so, read the log of the function diagnostics.",
            ),
            Unchecked::TooSlow => (
                "Check failed: it did not end in time",
                "Run the diagnostics again in a minute; if it stays so, look whether the store is throttled.",
            ),
        };
        Self::error(name, message, Figures::None {}, Advice::new(Who::Deployer, what_to_do))
    }
}

/// Why a check came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unchecked {
    /// The store failed.
    Store,
    /// It took too long.
    TooSlow,
}

/// How many checks have ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    total: usize,
    ok: usize,
    warning: usize,
    error: usize,
}

/// All checks of one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    overall_status: Status,
    diagnostics: Vec<Diagnostic>,
    summary: Summary,
}

impl Report {
    /// It is as bad as its worst entry.
    pub fn of(diagnostics: Vec<Diagnostic>) -> Self {
        let mut summary = Summary { total: diagnostics.len(), ..Summary::default() };
        for diagnostic in &diagnostics {
            *match diagnostic.status {
                Status::Ok => &mut summary.ok,
                Status::Warning => &mut summary.warning,
                Status::Error => &mut summary.error,
            } += 1;
        }
        let worst = diagnostics.iter().map(|diagnostic| diagnostic.status).max();
        Self { overall_status: worst.unwrap_or(Status::Ok), diagnostics, summary }
    }
}

/// `1 sale`, `2 sales`.
fn counted(count: impl Into<i64>, what: &str) -> String {
    match count.into() {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}

#[cfg(test)]
#[path = "diagnostics/crm_tests.rs"]
mod crm_tests;
#[cfg(test)]
#[path = "diagnostics/tests.rs"]
mod tests;
