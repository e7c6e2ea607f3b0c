//! Deals and people put in as they are elsewhere, without a word to anybody: how the past of a demo gets into the account.
//! Whoever has changed since stays, so that putting the same again changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::wanted::{WantedContact, WantedLead};
use super::{Contact, Happened, Lead, TagDraft, World, Wrong};

/// What is put in. Everything has an id, and a deal no notes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Whole {
    #[serde(default)]
    contacts: Vec<WantedContact>,
    #[serde(default)]
    leads: Vec<WantedLead>,
    /// Those of the deals that are in the bin, and since when. The journal tells of it.
    #[serde(default)]
    deleted: BTreeMap<u64, i64>,
}

impl World {
    /// Puts all of it in, or nothing; of how many people and deals something is other than before.
    pub fn put_whole(&mut self, whole: Whole, now: i64) -> Result<usize, Wrong> {
        let missing = |kind: &str| Wrong(format!("a {kind} that is put in has an id"));
        let mut contacts = BTreeMap::new();
        for wanted in whole.contacts {
            let id = wanted.id.ok_or_else(|| missing("contact"))?;
            contacts.insert(id, self.whole_contact(id, wanted, now)?);
        }
        let mut leads = BTreeMap::new();
        for wanted in whole.leads {
            let id = wanted.id.ok_or_else(|| missing("lead"))?;
            let (lead, tags, notes) = self.whole_lead(id, wanted, |id| contacts.contains_key(id), now)?;
            if !notes.is_empty() {
                return Err(Wrong(format!("lead {id} cannot be put in with notes")));
            }
            leads.insert(id, (lead, tags));
        }
        let known: BTreeSet<_> = leads.keys().collect();
        if let Some(id) = whole.deleted.keys().find(|id| !known.contains(id)) {
            return Err(Wrong(format!("lead {id} is deleted and not described")));
        }
        // Ids that are given later are none of these.
        let last = contacts.keys().chain(leads.keys()).max();
        self.next_id = self.next_id.max(last.copied().unwrap_or_default());
        let mut changed = 0;
        for contact in contacts.into_values() {
            changed += usize::from(self.put_contact(contact));
        }
        for (id, (mut lead, tags)) in leads {
            let tags = tags.into_iter().map(|name| TagDraft { id: None, name: Some(name) });
            lead.tags = tags.filter_map(|tag| self.tag(tag)).collect();
            changed += usize::from(self.put_lead(lead, whole.deleted.get(&id).copied()));
        }
        Ok(changed)
    }

    fn put_contact(&mut self, contact: Contact) -> bool {
        let there = self.contacts.get(&contact.id);
        if there.is_some_and(|there| there.updated_at > contact.updated_at || *there == contact) {
            return false;
        }
        self.contacts.insert(contact.id, contact);
        true
    }

    fn put_lead(&mut self, mut lead: Lead, deleted_at: Option<i64>) -> bool {
        let there = self.leads.get(lead.id).or_else(|| self.bin.get(lead.id));
        let stands =
            |there: &Lead| there.updated_at > lead.updated_at || (deleted_at.is_none() && *there == lead);
        if there.is_some_and(stands) {
            return false;
        }
        self.leads.take(lead.id);
        self.bin.take(lead.id);
        if let Some(at) = deleted_at {
            (lead.updated_at, lead.updated_by) = (at, lead.responsible_user_id);
            self.note_event(Happened::Deleted, &lead);
            self.bin.put(lead);
        } else {
            self.leads.put(lead);
        }
        true
    }
}
