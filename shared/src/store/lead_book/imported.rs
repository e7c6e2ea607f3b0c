//! One form that came both ways: from our own intake, and as a row of an old database.
//!
//! 1. The row is read after our own form: its key is claimed for the lead that there is. Nothing is counted.
//! 2. The form came after the row was read: the lead that was made of the row stops being one. In one transaction it and its
//!    links go, its counters shrink, and its keys become those of our own.
//!
//! Both are conditional on the versions of the leads that were read. Whoever is told that one is outdated reads anew.

use aws_sdk_dynamodb::types::{
    AttributeValue, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};

use super::{FormKey, LeadBook, MAX_ATTEMPTS, StoreError, cancelled, lead_id};
use crate::domain::lead::Lead;
use crate::domain::old::lead::Mark;
use crate::domain::{counters as tallies, lead_counts as counts};
use crate::store::contention;
use crate::store::document::{self, Item};
use crate::store::leads::{self, Outdated};
use crate::store::{counters, lead_counts};

/// What became of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// The key is this lead's.
    Done(Box<Lead>),
    /// It was somebody's before: this lead's.
    Taken(String),
    /// The lead was written by someone else since it was read.
    Outdated,
}

enum Written {
    Done,
    Refused(Option<String>),
}

impl LeadBook {
    /// Makes the key of an import one of a lead that there is, and notes with the lead what it is called there.
    pub async fn claim(&self, key: &FormKey, lead: Lead, mark: &Mark) -> Result<Claimed, StoreError> {
        let known = Lead { also: [lead.also.clone(), vec![mark.to_string()]].concat(), ..lead };
        let doing = format!("a row that is lead {}", known.id);
        let writes = vec![self.key_of(key, &known.id, None)?, self.noted(&known)?];
        Ok(match self.imported(&doing, writes).await? {
            Written::Done => Claimed::Done(Box::new(Lead { version: known.version + 1, ..known })),
            Written::Refused(Some(lead_id)) => Claimed::Taken(lead_id),
            Written::Refused(None) => Claimed::Outdated,
        })
    }

    /// Makes one lead of two: what was `imported` is the form of `own`. Its keys are those of all that it is called.
    pub async fn merge(&self, imported: &Lead, own: Lead) -> Result<Result<Lead, Outdated>, StoreError> {
        let doing = format!("lead {} is {}", imported.id, own.id);
        let marks = imported.also.iter().filter(|mark| !own.also.contains(mark)).cloned();
        let own = Lead { also: own.also.iter().cloned().chain(marks).collect(), ..own };
        let mut writes = vec![self.noted(&own)?];
        for mark in &imported.also {
            let key = FormKey::of_import(imported.form, mark);
            writes.push(self.key_of(&key, &own.id, Some(&imported.id))?);
        }
        writes.push(self.gone(leads::lead_key(&imported.id), Some(imported.version))?);
        for partition in [leads::of_phone(&imported.phone), leads::of_email(&imported.email)] {
            writes.push(self.gone(leads::key(partition, leads::received_key(imported)), None)?);
        }
        let shard = counters::lead_shard(&imported.id);
        writes.extend(counters::writes(&self.tables.counters, shard, &tallies::of_lead(imported, -1))?);
        let less = counts::stored(imported).into_iter().map(|(key, count)| (key, -count)).collect();
        writes.extend(lead_counts::writes(&self.tables.counters, shard, &less)?);
        Ok(match self.imported(&doing, writes).await? {
            Written::Done => Ok(Lead { version: own.version + 1, ..own }),
            Written::Refused(_) => Err(Outdated),
        })
    }

    /// Whether writes were done: they are not where a condition does not hold.
    pub(super) async fn is_written(
        &self,
        doing: &str,
        writes: Vec<TransactWriteItem>,
    ) -> Result<bool, StoreError> {
        Ok(matches!(self.imported(doing, writes).await?, Written::Done))
    }

