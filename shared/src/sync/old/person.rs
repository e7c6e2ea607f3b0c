//! The rows of one person, against what is known of that person: each is a lead that there is, or a new one.
//!
//! 1. By its key a row is known. The lead that was made of it may still turn out to be one of ours: see 3.
//! 2. A row that is not known is the person's lead of that form, of about that time, that is no other row of that database;
//!    the nearest first, one to one. Its key is claimed for that lead, and nothing is counted.
//! 3. A lead that was made of a row, where such a lead of our own intake is there by now: the two become one.
//! 4. What is left is a new lead. Nobody is written to, and amoCRM is not told: the old system did that.
//!
//! Where somebody writes one of these leads meanwhile, all of the person's rows are looked at anew.

use chrono::{DateTime, TimeDelta, Utc};

use super::leads::TakeLeads;
use crate::domain::day::Day;
use crate::domain::event::DealId;
use crate::domain::landing_lead::LandingLead;
use crate::domain::lead::{CrmJob, Form, Lead, LeadStatus};
use crate::domain::old::lead::{Mark, OldLead, Origin};
use crate::domain::old::pairing::nearest_first;
use crate::domain::old::tally::Fate;
use crate::domain::old::walk::Place;
use crate::edge::landing::Filled;
use crate::store::StoreError;
use crate::store::lead_book::{Claimed, FormKey, Kept};

/// The leads of a person are written by few others.
const MAX_ATTEMPTS: usize = 5;

/// What is known of a row.
enum Known {
    /// Nothing.
    Nothing,
    /// It is this lead.
    Lead(Box<Lead>),
    /// It was a lead that is not there any more.
    Gone,
}

impl Known {
    fn lead(&self) -> Option<&Lead> {
        match self {
            Self::Lead(lead) => Some(lead),
            Self::Nothing | Self::Gone => None,
        }
    }

    /// Whether it may yet be another lead of the person.
    fn is_open(&self) -> bool {
        match self {
            Self::Nothing => true,
            Self::Lead(lead) => lead.status == LeadStatus::Imported,
            Self::Gone => false,
        }
    }
}

/// A lead was written by someone else since it was read.
struct Outdated;

impl TakeLeads {
    /// Takes the rows of one person in.
    pub(super) async fn person(
        &self,
        rows: Vec<(OldLead, bool)>,
        now: DateTime<Utc>,
    ) -> Result<Vec<(Place, Fate)>, StoreError> {
        let mut leads = None;
        for _ in 0..MAX_ATTEMPTS {
            if let Ok(found) = self.settle(&rows, now).await? {
                leads = Some(found);
                break;
            }
        }
        let doing = || "the rows of one person".to_owned();
        let leads = leads.ok_or_else(|| StoreError::Contended { doing: doing(), attempts: MAX_ATTEMPTS })?;
        let mut fates = vec![];
        for ((row, is_linked), lead) in rows.into_iter().zip(leads) {
            let fate = match (row.deal, self.account, lead) {
                _ if is_linked => Fate::Linked,
                (Some(deal), Some(account), Some(lead)) => {
                    // Told again after a failure, so that what was kept is linked too.
                    let deal = DealId { account, lead: deal };
                    self.ledger.link(deal, &LandingLead::from(&lead), now).await?;
                    Fate::Linked
                }
                _ => Fate::Synced,
            };
            fates.push((Place { at: row.at, id: row.id }, fate));
        }
        Ok(fates)
    }

    /// The lead that each row is from now on, where it is there.
    async fn settle(
        &self,
        rows: &[(OldLead, bool)],
        now: DateTime<Utc>,
    ) -> Result<Result<Vec<Option<Lead>>, Outdated>, StoreError> {
        let (mut known, mut others): (Vec<Known>, Vec<Lead>) = (vec![], vec![]);
        for (row, _) in rows {
            let of_row = self.known(row, now).await?;
            if of_row.is_open() {
                let found = self.people.before(&end_of_window(row)).await?;
                others.extend(found.into_iter().filter(|lead| row.distance(lead).is_some()));
            }
            known.push(of_row);
        }
        others.sort_by(|a, b| a.id.cmp(&b.id));
        others.dedup_by(|a, b| a.id == b.id);
        let pairs = nearest_first(rows.len(), others.len(), |row, other| {
            let ((row, _), known, other) = (rows.get(row)?, known.get(row)?, others.get(other)?);
            may_be(row, known, other).then(|| Some((other.phone != row.phone, row.distance(other)?)))?
        });
        let mut leads = vec![];
        for (((row, _), known), pair) in rows.iter().zip(known).zip(pairs) {
            let pair = pair.and_then(|other| others.get(other)).cloned();
            match self.become_one(row, known, pair, now).await? {
                Ok(lead) => leads.push(lead),
                Err(outdated) => return Ok(Err(outdated)),
            }
        }
        Ok(Ok(leads))
    }

