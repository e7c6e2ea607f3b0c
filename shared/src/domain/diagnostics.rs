//! Diagnostics: whether each part of the system works, in a sentence, with the figures that say so and with what to do.
//!
//! Every check is a function from what was read to its entry. Reading, and the time that it may take, are the caller's.

use serde::{Deserialize, Serialize};

mod check;
pub mod counters;
pub mod crm;
pub mod hooks;
pub mod last_run;
pub mod old_sync;
pub mod queues;
pub mod rates;
pub mod reconciliation;
pub mod sales;
pub mod spend;
pub mod stages;
pub mod tokens;
pub mod utm;
pub mod webhook;

pub use self::check::Check;
use self::counters::CounterFigures;
use self::crm::CrmFigures;
use self::hooks::HookFigures;
use self::old_sync::SyncFigures;
use self::queues::QueueFigures;
use self::rates::RateFigures;
use self::reconciliation::ReconciliationFigures;
use self::sales::SalesFigures;
use self::spend::SpendFigures;
use self::stages::StageFigures;
use self::tokens::TokenFigures;
use self::utm::UtmFigures;
use self::webhook::WebhookFigures;
use super::old::tally::Problem;

/// So many days of sales are looked at, today included.
pub const DAYS: u64 = 30;

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

impl Status {
    /// In a word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Who can mend something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Who {
    /// Who may change amoCRM's settings.
    #[serde(rename = "an admin of amoCRM")]
    CrmAdmin,
    /// Who may change our own settings.
    #[default]
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
    /// Who has the ad accounts and the app.
    #[serde(rename = "an admin of the Facebook business")]
    FacebookAdmin,
    /// Who pays, and has the keys, at a neighbour.
    #[serde(rename = "whoever owns the account there")]
    AccountOwner,
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
    /// Of amoCRM itself.
    Crm(CrmFigures),
    /// Of tokens.
    Tokens(TokenFigures),
    /// Of what ads spend.
    Spend(SpendFigures),
    /// Of ads that run.
    Utm(UtmFigures),
    /// Of exchange rates.
    Rates(RateFigures),
    /// Of queues.
    Queues(QueueFigures),
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
                "Run the diagnostics again in a minute; if it stays so, look whether the store is throttled, or the neighbour that is asked hangs.",
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
    /// All of them.
    pub total: usize,
    /// Well.
    pub ok: usize,
    /// Somebody should look at them.
    pub warning: usize,
    /// They do not work.
    pub error: usize,
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

    /// How many checks have ended how.
    pub fn summary(&self) -> Summary {
        self.summary
    }

    /// The checks that are not well.
    pub fn unwell(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.status != Status::Ok)
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
#[path = "diagnostics/new_tests.rs"]
mod new_tests;
#[cfg(test)]
#[path = "diagnostics/tests.rs"]
mod tests;