    /// Writes until it is done or a condition does not hold.
    async fn imported(&self, doing: &str, writes: Vec<TransactWriteItem>) -> Result<Written, StoreError> {
        let mut pauses = contention::pauses();
        for _ in 0..MAX_ATTEMPTS {
            let Err(error) = self.write(writes.clone()).await else { return Ok(Written::Done) };
            let Some(reasons) = cancelled(&error) else { return Err(StoreError::call(doing, &error)) };
            let mut refused =
                reasons.iter().filter(|reason| reason.code() == Some("ConditionalCheckFailed")).peekable();
            if refused.peek().is_some() {
                return Ok(Written::Refused(refused.find_map(|reason| lead_id(reason.item()?))));
            }
            contention::pause(&mut pauses).await;
        }
        Err(StoreError::Contended { doing: doing.to_owned(), attempts: MAX_ATTEMPTS })
    }

    /// A key that is this lead's from now on: nobody's before, or that lead's.
    fn key_of(
        &self,
        key: &FormKey,
        lead_id: &str,
        before: Option<&str>,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut item = key.item_key();
        item.insert("lead_id".to_owned(), AttributeValue::S(lead_id.to_owned()));
        let put = Put::builder().table_name(&self.tables.leads).set_item(Some(item));
        let put = match before {
            Some(before) => put
                .condition_expression("lead_id = :before")
                .expression_attribute_values(":before", AttributeValue::S(before.to_owned())),
            None => put
                .condition_expression("attribute_not_exists(pk)")
                .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld),
        };
        let put = put.build().map_err(|error| StoreError::item("a row's key", &error))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    /// What a lead is called besides, on condition that nobody has written it since it was read. Its job, if it waits for
    /// amoCRM, stays where it is.
    fn noted(&self, lead: &Lead) -> Result<TransactWriteItem, StoreError> {
        self.noted_with(lead, [])
    }

    /// The same, with attributes that are to be others too.
    pub(super) fn noted_with<const N: usize>(
        &self,
        lead: &Lead,
        attributes: [(&str, AttributeValue); N],
    ) -> Result<TransactWriteItem, StoreError> {
        let doing = || format!("lead {}", lead.id);
        let next = Lead { version: lead.version + 1, ..lead.clone() };
        let mut document = document::item(&next, [])?;
        let more: String = attributes.iter().map(|(name, _)| format!(", {name} = :{name}")).collect();
        let attributes = attributes.map(|(name, value)| (format!(":{name}"), value));
        let update = Update::builder()
            .table_name(&self.tables.leads)
            .set_key(Some(leads::lead_key(&lead.id)))
            .update_expression(format!("SET #document = :document, version = :next{more}"))
            .condition_expression("version = :read")
            .set_expression_attribute_names(Some(
                document.keys().map(|name| ("#document".to_owned(), name.clone())).collect(),
            ))
            .set_expression_attribute_values(Some(
                document
                    .drain()
                    .map(|(_, value)| (":document".to_owned(), value))
                    .chain([
                        (":next".to_owned(), AttributeValue::N(next.version.to_string())),
                        (":read".to_owned(), AttributeValue::N(lead.version.to_string())),
                    ])
                    .chain(attributes)
                    .collect(),
            ))
            .build()
            .map_err(|error| StoreError::item(doing(), &error))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    fn gone(&self, key: Item, version: Option<u64>) -> Result<TransactWriteItem, StoreError> {
        let mut delete = Delete::builder().table_name(&self.tables.leads).set_key(Some(key));
        if let Some(version) = version {
            delete = delete
                .condition_expression("version = :read")
                .expression_attribute_values(":read", AttributeValue::N(version.to_string()));
        }
        let delete = delete.build().map_err(|error| StoreError::item("a lead", &error))?;
        Ok(TransactWriteItem::builder().delete(delete).build())
    }
}

#[cfg(test)]
#[path = "imported_tests.rs"]
mod tests;
