//! Contacts: people.

use std::fmt;

use serde::Deserialize;
use serde_json::{Value, json};

use super::classify::Asked;
use super::client::{Amocrm, Answer, Call};
use super::fields::{Field, MOST};
use super::filtered::{Filtered, Found};
use super::page::{List, Page};
use crate::domain::crm::account::CrmContact;

/// A contact that is to be made. It is a person, so printing one shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct NewContact {
    /// The name.
    pub name: String,
    /// The phone.
    pub phone: String,
    /// The e-mail address, unless amoCRM does not take it.
    pub email: Option<String>,
}

impl fmt::Debug for NewContact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewContact(…)")
    }
}

impl NewContact {
    pub(super) fn written(&self) -> Value {
        let field = |code: &str, value: &str| json!({"field_code": code, "values": [{"value": value, "enum_code": "WORK"}]});
        let email = self.email.as_deref().map(|email| field("EMAIL", email));
        let fields: Vec<Value> = [field("PHONE", &self.phone)].into_iter().chain(email).collect();
        json!({"name": self.name, "custom_fields_values": fields})
    }
}

#[derive(Deserialize)]
struct Row {
    id: u64,
    #[serde(default)]
    custom_fields_values: Option<Vec<Field>>,
    #[serde(rename = "_embedded", default)]
    embedded: Deals,
}

#[derive(Default, Deserialize)]
struct Deals {
    #[serde(default)]
    leads: Vec<Deal>,
}

#[derive(Deserialize)]
struct Deal {
    id: u64,
}

impl Amocrm {
    /// One page of the contacts in which this text stands, in whichever field: whose it is has to be looked at.
    pub async fn contacts(&self, text: &str, page: u32) -> Answer<Page<CrmContact>> {
        let query = [("query", text), ("with", "leads"), ("limit", MOST), ("page", &page.to_string())];
        let list: Option<List<Row>> = self.call(Call::get(Asked::Always, "contacts", &query)).await?;
        Ok(Page::of(list, |row| Some(contact(row))))
    }

    /// One page of the contacts with these ids, at most [`MOST_IDS`](super::MOST_IDS). Asking for no ids asks nothing.
    pub async fn contacts_by_id(&self, ids: &[u64], page: u32) -> Answer<Filtered<CrmContact>> {
        if ids.is_empty() {
            return Ok(Filtered::default());
        }
        let (texts, page): (Vec<_>, _) = (ids.iter().map(u64::to_string).collect(), page.to_string());
        let rest = [("with", "leads"), ("limit", MOST), ("page", page.as_str())];
        let query: Vec<_> = texts.iter().map(|id| ("filter[id][]", id.as_str())).chain(rest).collect();
        let list: Option<List<Value>> = self.call(Call::get(Asked::Always, "contacts", &query)).await?;
        let read = |row: Value| serde_json::from_value(row).ok().map(contact);
        Ok(Filtered::of(list, |row| Found::of(read(row), |contact| ids.contains(&contact.id))))
    }
}

fn contact(row: Row) -> CrmContact {
    let fields = row.custom_fields_values.unwrap_or_default();
    let texts = |code| fields.iter().filter(|field| field.has_code(code)).flat_map(Field::texts).collect();
    CrmContact {
        id: row.id,
        phones: texts("PHONE"),
        emails: texts("EMAIL"),
        deals: row.embedded.leads.into_iter().map(|deal| deal.id).collect(),
    }
}
