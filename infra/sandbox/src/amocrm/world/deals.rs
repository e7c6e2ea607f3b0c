//! What a write does to deals and people.

use super::fields::merge;
use super::{
    Contact, ContactDraft, Entry, Happened, Lead, LeadPlan, News, Note, Tag, TagDraft, What, World, ends,
};

impl World {
    /// A new deal, already linked with these people.
    pub fn add_lead(&mut self, plan: LeadPlan, contacts: Vec<u64>, now: i64) -> u64 {
        let id = self.fresh();
        let (draft, user) = (plan.draft, self.account.user_id);
        let tags = draft.embedded.tags.unwrap_or_default().into_iter().chain(draft.tags_to_add);
        let tags = tags.filter_map(|tag| self.tag(tag)).collect();
        let mut values = Vec::new();
        merge(&mut values, &plan.values);
        let (pipeline_id, status_id) = plan.place;
        let lead = Lead {
            id,
            name: draft.name.unwrap_or_else(|| format!("Сделка #{id}")),
            price: draft.price.unwrap_or(0),
            responsible_user_id: draft.responsible_user_id.unwrap_or(user),
            status_id,
            pipeline_id,
            loss_reason_id: draft.loss_reason_id,
            created_by: draft.created_by.unwrap_or(user),
            updated_by: draft.updated_by.unwrap_or(user),
            created_at: draft.created_at.unwrap_or(now),
            updated_at: now,
            closed_at: ends(status_id).then_some(now),
            tags,
            values,
            contacts,
        };
        self.put(lead);
        id
    }

    /// Takes a deal in that was made elsewhere, and tells of it.
    pub fn put(&mut self, lead: Lead) {
        self.news.push(News { what: What::Add, lead: lead.clone(), old_status_id: None });
        self.enter(lead);
    }

    /// The same, told by nothing but the journal.
    pub fn enter(&mut self, lead: Lead) {
        self.note_event(Happened::Added, &lead);
        self.leads.put(lead);
    }

    /// Changes a deal. Every write moves its time, also one that changes nothing.
    pub fn change_lead(&mut self, id: u64, plan: LeadPlan, now: i64) {
        let user = self.account.user_id;
        let mut draft = plan.draft;
        let add = std::mem::take(&mut draft.tags_to_add);
        let add = add.into_iter().filter_map(|tag| self.tag(tag)).collect::<Vec<_>>();
        let set = draft.embedded.tags.take();
        let set = set.map(|tags| tags.into_iter().filter_map(|tag| self.tag(tag)).collect::<Vec<_>>());
        let Some(mut lead) = self.leads.get(id).cloned() else { return };
        if let Some(tags) = set {
            lead.tags = tags;
        }
        let goes = |tag: &Tag| {
            let named = |gone: &TagDraft| gone.id == Some(tag.id) || gone.name.as_ref() == Some(&tag.name);
            draft.tags_to_delete.iter().any(named)
        };
        lead.tags.retain(|tag| !goes(tag));
        for tag in add {
            if !lead.tags.contains(&tag) {
                lead.tags.push(tag);
            }
        }
        lead.name = draft.name.unwrap_or(lead.name);
        lead.price = draft.price.unwrap_or(lead.price);
        lead.responsible_user_id = draft.responsible_user_id.unwrap_or(lead.responsible_user_id);
        lead.loss_reason_id = draft.loss_reason_id.or(lead.loss_reason_id);
        lead.updated_by = draft.updated_by.unwrap_or(user);
        lead.created_at = draft.created_at.unwrap_or(lead.created_at);
        merge(&mut lead.values, &plan.values);
        (lead.pipeline_id, lead.status_id) = plan.place;
        self.store(lead, now);
    }

