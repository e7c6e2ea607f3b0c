//! Leads of the past. Nobody is written to and amoCRM is not told: that was done when they came.

use chrono::{DateTime, Utc};
use futures::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shared::domain::event::DealId;
use shared::domain::landing_lead::LandingLead;
use shared::domain::lead::{CrmJob, Form, Lead, LeadStatus};
use shared::edge::errors::{ApiError, Detail};
use shared::edge::landing::{LeadMaker, filled};
use shared::neighbours::amocrm::account::KnownAccounts;
use shared::store::StoreError;
use shared::store::lead_book::{FormKey, Kept, LeadBook};
use shared::store::ledger::Ledger;

const AT_ONCE: usize = 8;

/// Takes in leads.
pub struct Import {
    /// Where they are kept.
    pub book: LeadBook,
    /// What makes a lead of a form.
    pub maker: LeadMaker,
    /// What is told of their deals.
    pub ledger: Ledger,
    /// Whose deals they are.
    pub accounts: KnownAccounts,
}

/// The leads to take in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    leads: Vec<Past>,
}

/// A lead as whoever has it tells it: the fields of its form, and what a form does not say.
#[derive(Debug, Deserialize)]
struct Past {
    /// Its id there; told again, it is the same lead.
    external_id: String,
    form: Form,
    received_at: DateTime<Utc>,
    /// Its deal in amoCRM, where it has one.
    #[serde(default)]
    deal_id: Option<u64>,
    #[serde(flatten)]
    fields: Map<String, Value>,
}

/// What became of them.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    success: bool,
    imported: usize,
    known: usize,
    linked: usize,
    rejected: Vec<Rejected>,
}

/// A lead that cannot be one.
#[derive(Debug, Serialize)]
struct Rejected {
    external_id: String,
    details: Vec<Detail>,
}

enum Fate {
    Taken { is_new: bool, is_linked: bool },
    Rejected(Rejected),
}

impl Import {
    /// Takes in every lead that can be one, and names the others.
    pub async fn run(&self, order: Order, now: DateTime<Utc>) -> Result<Report, StoreError> {
        let taking = stream::iter(order.leads).map(|past| self.take(past, now));
        let fates: Vec<Fate> = taking.buffered(AT_ONCE).try_collect().await?;
        let mut report = Report { success: true, ..Report::default() };
        for fate in fates {
            match fate {
                Fate::Taken { is_new, is_linked } => {
                    *if is_new { &mut report.imported } else { &mut report.known } += 1;
                    report.linked += usize::from(is_linked);
                }
                Fate::Rejected(rejected) => report.rejected.push(rejected),
            }
        }
        Ok(report)
    }

    async fn take(&self, past: Past, now: DateTime<Utc>) -> Result<Fate, StoreError> {
        let rejected = |external_id, details| Ok(Fate::Rejected(Rejected { external_id, details }));
        if past.received_at > now {
            let detail = Detail::new("received_at", "must not lie in the future");
            return rejected(past.external_id, vec![detail]);
        }
        let body = Value::Object(past.fields).to_string();
        let filled = match filled(past.form, body.as_bytes()) {
            Ok(filled) => filled,
            Err(ApiError::Validation(details)) => return rejected(past.external_id, details),
            Err(error) => {
                return rejected(past.external_id, vec![Detail::new("lead", error.to_string())]);
            }
        };
        let deal = match past.deal_id.map(|lead| (self.accounts.only(), lead)) {
            Some((Some(account), lead)) => Some(DealId { account, lead }),
            Some((None, _)) => {
                let detail = Detail::new("deal_id", "needs exactly one configured amoCRM account");
                return rejected(past.external_id, vec![detail]);
            }
            None => None,
        };
        let lead = self.maker.lead(past.form, filled, past.received_at).await?;
        let crm = CrmJob { deal, ..CrmJob::default() };
        let also = vec![past.external_id.clone()];
        let lead = Lead { status: LeadStatus::Imported, crm, also, ..lead };
        let key = FormKey::of_import(past.form, &past.external_id);
        let kept = self.book.keep(&lead, Some(&key), &[], None).await?;
        let is_new = kept == Kept::Stored;
        let lead_id = match kept {
            Kept::Stored => lead.id.clone(),
            Kept::Repeat(lead_id) => lead_id,
        };
        if let Some(deal) = deal {
            // Told again after a failure, so that what was kept is linked too.
            self.ledger.link(deal, &LandingLead { lead_id, ..LandingLead::from(&lead) }, now).await?;
        }
        Ok(Fate::Taken { is_new, is_linked: deal.is_some() })
    }
}
