//! The account: its pipelines, fields, people and deals, and what happened to them.

mod by_hand;
mod deals;
mod drafts;
mod fields;
mod journal;
mod leads;
mod many;
mod pipelines;
mod show;
mod tags;
mod wanted;
mod whole;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::by_hand::LeadChange;
pub use self::drafts::{ContactDraft, LeadDraft, LeadPlan, NoteDraft, TagDraft, entities, request_id};
pub use self::fields::{Entry, Field, Item, resolve};
pub use self::journal::{Event, Happened, Journal};
pub use self::leads::Leads;
pub use self::many::Many;
pub use self::pipelines::{LOST, Pipeline, WON};
pub use self::tags::{Tag, Tags};
pub use self::wanted::{More, Wrong, read, usual};
pub use self::whole::Whole;

/// Everything in the account, as it is also kept on disk.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct World {
    pub account: Account,
    pub pipelines: Vec<Pipeline>,
    pub lead_fields: Vec<Field>,
    pub contact_fields: Vec<Field>,
    pub contacts: BTreeMap<u64, Contact>,
    pub leads: Leads,
    /// Deleted deals, which a person may bring back.
    pub bin: Leads,
    /// By the deal.
    pub notes: BTreeMap<u64, Vec<Note>>,
    pub journal: Journal,
    tags: Tags,
    /// What hooks are still to tell.
    #[serde(skip)]
    pub news: Vec<News>,
    next_id: u64,
}

/// The account itself.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    pub id: u64,
    pub subdomain: String,
    pub name: String,
    /// Whom the token acts as: amoCRM notes it with every write.
    pub user_id: u64,
}

/// A deal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lead {
    pub id: u64,
    pub name: String,
    pub price: i64,
    pub responsible_user_id: u64,
    pub status_id: u64,
    pub pipeline_id: u64,
    pub loss_reason_id: Option<u64>,
    pub created_by: u64,
    pub updated_by: u64,
    pub created_at: i64,
    pub updated_at: i64,
    pub closed_at: Option<i64>,
    pub tags: Vec<Tag>,
    pub values: Vec<Entry>,
    /// The main contact first.
    pub contacts: Vec<u64>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    pub id: u64,
    pub name: String,
    pub first_name: String,
    pub last_name: String,
    pub responsible_user_id: u64,
    pub created_by: u64,
    pub updated_by: u64,
    pub created_at: i64,
    pub updated_at: i64,
    pub tags: Vec<Tag>,
    pub values: Vec<Entry>,
}

/// A note on a deal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Note {
    pub id: u64,
    pub entity_id: u64,
    pub created_by: u64,
    pub created_at: i64,
    pub updated_at: i64,
    pub note_type: String,
    pub params: Value,
}

/// What a hook tells of a deal, as the deal was at that moment.
#[derive(Debug, Clone, PartialEq)]
pub struct News {
    pub what: What,
    pub lead: Lead,
    /// Where it was before, if it moved.
    pub old_status_id: Option<u64>,
}

/// What was done to the deal, by the name of its subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum What {
    #[serde(rename = "add_lead")]
    Add,
    #[serde(rename = "update_lead")]
    Update,
    #[serde(rename = "status_lead")]
    Status,
    #[serde(rename = "delete_lead")]
    Delete,
    #[serde(rename = "restore_lead")]
    Restore,
}

impl What {
    /// Its name in the body of a hook.
    pub fn action(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Update => "update",
            Self::Status => "status",
            Self::Delete => "delete",
            Self::Restore => "restore",
        }
    }
}

impl World {
    /// An id that nothing else has.
    pub fn fresh(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }
}

impl Lead {
    /// Pipeline and stage.
    pub fn place(&self) -> (u64, u64) {
        (self.pipeline_id, self.status_id)
    }
}

/// Whether a deal in this stage is closed.
pub fn ends(status: u64) -> bool {
    status == WON || status == LOST
}

/// Whether one of the filled fields, the name included, has these characters in it. A number is also found where it
/// is written with spaces, dashes and brackets in between.
pub fn mentions(name: &str, values: &[Entry], query: &str) -> bool {
    let query = query.to_lowercase();
    let has = |text: &str| {
        let text = text.to_lowercase();
        let bare = text.chars().filter(|c| !" -()\u{a0}".contains(*c)).collect::<String>();
        text.contains(&query) || bare.contains(&query)
    };
    has(name) || values.iter().flat_map(|entry| &entry.items).any(|item| has(&item.text()))
}
