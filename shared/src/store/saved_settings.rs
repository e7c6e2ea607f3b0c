//! Sections of the settings as people change them: each with its version, one change at a time.
//!
//! One transaction writes all that a change is: the section, on condition that it is as it was read; its row in the audit; and
//! where the section decides about money, the version to be kept for ever and which rules are in force, on condition that the
//! other such section is as it was read too.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Put, TransactWriteItem};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::StoreError;
use super::audit::Audit;
use super::contention::{PATIENT_ATTEMPTS, patient_pauses, pause};
use super::document::{self, Item};
use super::rules::{in_force, version_key};
use crate::domain::audit::AuditRow;
use crate::domain::rules::RulesVersion;
use crate::domain::settings::Section;

/// A section with its version; 0 stands for the defaults.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Versioned {
    /// Grows with every change.
    pub version: u64,
    /// What it holds.
    pub value: Value,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq)]
pub enum Saved {
    /// It is so now, in this version.
    Now(u64),
    /// Somebody has changed it since: it has this version.
    Stale(u64),
}

/// Reads and changes sections.
#[derive(Debug, Clone)]
pub struct SavedSettings {
    client: Client,
    table: String,
    audit: Audit,
}

/// A section as it stands, with the text by which a write knows it again.
struct Read {
    versioned: Versioned,
    text: Option<AttributeValue>,
}

impl SavedSettings {
    /// Over the settings table, with this audit.
    pub fn new(client: Client, table: String, audit: Audit) -> Self {
        Self { client, table, audit }
    }

    /// A section as it stands.
    pub async fn section(&self, section: Section) -> Result<Versioned, StoreError> {
        Ok(self.read(section).await?.versioned)
    }

    /// Changes a section that still has this version.
    pub async fn save(
        &self,
        section: Section,
        version: u64,
        value: &Value,
        row: impl Fn(&Versioned, &Versioned) -> AuditRow,
    ) -> Result<Saved, StoreError> {
        let doing = || format!("settings {}", section.name());
        let mut pauses = patient_pauses();
        for _ in 0..PATIENT_ATTEMPTS {
            let standing = self.read(section).await?;
            if standing.versioned.version != version {
                return Ok(Saved::Stale(standing.versioned.version));
            }
            let next = Versioned { version: version + 1, value: value.clone() };
            let mut writes = vec![self.put(section, &standing, &next)?];
            writes.push(self.audit.write(&row(&standing.versioned, &next))?);
            if section.is_of_rules() {
                writes.extend(self.rules(section, &next).await?);
            }
            let sent = self.client.transact_write_items().set_transact_items(Some(writes)).send().await;
            match sent {
                Ok(_) => return Ok(Saved::Now(next.version)),
                Err(error) if error.code() == Some("TransactionCanceledException") => {
                    pause(&mut pauses).await
                }
                Err(error) => return Err(StoreError::call(doing(), &error)),
            }
        }
        Err(StoreError::Contended { doing: doing(), attempts: PATIENT_ATTEMPTS })
    }

    async fn read(&self, section: Section) -> Result<Read, StoreError> {
        let request = self.client.get_item().table_name(&self.table).set_key(Some(key(section)));
        let found = request.consistent_read(true).send().await;
        let found = found
            .map_err(|error| StoreError::call(format!("reading settings {}", section.name()), &error))?;
        let Some(item) = found.item else {
            return Ok(Read { versioned: Versioned { version: 0, value: section.defaults() }, text: None });
        };
        Ok(Read { versioned: document::read(&item)?, text: item.get(document::ATTRIBUTE).cloned() })
    }

    fn put(
        &self,
        section: Section,
        standing: &Read,
        next: &Versioned,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut item = document::item(next, [])?;
        item.extend(key(section));
        let put = Put::builder().table_name(&self.table).set_item(Some(item));
        let put = match &standing.text {
            None => put.condition_expression("attribute_not_exists(pk)"),
            Some(text) => put
                .condition_expression("#document = :read")
                .expression_attribute_names("#document", document::ATTRIBUTE)
                .expression_attribute_values(":read", text.clone()),
        };
        let put = put.build().map_err(|error| StoreError::item(section.name(), &error))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    /// What puts the next version of one of the two sections of the rules in force, beside the other as it stands.
    async fn rules(&self, section: Section, next: &Versioned) -> Result<Vec<TransactWriteItem>, StoreError> {
        let other = if section == Section::Teams { Section::Products } else { Section::Teams };
        let standing = self.read(other).await?;
        let versions = match section {
            Section::Teams => RulesVersion { teams: next.version, products: standing.versioned.version },
            _ => RulesVersion { teams: standing.versioned.version, products: next.version },
        };
        let mut kept = document::item(next, [])?;
        kept.extend(version_key(section.name(), next.version));
        let kept = Put::builder().table_name(&self.table).set_item(Some(kept)).build();
        let kept = kept.map_err(|error| StoreError::item(section.name(), &error))?;
        let check = ConditionCheck::builder().table_name(&self.table).set_key(Some(key(other)));
        let check = match standing.text {
            None => check.condition_expression("attribute_not_exists(pk)"),
            Some(text) => check
                .condition_expression("#document = :read")
                .expression_attribute_names("#document", document::ATTRIBUTE)
                .expression_attribute_values(":read", text),
        };
        let check = check.build().map_err(|error| StoreError::item(other.name(), &error))?;
        let mut writes = vec![
            TransactWriteItem::builder().put(kept).build(),
            TransactWriteItem::builder().condition_check(check).build(),
        ];
        writes.extend(in_force(&self.table, versions)?);
        Ok(writes)
    }
}

fn key(section: Section) -> Item {
    Item::from([("pk".to_owned(), AttributeValue::S(format!("settings#{}", section.name())))])
}
