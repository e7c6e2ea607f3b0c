//! What a person in the account does with a deal, past the API and its checks: a test may want what the API would
//! refuse.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::fields::merge;
use super::wanted::{entries, find};
use super::{Happened, News, What, World, Wrong};

/// What of a deal a person changes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeadChange {
    name: Option<String>,
    price: Option<i64>,
    pipeline_id: Option<u64>,
    status_id: Option<u64>,
    responsible_user_id: Option<u64>,
    updated_by: Option<u64>,
    /// When it happens; now, if left out.
    updated_at: Option<i64>,
    contacts: Option<Vec<u64>>,
    #[serde(default)]
    values: BTreeMap<String, Value>,
    /// Whether nothing tells of it: no time, no event and no hook.
    #[serde(default)]
    silent: bool,
}

impl World {
    /// A person's change of a deal; whether there is such a deal.
    pub fn change_by_hand(&mut self, id: u64, change: LeadChange, now: i64) -> Result<bool, Wrong> {
        let Some(mut lead) = self.leads.get(id).cloned() else { return Ok(false) };
        lead.name = change.name.unwrap_or(lead.name);
        lead.price = change.price.unwrap_or(lead.price);
        lead.pipeline_id = change.pipeline_id.unwrap_or(lead.pipeline_id);
        lead.status_id = change.status_id.unwrap_or(lead.status_id);
        lead.responsible_user_id = change.responsible_user_id.unwrap_or(lead.responsible_user_id);
        if !change.silent {
            lead.updated_by = change.updated_by.unwrap_or(lead.responsible_user_id);
        }
        lead.contacts = change.contacts.unwrap_or(lead.contacts);
        if let Some(missing) = lead.contacts.iter().find(|id| !self.contacts.contains_key(id)) {
            return Err(Wrong(format!("there is no contact {missing}")));
        }
        let values = change.values.into_iter();
        let (cleared, set): (BTreeMap<_, _>, BTreeMap<_, _>) = values.partition(|(_, value)| value.is_null());
        for name in cleared.keys() {
            let field = find(&self.lead_fields, name)?.id;
            lead.values.retain(|entry| entry.field_id != field);
        }
        merge(&mut lead.values, &entries(&self.lead_fields, &set)?);
        let now = change.updated_at.unwrap_or(now);
        if change.silent {
            self.settle(&mut lead, now);
        } else {
            self.store(lead, now);
        }
        Ok(true)
    }

    /// A person throws a deal into the bin, or it vanishes there without a word; whether there was such a deal.
    pub fn delete(&mut self, id: u64, silent: bool, now: i64) -> bool {
        let Some(mut lead) = self.leads.take(id) else { return false };
        if !silent {
            (lead.updated_at, lead.updated_by) = (now, lead.responsible_user_id);
            self.note_event(Happened::Deleted, &lead);
            self.news.push(News { what: What::Delete, lead: lead.clone(), old_status_id: None });
        }
        self.bin.put(lead);
        true
    }

    /// A person takes a deal out of the bin; whether it was there.
    pub fn restore(&mut self, id: u64, now: i64) -> bool {
        let Some(mut lead) = self.bin.take(id) else { return false };
        (lead.updated_at, lead.updated_by) = (now, lead.responsible_user_id);
        self.note_event(Happened::Restored, &lead);
        self.news.push(News { what: What::Restore, lead: lead.clone(), old_status_id: None });
        self.leads.put(lead);
        true
    }
}
