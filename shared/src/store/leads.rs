//! The leads table.
//!
//! `pk`/`sk`: `lead#<id>`/`lead` holds a lead, with `version`, with `team_key` and `received_key` for the index `by_team`
//! and, only while amoCRM is to be told of it, with `job_key` and `due_at` for the index `jobs`.
//! `phone#<hash>`/`<received key>` and `email#<hash>`/`<received key>` are the leads of one person, the oldest first.
//! Hashes keep phones and addresses out of keys, and so out of every error text.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::StoreError;
use super::conditional;
use super::document::{self, Item};
use super::place::instant;
use crate::domain::email::Email;
use crate::domain::lead::{Lead, LeadStatus};
use crate::domain::phone::Phone;

/// The only value of `job_key`.
pub const JOBS: &str = "amocrm";

/// What the queue of the amoCRM writer is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum JobMessage {
    /// That amoCRM is to be told of this lead.
    Lead {
        /// Its id.
        lead_id: String,
        /// Whether it goes though it has failed: only a person says so.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        again: bool,
    },
    /// That amoCRM, which did not answer as it should, is to be tried.
    Probe {
        /// Always true.
        probe: bool,
    },
}

impl JobMessage {
    /// That amoCRM is to be told of the lead with this id.
    pub fn of(lead_id: &str) -> Self {
        Self::Lead { lead_id: lead_id.to_owned(), again: false }
    }

    /// That amoCRM is to be tried.
    pub const PROBE: Self = Self::Probe { probe: true };
}

/// A lead was written by someone else since it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outdated;

/// Reads and writes leads.
#[derive(Debug, Clone)]
pub struct Leads {
    client: Client,
    table: String,
}

/// The key of a lead.
pub fn lead_key(id: &str) -> Item {
    key(format!("lead#{id}"), "lead".to_owned())
}

/// The partition of a phone's leads.
pub fn of_phone(phone: &Phone) -> String {
    format!("phone#{}", hash(phone.as_str()))
}

/// The partition of an address's leads.
pub fn of_email(email: &Email) -> String {
    format!("email#{}", hash(email.as_str()))
}

/// Where a lead stands among all: by its time, then by its id.
pub fn received_key(lead: &Lead) -> String {
    format!("{}#{}", instant(lead.received_at), lead.id)
}

/// A key of this table.
pub fn key(pk: String, sk: String) -> Item {
    Item::from([("pk".to_owned(), AttributeValue::S(pk)), ("sk".to_owned(), AttributeValue::S(sk))])
}

fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

/// The item of a lead. `due_at` is when the sweeper may take up its amoCRM job, where it has one that waits.
pub fn item(lead: &Lead, due_at: Option<DateTime<Utc>>) -> Result<Item, StoreError> {
    let texts = [("team_key", lead.owner().key().to_owned()), ("received_key", received_key(lead))];
    let mut item = document::item(lead, texts)?;
    item.extend(lead_key(&lead.id));
    item.insert("version".to_owned(), AttributeValue::N(lead.version.to_string()));
    if let (LeadStatus::Waiting, Some(due_at)) = (lead.status, due_at) {
        item.insert("job_key".to_owned(), AttributeValue::S(JOBS.to_owned()));
        item.insert("due_at".to_owned(), AttributeValue::N(due_at.timestamp_millis().to_string()));
    }
    Ok(item)
}

impl Leads {
    /// Over this table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// A lead; nothing where there is none with this id.
    pub async fn get(&self, id: &str) -> Result<Option<Lead>, StoreError> {
        let request = self.client.get_item().table_name(&self.table).set_key(Some(lead_key(id)));
        let found = request.consistent_read(true).send().await;
        let found = found.map_err(|error| StoreError::call(format!("lead {id}"), &error))?;
        found.item.as_ref().map(document::read).transpose()
    }

    /// Writes a lead that stays where it counts, on condition that nobody has since it was read, and returns it as it is
    /// now. `due_at` is when the sweeper may take up its job, while it waits.
    pub async fn put(
        &self,
        lead: Lead,
        due_at: Option<DateTime<Utc>>,
    ) -> Result<Result<Lead, Outdated>, StoreError> {
        let read = lead.version;
        let lead = Lead { version: read + 1, ..lead };
        let request = self.client.put_item().table_name(&self.table).set_item(Some(item(&lead, due_at)?));
        let request = request
            .condition_expression("version = :read")
            .expression_attribute_values(":read", AttributeValue::N(read.to_string()));
        let held = conditional::held(request.send().await, || format!("lead {}", lead.id))?;
        Ok(held.map(|_| lead).ok_or(Outdated))
    }

    /// The leads whose job may be taken up, those first that have waited longest; ids only.
    pub async fn due(&self, now: DateTime<Utc>, limit: i32) -> Result<Vec<String>, StoreError> {
        let number = AttributeValue::N(now.timestamp_millis().to_string());
        let request = self.client.query().table_name(&self.table).index_name("jobs");
        let page = request
            .key_condition_expression("job_key = :jobs AND due_at <= :now")
            .expression_attribute_values(":jobs", AttributeValue::S(JOBS.to_owned()))
            .expression_attribute_values(":now", number)
            .limit(limit)
            .send()
            .await
            .map_err(|error| StoreError::call("leads that wait for amoCRM", &error))?;
        Ok(page.items().iter().filter_map(lead_id).collect())
    }
}

fn lead_id(item: &HashMap<String, AttributeValue>) -> Option<String> {
    item.get("pk")?.as_s().ok()?.strip_prefix("lead#").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::queue;

    #[test]
    fn what_our_own_functions_send_is_understood_and_only_a_person_says_again() {
        for (message, text) in [
            (JobMessage::of("018f"), r#"{"lead_id":"018f"}"#),
            (JobMessage::PROBE, r#"{"probe":true}"#),
            (
                JobMessage::Lead { lead_id: "018f".to_owned(), again: true },
                r#"{"lead_id":"018f","again":true}"#,
            ),
        ] {
            assert_eq!(serde_json::to_string(&message).unwrap(), text);
            assert_eq!(queue::read(text), Ok(message));
        }
        assert!(queue::read::<JobMessage>(r#"{"again": true}"#).is_err());
    }
}