    /// Puts a changed deal back, with what follows from how it was before.
    pub fn store(&mut self, mut lead: Lead, now: i64) {
        lead.updated_at = now;
        let Some(before) = self.settle(&mut lead, now) else { return };
        let (from, to) = (before.place(), lead.place());
        let moved = from != to;
        let old_status_id = moved.then_some(before.status_id);
        if moved {
            self.note_event(Happened::Moved { from, to }, &lead);
        }
        if before.price != lead.price {
            self.note_event(Happened::Priced { from: before.price, to: lead.price }, &lead);
        }
        self.news.push(News { what: What::Update, lead: lead.clone(), old_status_id });
        if moved {
            self.news.push(News { what: What::Status, lead, old_status_id });
        }
    }

    /// Puts a changed deal back without a word, closed or open as its stage says; how it was before.
    pub fn settle(&mut self, lead: &mut Lead, now: i64) -> Option<Lead> {
        let before = self.leads.take(lead.id)?;
        if !ends(lead.status_id) {
            (lead.closed_at, lead.loss_reason_id) = (None, None);
        } else if before.place() != lead.place() || lead.closed_at.is_none() {
            lead.closed_at = Some(now);
        }
        self.leads.put(lead.clone());
        Some(before)
    }

    /// A new person.
    pub fn add_contact(&mut self, draft: ContactDraft, values: &[Entry], now: i64) -> u64 {
        let (id, user) = (self.fresh(), self.account.user_id);
        let (first_name, last_name) =
            (draft.first_name.unwrap_or_default(), draft.last_name.unwrap_or_default());
        let both = format!("{first_name} {last_name}").trim().to_owned();
        let mut held = Vec::new();
        merge(&mut held, values);
        let contact = Contact {
            id,
            name: draft.name.unwrap_or(both),
            first_name,
            last_name,
            responsible_user_id: draft.responsible_user_id.unwrap_or(user),
            created_by: draft.created_by.unwrap_or(user),
            updated_by: draft.updated_by.unwrap_or(user),
            created_at: draft.created_at.unwrap_or(now),
            updated_at: now,
            tags: Vec::new(),
            values: held,
        };
        self.contacts.insert(id, contact);
        id
    }

    /// Changes a person.
    pub fn change_contact(&mut self, id: u64, draft: ContactDraft, values: &[Entry], now: i64) {
        let user = self.account.user_id;
        let Some(contact) = self.contacts.get_mut(&id) else { return };
        if let Some(name) = draft.name {
            contact.name = name;
        } else if draft.first_name.is_some() || draft.last_name.is_some() {
            let first = draft.first_name.as_ref().unwrap_or(&contact.first_name);
            let last = draft.last_name.as_ref().unwrap_or(&contact.last_name);
            contact.name = format!("{first} {last}").trim().to_owned();
        }
        contact.first_name = draft.first_name.unwrap_or_else(|| contact.first_name.clone());
        contact.last_name = draft.last_name.unwrap_or_else(|| contact.last_name.clone());
        contact.responsible_user_id = draft.responsible_user_id.unwrap_or(contact.responsible_user_id);
        contact.updated_by = draft.updated_by.unwrap_or(user);
        contact.updated_at = now;
        merge(&mut contact.values, values);
    }

    /// Links a person with a deal.
    pub fn link(&mut self, lead: u64, contact: u64, main: bool, now: i64) {
        let Some(mut lead) = self.leads.get(lead).cloned() else { return };
        if main {
            lead.contacts.retain(|one| *one != contact);
            lead.contacts.insert(0, contact);
        } else if !lead.contacts.contains(&contact) {
            lead.contacts.push(contact);
        }
        self.store(lead, now);
    }

    /// A new note, which moves the deal's time but is no change of it that a hook would tell.
    pub fn add_note(&mut self, mut note: Note, now: i64) -> u64 {
        let id = self.fresh();
        note.id = id;
        if let Some(lead) = self.leads.take(note.entity_id) {
            self.leads.put(Lead { updated_at: now, ..lead });
        }
        self.notes.entry(note.entity_id).or_default().push(note);
        id
    }
}
