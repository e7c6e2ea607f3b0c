//! Deals, people and notes as a write names them, and what is wrong with them.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::fields::Given;
use super::{Entry, World, resolve};
use crate::amocrm::problem::{Flaw, Problem, not_played, unreadable};

/// A deal to be made or changed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LeadDraft {
    pub id: Option<u64>,
    pub name: Option<String>,
    pub price: Option<i64>,
    pub responsible_user_id: Option<u64>,
    pub status_id: Option<u64>,
    pub pipeline_id: Option<u64>,
    pub loss_reason_id: Option<u64>,
    pub created_by: Option<u64>,
    pub updated_by: Option<u64>,
    pub created_at: Option<i64>,
    pub custom_fields_values: Option<Vec<Given>>,
    pub tags_to_add: Vec<TagDraft>,
    pub tags_to_delete: Vec<TagDraft>,
    pub request_id: Option<Value>,
    #[serde(rename = "_embedded")]
    pub embedded: Embedded,
}

/// What stands inside of a deal.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Embedded {
    pub contacts: Option<Vec<ContactDraft>>,
    pub tags: Option<Vec<TagDraft>>,
}

/// A person to be made, changed or named by id.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ContactDraft {
    pub id: Option<u64>,
    pub is_main: Option<bool>,
    pub name: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub responsible_user_id: Option<u64>,
    pub created_by: Option<u64>,
    pub updated_by: Option<u64>,
    pub created_at: Option<i64>,
    pub custom_fields_values: Option<Vec<Given>>,
    pub request_id: Option<Value>,
}

/// A tag by id or by name.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TagDraft {
    pub id: Option<u64>,
    pub name: Option<String>,
}

/// A note to be made.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoteDraft {
    pub entity_id: Option<u64>,
    pub note_type: String,
    #[serde(default)]
    pub params: Value,
    pub created_by: Option<u64>,
    pub request_id: Option<Value>,
}

/// A draft that was found good.
#[derive(Debug, Clone)]
pub struct LeadPlan {
    pub draft: LeadDraft,
    pub place: (u64, u64),
    pub values: Vec<Entry>,
}

/// Reads the entities of a body: a list, or one alone where that is allowed.
pub fn entities<T: DeserializeOwned>(body: Option<&Value>, alone: bool) -> Result<Vec<T>, Problem> {
    let list = match body {
        Some(Value::Array(list)) => list.clone(),
        Some(one @ Value::Object(_)) if alone => vec![one.clone()],
        Some(_) => return Err(unreadable("the body must be an array")),
        None => return Err(unreadable("the body is no JSON")),
    };
    let read = |one| {
        serde_json::from_value(one).map_err(|error| {
            let error = error.to_string();
            if error.starts_with("unknown field") { not_played(&error) } else { unreadable(error) }
        })
    };
    list.into_iter().map(read).collect()
}

/// The caller's own word for an entity, else its place in the list.
pub fn request_id(given: Option<&Value>, n: usize) -> String {
    match given {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => n.to_string(),
        Some(other) => other.to_string(),
    }
}

impl World {
    /// What a draft means for a new deal, or for one that stands at `from`.
    pub fn plan(&self, draft: LeadDraft, from: Option<(u64, u64)>) -> Result<LeadPlan, Vec<Flaw>> {
        let place = self.place(from, draft.pipeline_id, draft.status_id);
        let given = draft.custom_fields_values.as_deref().unwrap_or_default();
        let values = resolve(&self.lead_fields, given);
        match (place, values) {
            (Ok(place), Ok(values)) => Ok(LeadPlan { draft, place, values }),
            (place, values) => Err([place.err(), values.err()].into_iter().flatten().flatten().collect()),
        }
    }
}
