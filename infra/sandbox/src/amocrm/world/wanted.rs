//! Worlds as a test or the file writes them. What is left out is as in the file.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Value, json};
use thiserror::Error;

use super::{
    Account, Contact, Entry, Field, Item, Journal, Lead, Leads, Note, Pipeline, TagDraft, Tags, World, ends,
};
use crate::amocrm::tokens::{self, Tokens};

const USUAL: &str = include_str!("../../../worlds/amocrm.json");
/// Where ids begin that the sandbox gives.
const FIRST_ID: u64 = 41_000_000;

/// Why a world cannot be.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct Wrong(pub String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    account: Account,
    tokens: tokens::Wanted,
    pipelines: Vec<Pipeline>,
    lead_fields: Vec<Field>,
    contact_fields: Vec<Field>,
    contacts: Vec<WantedContact>,
    leads: Vec<WantedLead>,
}

/// Deals and people to be added to a world.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct More {
    #[serde(default)]
    contacts: Vec<WantedContact>,
    #[serde(default)]
    leads: Vec<WantedLead>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WantedContact {
    pub id: Option<u64>,
    name: String,
    #[serde(default)]
    first_name: String,
    #[serde(default)]
    last_name: String,
    responsible_user_id: Option<u64>,
    created_at: Option<i64>,
    updated_at: Option<i64>,
    #[serde(default)]
    values: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WantedLead {
    pub id: Option<u64>,
    name: Option<String>,
    #[serde(default)]
    price: i64,
    responsible_user_id: Option<u64>,
    pipeline_id: Option<u64>,
    status_id: Option<u64>,
    loss_reason_id: Option<u64>,
    created_by: Option<u64>,
    updated_by: Option<u64>,
    created_at: Option<i64>,
    updated_at: Option<i64>,
    closed_at: Option<i64>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    values: BTreeMap<String, Value>,
    #[serde(default)]
    contacts: Vec<u64>,
    #[serde(default)]
    notes: Vec<WantedNote>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WantedNote {
    id: Option<u64>,
    note_type: String,
    params: Value,
    created_by: Option<u64>,
    created_at: Option<i64>,
}

/// The default world and its tokens.
pub fn usual(now: i64) -> Result<(World, Tokens), Wrong> {
    read(json!({}), now)
}

/// The world described, and its tokens.
pub fn read(given: Value, now: i64) -> Result<(World, Tokens), Wrong> {
    let wrong = |error: serde_json::Error| Wrong(error.to_string());
    let mut whole: Value = serde_json::from_str(USUAL).map_err(wrong)?;
    let Value::Object(given) = given else { return Err(Wrong("a world is an object".to_owned())) };
    if given.contains_key("contacts") && !given.contains_key("leads") {
        // The usual deals are those of the usual people.
        whole["leads"] = json!([]);
    }
    for (name, part) in given {
        whole[name] = part;
    }
    let wanted: Wanted = serde_json::from_value(whole).map_err(wrong)?;
    if wanted.pipelines.is_empty() {
        return Err(Wrong("an account has at least one pipeline".to_owned()));
    }
    let mut world = World {
        account: wanted.account,
        pipelines: wanted.pipelines,
        lead_fields: wanted.lead_fields,
        contact_fields: wanted.contact_fields,
        contacts: BTreeMap::new(),
        leads: Leads::default(),
        bin: Leads::default(),
        notes: BTreeMap::new(),
        journal: Journal::default(),
        tags: Tags::default(),
        news: Vec::new(),
        next_id: FIRST_ID,
    };
    world.add(More { contacts: wanted.contacts, leads: wanted.leads }, now)?;
    // Nobody is told of what was there before.
    world.news.clear();
    Ok((world, Tokens::new(wanted.tokens)))
}

/// What was found good and is not yet taken in.
#[derive(Default)]
struct Checked {
    next_id: u64,
    contacts: BTreeMap<u64, Contact>,
    leads: Vec<(Lead, Vec<String>, Vec<WantedNote>)>,
    ids: BTreeSet<u64>,
}

impl Checked {
    fn fresh(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }
}

impl World {
    /// Takes in what a test or the file wants, all of it or nothing; the ids of the people and of the deals.
    pub fn add(&mut self, more: More, now: i64) -> Result<(Vec<u64>, Vec<u64>), Wrong> {
        let named = more.contacts.iter().filter_map(|contact| contact.id);
        let named = named.chain(more.leads.iter().filter_map(|lead| lead.id));
        let next_id = named.max().unwrap_or(0).max(self.next_id);
        let mut checked = Checked { next_id, ..Checked::default() };
        let people = more.contacts.into_iter().map(|contact| self.check_contact(&mut checked, contact, now));
        let people = people.collect::<Result<_, _>>()?;
        let leads = more.leads.into_iter().map(|lead| self.check_lead(&mut checked, lead, now));
        let leads = leads.collect::<Result<_, _>>()?;
        self.take_in(checked);
        Ok((people, leads))
    }

    fn check_contact(&self, checked: &mut Checked, wanted: WantedContact, now: i64) -> Result<u64, Wrong> {
        let id = wanted.id.unwrap_or_else(|| checked.fresh());
        let contact = self.whole_contact(id, wanted, now)?;
        if self.contacts.contains_key(&id) || checked.contacts.insert(id, contact).is_some() {
            return Err(Wrong(format!("there are two contacts {id}")));
        }
        Ok(id)
    }

    /// The person as described.
    pub(super) fn whole_contact(&self, id: u64, wanted: WantedContact, now: i64) -> Result<Contact, Wrong> {
        let user = self.account.user_id;
        let created_at = wanted.created_at.unwrap_or(now);
        Ok(Contact {
            id,
            name: wanted.name,
            first_name: wanted.first_name,
            last_name: wanted.last_name,
            responsible_user_id: wanted.responsible_user_id.unwrap_or(user),
            created_by: user,
            updated_by: user,
            created_at,
            updated_at: wanted.updated_at.unwrap_or(created_at),
            tags: Vec::new(),
            values: entries(&self.contact_fields, &wanted.values)?,
        })
    }

    fn check_lead(&self, checked: &mut Checked, wanted: WantedLead, now: i64) -> Result<u64, Wrong> {
        let id = wanted.id.unwrap_or_else(|| checked.fresh());
        let (lead, tags, notes) = self.whole_lead(id, wanted, |id| checked.contacts.contains_key(id), now)?;
        if self.leads.contains(id) || self.bin.contains(id) || !checked.ids.insert(id) {
            return Err(Wrong(format!("there are two leads {id}")));
        }
        checked.leads.push((lead, tags, notes));
        Ok(id)
    }

    /// The deal as described, with what is told apart from it. `is_new` knows the people who come with it.
    pub(super) fn whole_lead(
        &self,
        id: u64,
        wanted: WantedLead,
        is_new: impl Fn(&u64) -> bool,
        now: i64,
    ) -> Result<(Lead, Vec<String>, Vec<WantedNote>), Wrong> {
        let user = self.account.user_id;
        let unknown = |_| Wrong(format!("lead {id} stands in no stage that can be"));
        // A stage for incoming leads is where such a deal may well be, so only what is left out is looked up.
        let (pipeline_id, status_id) = match (wanted.pipeline_id, wanted.status_id) {
            (Some(pipeline), Some(status)) => (pipeline, status),
            (pipeline, status) => self.place(None, pipeline, status).map_err(unknown)?,
        };
        let here = |id: &&u64| self.contacts.contains_key(id) || is_new(id);
        if let Some(missing) = wanted.contacts.iter().find(|id| !here(id)) {
            return Err(Wrong(format!("lead {id} has the contact {missing}, who is not there")));
        }
        let created_at = wanted.created_at.unwrap_or(now);
        let updated_at = wanted.updated_at.unwrap_or(created_at);
        let lead = Lead {
            id,
            name: wanted.name.unwrap_or_else(|| format!("Сделка #{id}")),
            price: wanted.price,
            responsible_user_id: wanted.responsible_user_id.unwrap_or(user),
            status_id,
            pipeline_id,
            loss_reason_id: wanted.loss_reason_id,
            created_by: wanted.created_by.unwrap_or(user),
            updated_by: wanted.updated_by.unwrap_or(user),
            created_at,
            updated_at,
            closed_at: wanted.closed_at.or(ends(status_id).then_some(updated_at)),
            tags: Vec::new(),
            values: entries(&self.lead_fields, &wanted.values)?,
            contacts: wanted.contacts,
        };
        Ok((lead, wanted.tags, wanted.notes))
    }

    fn take_in(&mut self, checked: Checked) {
        self.next_id = checked.next_id;
        self.contacts.extend(checked.contacts);
        for (mut lead, tags, notes) in checked.leads {
            let tags = tags.into_iter().map(|name| TagDraft { id: None, name: Some(name) });
            lead.tags = tags.filter_map(|tag| self.tag(tag)).collect();
            let (lead_id, created_at) = (lead.id, lead.created_at);
            self.put(lead);
            for note in notes {
                let at = note.created_at.unwrap_or(created_at);
                let note = Note {
                    id: note.id.unwrap_or_else(|| self.fresh()),
                    entity_id: lead_id,
                    created_by: note.created_by.unwrap_or(self.account.user_id),
                    created_at: at,
                    updated_at: at,
                    note_type: note.note_type,
                    params: note.params,
                };
                self.notes.entry(lead_id).or_default().push(note);
            }
        }
    }
}

/// A field by code, name or id.
pub fn find<'a>(fields: &'a [Field], name: &str) -> Result<&'a Field, Wrong> {
    let of = |field: &&Field| {
        field.code.as_deref() == Some(name) || field.name == name || field.id.to_string() == name
    };
    fields.iter().find(of).ok_or_else(|| Wrong(format!("there is no field {name}")))
}

/// Filled fields as a world names them.
pub fn entries(fields: &[Field], values: &BTreeMap<String, Value>) -> Result<Vec<Entry>, Wrong> {
    let entry = |(name, value): (&String, &Value)| {
        let field = find(fields, name)?;
        let list = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        let items = list.into_iter().map(|value| item(field, value));
        Ok(Entry { field_id: field.id, items: items.collect() })
    };
    values.iter().map(entry).collect()
}

/// Phones and addresses are of the first sort; a choice that a field does not offer is kept as it is.
fn item(field: &Field, value: Value) -> Item {
    let choice = match field.kind.as_str() {
        "multitext" => field.enums.first(),
        _ => field.enums.iter().find(|choice| value == choice.value.as_str()),
    };
    let enum_code = choice.filter(|_| field.kind == "multitext").map(|choice| choice.value.clone());
    Item { value, enum_id: choice.map(|choice| choice.id), enum_code }
}
