//! The people behind a sale that is nobody's: if one of them once filled in one of our forms, that form is behind the deal.

use std::collections::{BTreeMap, BTreeSet};

use super::stop::Stop;
use super::sweep::Sweep;
use crate::domain::crm::account::CrmContact;
use crate::domain::crm::sight::Sight;
use crate::domain::deal::Deal;
use crate::domain::email::Email;
use crate::domain::event::DealId;
use crate::domain::landing_lead::LandingLead;
use crate::domain::phone::Phone;
use crate::edge::clock;
use crate::neighbours::amocrm::api::MOST_IDS;

/// So many deals' people are looked for in one reading; more wait for the next that comes by them.
const MOST_STRANGERS: usize = 2_000;

/// Of one contact no more numbers and addresses are looked up.
const MOST_OF_A_CONTACT: usize = 4;

/// A deal with a sale that is nobody's, and whose people were not looked for yet.
#[derive(Debug, Clone)]
pub struct Stranger {
    deal: DealId,
    contacts: Vec<u64>,
}

impl Stranger {
    /// The deal, if it is one.
    pub fn of(deal: &Deal, sight: &Sight) -> Option<Self> {
        let is_nobodys = deal.sales.iter().any(|sale| sale.team.is_none());
        let is_unknown = is_nobodys && deal.leads.is_empty() && !deal.people_asked;
        is_unknown.then(|| Self { deal: deal.id(), contacts: sight.contacts.clone() })
    }
}

impl Sweep<'_> {
    /// Looks for the people behind the deals that were found to be nobody's; how many were found.
    pub async fn find_people(&mut self) -> Result<u64, Stop> {
        let mut strangers = std::mem::take(&mut self.strangers);
        strangers.truncate(MOST_STRANGERS);
        let ids: BTreeSet<u64> = strangers.iter().flat_map(|stranger| stranger.contacts.clone()).collect();
        let contacts = self.contacts(&ids.into_iter().collect::<Vec<_>>()).await?;
        let deals: Vec<DealId> = strangers.iter().map(|stranger| stranger.deal).collect();
        let mut known = self.known(&deals).await?;
        let mut found = 0;
        for stranger in strangers {
            let theirs = stranger.contacts.iter().filter_map(|id| contacts.get(id));
            let mut leads = BTreeMap::new();
            for contact in theirs {
                for lead in self.leads_of(contact).await? {
                    leads.insert((lead.received_at, lead.lead_id.clone()), lead);
                }
            }
            found += u64::from(!leads.is_empty());
            // Whoever was not shown may well have filled in a form.
            let all_shown = stranger.contacts.iter().all(|id| contacts.contains_key(id));
            if let Some(deal) = known.remove(&stranger.deal).filter(|_| leads.is_empty() && all_shown) {
                self.source.ledger.nobody_known(deal, clock::now()).await?;
            }
            for lead in leads.values() {
                self.source.ledger.link(stranger.deal, lead, clock::now()).await?;
            }
        }
        Ok(found)
    }

    async fn contacts(&self, ids: &[u64]) -> Result<BTreeMap<u64, CrmContact>, Stop> {
        let mut contacts = BTreeMap::new();
        for ids in ids.chunks(MOST_IDS) {
            // At most two hundred are asked for, and a page holds more.
            let found = self.crm.read(async |amocrm| amocrm.contacts_by_id(ids, 1).await).await?;
            contacts.extend(found.page.items.into_iter().map(|contact| (contact.id, contact)));
        }
        Ok(contacts)
    }

    async fn leads_of(&self, contact: &CrmContact) -> Result<Vec<LandingLead>, Stop> {
        let phones = contact.phones.iter().filter_map(|text| Phone::parse(text).ok()).take(MOST_OF_A_CONTACT);
        let phones: BTreeSet<Phone> = phones.collect();
        let emails = contact.emails.iter().filter_map(|text| Email::parse(text).ok()).take(MOST_OF_A_CONTACT);
        let mut leads = self.source.people.of_phones(&phones).await?;
        if leads.is_empty() {
            leads = self.source.people.of_emails(&emails.collect()).await?;
        }
        Ok(leads.iter().map(LandingLead::from).collect())
    }
}
