//! Deals, found by id, by time and by person without looking at each of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Lead;

type ByTime = BTreeMap<(i64, u64), Arc<Lead>>;

/// Deals with what leads to them. A deal is changed by putting it in again.
#[derive(Debug, Clone, Default)]
pub struct Leads {
    by_id: BTreeMap<u64, Arc<Lead>>,
    by_update: ByTime,
    by_creation: ByTime,
    by_contact: BTreeMap<u64, BTreeSet<u64>>,
}

impl Leads {
    /// The deal of this id.
    pub fn get(&self, id: u64) -> Option<&Lead> {
        self.by_id.get(&id).map(Arc::as_ref)
    }

    /// Whether there is such a deal.
    pub fn contains(&self, id: u64) -> bool {
        self.by_id.contains_key(&id)
    }

    /// All of them by their ids.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &Lead> {
        self.by_id.values().map(Arc::as_ref)
    }

    /// Those changed from one second to another, both included, by that time.
    pub fn updated(&self, from: i64, to: i64) -> impl DoubleEndedIterator<Item = &Lead> {
        between(&self.by_update, from, to)
    }

    /// Those made from one second to another, both included, by that time.
    pub fn created(&self, from: i64, to: i64) -> impl DoubleEndedIterator<Item = &Lead> {
        between(&self.by_creation, from, to)
    }

    /// The deals of a person.
    pub fn of(&self, contact: u64) -> impl Iterator<Item = &Lead> {
        self.by_contact.get(&contact).into_iter().flatten().filter_map(|id| self.get(*id))
    }

    /// Takes a deal in, instead of the one that had its id.
    pub fn put(&mut self, lead: Lead) {
        self.take(lead.id);
        for contact in &lead.contacts {
            self.by_contact.entry(*contact).or_default().insert(lead.id);
        }
        let lead = Arc::new(lead);
        self.by_update.insert((lead.updated_at, lead.id), Arc::clone(&lead));
        self.by_creation.insert((lead.created_at, lead.id), Arc::clone(&lead));
        self.by_id.insert(lead.id, lead);
    }

    /// Takes a deal out.
    pub fn take(&mut self, id: u64) -> Option<Lead> {
        let lead = self.by_id.remove(&id)?;
        self.by_update.remove(&(lead.updated_at, id));
        self.by_creation.remove(&(lead.created_at, id));
        for contact in &lead.contacts {
            if let Some(theirs) = self.by_contact.get_mut(contact) {
                theirs.remove(&id);
            }
        }
        Some(Arc::unwrap_or_clone(lead))
    }
}

fn between(leads: &ByTime, from: i64, to: i64) -> impl DoubleEndedIterator<Item = &Lead> {
    // A map does not take borders that are the wrong way round.
    let range = (from <= to).then(|| leads.range((from, 0)..=(to, u64::MAX)));
    range.into_iter().flatten().map(|(_, lead)| lead.as_ref())
}

impl Serialize for Leads {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.all())
    }
}

impl<'de> Deserialize<'de> for Leads {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut leads = Self::default();
        Vec::<Lead>::deserialize(deserializer)?.into_iter().for_each(|lead| leads.put(lead));
        Ok(leads)
    }
}
