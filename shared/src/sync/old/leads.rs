//! Rows become leads: those of a page, a person at a time, several persons at once.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use futures::{StreamExt, TryStreamExt, stream};

use crate::domain::old::lead::{OldLead, Origin};
use crate::domain::old::row::{Row, RowId};
use crate::domain::old::tally::Fate;
use crate::domain::old::walk::Place;
use crate::domain::phone::Phone;
use crate::edge::landing::LeadMaker;
use crate::store::StoreError;
use crate::store::lead_book::LeadBook;
use crate::store::leads::Leads;
use crate::store::ledger::Ledger;
use crate::store::person_leads::PersonLeads;

const AT_ONCE: usize = 8;

/// Makes leads of rows.
pub struct TakeLeads {
    /// Where they are kept.
    pub book: LeadBook,
    /// Where they are read.
    pub leads: Leads,
    /// What else a person has sent.
    pub people: PersonLeads,
    /// What makes a lead of a form.
    pub maker: LeadMaker,
    /// What is told of their deals.
    pub ledger: Ledger,
    /// Whose deals they are; nothing where not exactly one account is configured.
    pub account: Option<u64>,
}

impl TakeLeads {
    /// Takes rows in, and tells what became of each. `known` is what became of a row before, where that is remembered.
    pub(super) async fn take(
        &self,
        origin: Origin,
        rows: Vec<(Place, Row)>,
        known: impl Fn(&RowId) -> Option<Fate>,
        now: DateTime<Utc>,
    ) -> Result<Vec<(Place, Fate)>, StoreError> {
        let mut fates = vec![];
        let mut people: BTreeMap<Phone, Vec<(OldLead, bool)>> = BTreeMap::new();
        for (place, row) in rows {
            match OldLead::read(origin, place.id.clone(), place.at, &row) {
                Ok(lead) => {
                    let is_linked = known(&place.id) == Some(Fate::Linked);
                    people.entry(lead.phone.clone()).or_default().push((lead, is_linked));
                }
                Err(reason) => fates.push((place, Fate::Unfit(reason))),
            }
        }
        let taking = stream::iter(people.into_values()).map(|rows| self.person(rows, now));
        let taken: Vec<Vec<(Place, Fate)>> = taking.buffer_unordered(AT_ONCE).try_collect().await?;
        fates.extend(taken.into_iter().flatten());
        Ok(fates)
    }
}
