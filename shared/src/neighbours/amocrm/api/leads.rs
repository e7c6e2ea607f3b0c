//! Deals, which amoCRM calls leads.

use std::collections::BTreeMap;

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Map, Number, Value, json};

use super::classify::Asked;
use super::client::{Amocrm, Answer, Call};
use super::contacts::NewContact;
use super::failure::{Class, Failure, Said};
use super::fields::{Field, MOST, written};
use super::page::{List, Page};
use crate::domain::crm::account::CrmDeal;
use crate::domain::crm::change::DealChange;
use crate::domain::money::Tenge;

/// A deal that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDeal {
    /// What it is echoed by.
    pub request_id: String,
    /// Its name.
    pub name: String,
    /// Its pipeline.
    pub pipeline: u64,
    /// Its stage; its pipeline's first where there is none.
    pub stage: Option<u64>,
    /// Its price.
    pub price: Option<Tenge>,
    /// UTM values by the codes of their fields.
    pub utm: BTreeMap<String, String>,
    /// Whose it is.
    pub whose: Whose,
}

/// Whose a new deal is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// Of a contact that is known.
    Known(u64),
    /// Of a contact that is made with it.
    New(NewContact),
}

/// What was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Created {
    /// The deal.
    pub deal: u64,
    /// Its contact, where amoCRM says so.
    pub contact: Option<u64>,
}

#[derive(Deserialize)]
struct Row {
    id: u64,
    #[serde(default)]
    pipeline_id: u64,
    #[serde(default)]
    status_id: u64,
    #[serde(default)]
    is_deleted: bool,
    #[serde(default)]
    price: Option<Number>,
    #[serde(default)]
    custom_fields_values: Option<Vec<Field>>,
    #[serde(rename = "_embedded", default)]
    embedded: Contacts,
}

#[derive(Default, Deserialize)]
struct Contacts {
    #[serde(default)]
    contacts: Vec<Contact>,
}

#[derive(Deserialize)]
struct Contact {
    id: u64,
    #[serde(default)]
    is_main: bool,
}

#[derive(Deserialize)]
struct Made {
    id: u64,
    #[serde(default)]
    contact_id: Option<u64>,
}

/// The documented answer to making a deal with its contact is a bare list; some have seen it wrapped.
#[derive(Deserialize)]
#[serde(untagged)]
enum Makings {
    Bare(Vec<Made>),
    Wrapped(List<Made>),
}

impl Amocrm {
    /// One deal; nothing where there is none with this id.
    pub async fn deal(&self, id: u64) -> Answer<Option<CrmDeal>> {
        let path = format!("leads/{id}");
        match self.call::<Row>(Call::get(Asked::OneThing, &path, &[("with", "contacts")])).await {
            Err(Failure { class: Class::Missing, .. }) => Ok(None),
            found => Ok(found?.map(deal)),
        }
    }

    /// One page of the deals with these ids. Where the account has its filters switched off it has any deals at all: each
    /// has to be looked at.
    pub async fn deals(&self, ids: &[u64], page: u32) -> Answer<Page<CrmDeal>> {
        let ids: Vec<String> = ids.iter().map(u64::to_string).collect();
        let page = page.to_string();
        let paging = [("with", "contacts"), ("limit", MOST), ("page", page.as_str())];
        let query: Vec<_> = ids.iter().map(|id| ("filter[id][]", id.as_str())).chain(paging).collect();
        let list: Option<List<Row>> = self.call(Call::get(Asked::Always, "leads", &query)).await?;
        Ok(Page::of(list, |row| Some(deal(row))))
    }

    /// Makes a deal, with its contact where that is new.
    pub async fn create(&self, new: &NewDeal) -> Answer<Created> {
        let mut body = fields(new.price, &new.utm);
        body.insert("request_id".to_owned(), Value::from(new.request_id.as_str()));
        body.insert("name".to_owned(), Value::from(new.name.as_str()));
        body.insert("pipeline_id".to_owned(), Value::from(new.pipeline));
        body.extend(new.stage.map(|stage| ("status_id".to_owned(), Value::from(stage))));
        let (path, contact, known) = match &new.whose {
            // Making both at once is documented for new contacts only.
            Whose::Known(id) => ("leads", json!({"id": id, "is_main": true}), Some(*id)),
            Whose::New(contact) => ("leads/complex", contact.written(), None),
        };
        body.insert("_embedded".to_owned(), json!({ "contacts": [contact] }));
        let call = Call::write(Method::POST, Asked::Always, path, Value::Array(vec![Value::Object(body)]));
        let made = match self.call(call).await? {
            Some(Makings::Bare(made)) => made,
            Some(Makings::Wrapped(list)) => Page::of(Some(list), Some).items,
            None => vec![],
        };
        let made = made.into_iter().next().ok_or_else(nothing_made)?;
        Ok(Created { deal: made.id, contact: made.contact_id.or(known) })
    }

    /// Writes what changes at a deal, and nothing else.
    pub async fn change(&self, id: u64, change: &DealChange) -> Answer<()> {
        let mut body = fields(change.price, &change.utm);
        if let Some((pipeline, stage)) = change.stage {
            body.insert("pipeline_id".to_owned(), Value::from(pipeline));
            body.insert("status_id".to_owned(), Value::from(stage));
        }
        let path = format!("leads/{id}");
        let call = Call::write(Method::PATCH, Asked::OneThing, &path, Value::Object(body));
        self.call::<Value>(call).await.map(drop)
    }
}

fn fields(price: Option<Tenge>, utm: &BTreeMap<String, String>) -> Map<String, Value> {
    let price = price.map(|price| ("price".to_owned(), Value::from(price.0)));
    let utm = (!utm.is_empty()).then(|| ("custom_fields_values".to_owned(), written(utm)));
    price.into_iter().chain(utm).collect()
}

fn nothing_made() -> Failure {
    Failure { class: Class::Again, said: Said::ourselves(None, "amoCRM names no deal that it made") }
}

fn deal(row: Row) -> CrmDeal {
    let fields = row.custom_fields_values.unwrap_or_default();
    let filled = fields.iter().filter(|field| !field.texts().is_empty());
    let mut contacts = row.embedded.contacts;
    contacts.sort_by_key(|contact| (!contact.is_main, contact.id));
    CrmDeal {
        id: row.id,
        pipeline: row.pipeline_id,
        stage: row.status_id,
        is_deleted: row.is_deleted,
        has_price: row.price.is_some_and(|price| !price.to_string().trim_matches(['0', '.']).is_empty()),
        filled: filled.filter_map(|field| Some(field.field_code.as_ref()?.to_ascii_uppercase())).collect(),
        contacts: contacts.into_iter().map(|contact| contact.id).collect(),
    }
}