    async fn become_one(
        &self,
        row: &OldLead,
        known: Known,
        pair: Option<Lead>,
        now: DateTime<Utc>,
    ) -> Result<Result<Option<Lead>, Outdated>, StoreError> {
        match (known, pair) {
            (Known::Gone, _) => Ok(Ok(None)),
            (Known::Lead(lead), None) => Ok(Ok(Some(*lead))),
            (Known::Lead(mut lead), Some(own)) => {
                let mark = row.mark.to_string();
                if !lead.also.contains(&mark) {
                    lead.also.push(mark);
                }
                let merged = self.book.merge(&lead, own).await?;
                Ok(merged.map(Some).map_err(|_| Outdated))
            }
            (Known::Nothing, Some(lead)) => {
                let key = key(row.form, &row.mark);
                match self.book.claim(&key, lead, &row.mark).await? {
                    Claimed::Done(lead) => Ok(Ok(Some(*lead))),
                    Claimed::Taken(_) | Claimed::Outdated => Ok(Err(Outdated)),
                }
            }
            (Known::Nothing, None) => {
                let lead = self.lead(row).await?;
                match self.book.keep(&lead, Some(&key(row.form, &row.mark)), &[], None).await? {
                    Kept::Stored => Ok(Ok(Some(lead))),
                    Kept::Repeat(_) => match self.known(row, now).await? {
                        Known::Lead(lead) => Ok(Ok(Some(*lead))),
                        Known::Nothing | Known::Gone => Ok(Ok(None)),
                    },
                }
            }
        }
    }

    /// What is known of a row. A copy may be of the other form by its own words, and is the same row all the same.
    async fn known(&self, row: &OldLead, now: DateTime<Utc>) -> Result<Known, StoreError> {
        for form in Form::ALL {
            if let Some(id) = self.book.known(&key(form, &row.mark), now).await? {
                let lead = self.leads.get(&id).await?;
                return Ok(lead.map_or(Known::Gone, |lead| Known::Lead(Box::new(lead))));
            }
        }
        Ok(Known::Nothing)
    }

    async fn lead(&self, row: &OldLead) -> Result<Lead, StoreError> {
        let filled = Filled {
            name: row.name.clone(),
            phone: row.phone.clone(),
            email: row.email.clone(),
            slug: row.slug.clone(),
            payment_method: row.payment_method,
            readings: row.readings.clone(),
            metadata: row.metadata.clone(),
        };
        let lead = self.maker.lead(row.form, filled, row.came_at).await?;
        let deal = row.deal.zip(self.account).map(|(lead, account)| DealId { account, lead });
        let crm = CrmJob { deal, ..CrmJob::default() };
        Ok(Lead { status: LeadStatus::Imported, crm, also: vec![row.mark.to_string()], ..lead })
    }
}

fn key(form: Form, mark: &Mark) -> FormKey {
    FormKey::of_import(form, &mark.to_string())
}

/// Whether a row may be a lead that was not made of it. Two rows of one database are two forms, and so are two that a
/// person has imported. Of a form that both old databases have, the copy gives way.
fn may_be(row: &OldLead, known: &Known, other: &Lead) -> bool {
    let form = known.lead().map_or(row.form, |lead| lead.form);
    let is_same = known.lead().is_some_and(|lead| lead.id == other.id);
    let is_other_copy = match row.mark.origin {
        Origin::Landing => known.lead().is_none() && Mark::is_on(Origin::Tripwire, other),
        Origin::Tripwire => Mark::is_on(Origin::Landing, other),
    };
    known.is_open()
        && !is_same
        && form == other.form
        && !Mark::is_on(row.mark.origin, other)
        && (other.status != LeadStatus::Imported || is_other_copy)
}

/// A lead that would come right after all that a row may be.
fn end_of_window(row: &OldLead) -> Lead {
    let received_at = row.latest() + TimeDelta::milliseconds(1);
    Lead {
        id: String::new(),
        form: row.form,
        name: row.name.clone(),
        phone: row.phone.clone(),
        email: row.email.clone(),
        slug: None,
        source_campaign: String::new(),
        payment_method: None,
        readings: vec![],
        metadata: None,
        team: None,
        rules: 0,
        moved: None,
        received_at,
        day: Day::of(received_at),
        status: LeadStatus::Imported,
        crm: CrmJob::default(),
        also: vec![],
        version: 0,
    }
}
