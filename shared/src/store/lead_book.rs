//! Where leads are kept and counted: one transaction per form, all of it or nothing.
//!
//! 1. A form with an `Idempotency-Key` claims it together with its lead. The claim failed: the form was sent before, and
//!    the failed write returned its lead. Done.
//! 2. In the same `TransactWriteItems`: the lead with its amoCRM job, the links by phone and e-mail, the counters, the
//!    messages.
//! 3. A counter was in another transaction at that moment: wait a little, with jitter, and try again.
//!
//! A form that came another way too, as a row of an old database, is one lead all the same: see `imported.rs`.
//!
//! Limitation: the key of a form is remembered for 30 days; that of a lead that was imported for ever.

mod imported;
mod moved;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    AttributeValue, CancellationReason, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
};
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

pub use imported::Claimed;

use super::contention;
use super::document::Item;
use super::leads::{self, Outdated};
use super::{StoreError, counters, lead_counts, outbox};
use crate::domain::lead::{Form, Lead, LeadStatus};
use crate::domain::notification::Notification;
use crate::domain::{counters as tallies, lead_counts as counts};

/// For so long a repeated form is known by its key.
const KEY_KEPT: TimeDelta = TimeDelta::days(30);

/// A form has nobody else who would send it again: it is tried for some four seconds.
const MAX_ATTEMPTS: usize = 40;

/// The tables that one form writes.
#[derive(Debug, Clone)]
pub struct LeadTables {
    /// Leads.
    pub leads: String,
    /// The funnel by day and team.
    pub counters: String,
    /// Messages that are to be sent.
    pub notifications: String,
}

/// A form's `Idempotency-Key`, of one form and one person: a page that sends everybody's form under the same key loses
/// nobody's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormKey {
    hash: String,
    /// Nothing where it is for ever.
    ends_at: Option<DateTime<Utc>>,
}

impl FormKey {
    /// The key that came with a lead's form.
    pub fn of(form: Form, key: &str, lead: &Lead) -> Self {
        let hash = hash(&[form.as_str(), key, lead.phone.as_str(), lead.email.as_str()]);
        Self { hash, ends_at: Some(lead.received_at + KEY_KEPT) }
    }

    /// The key of a form that came over a limit: sent again while that lasts, it is kept once; sent again after it, it is
    /// taken like any other.
    pub fn of_refused(form: Form, key: &str, lead: &Lead) -> Self {
        Self::of(form, &format!("over {key}"), lead)
    }

    /// The id that a lead of the past has where it comes from: however late that is told again, it is the same lead.
    /// Whoever corrects a phone there tells of no other lead.
    pub fn of_import(form: Form, id: &str) -> Self {
        Self { hash: hash(&["import", form.as_str(), id]), ends_at: None }
    }

    fn item_key(&self) -> Item {
        leads::key(format!("form#{}", self.hash), "form".to_owned())
    }
}

fn hash(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.len().to_be_bytes());
        digest.update(part);
    }
    hex::encode(digest.finalize())
}

/// What became of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// It is a lead now.
    Stored,
    /// It was one before: this one.
    Repeat(String),
}

/// Keeps and counts leads.
#[derive(Debug, Clone)]
pub struct LeadBook {
    client: Client,
    tables: LeadTables,
}

impl LeadBook {
    /// Over these tables.
    pub fn new(client: Client, tables: LeadTables) -> Self {
        Self { client, tables }
    }

    /// The lead that a form with this key became; nothing where there was none.
    pub async fn known(&self, key: &FormKey, now: DateTime<Utc>) -> Result<Option<String>, StoreError> {
        let request = self.client.get_item().table_name(&self.tables.leads).set_key(Some(key.item_key()));
        let found = request.consistent_read(true).send().await;
        let found = found.map_err(|error| StoreError::call("a form's key", &error))?;
        Ok(found.item.as_ref().filter(|item| lives(item, now)).and_then(lead_id))
    }

    /// The same, where another copy of the form may be being stored at this moment: looks for as long as that takes.
    pub async fn known_soon(&self, key: &FormKey, now: DateTime<Utc>) -> Result<Option<String>, StoreError> {
        let mut pauses = contention::pauses();
        for _ in 0..contention::MAX_ATTEMPTS {
            if let Some(lead_id) = self.known(key, now).await? {
                return Ok(Some(lead_id));
            }
            contention::pause(&mut pauses).await;
        }
        Ok(None)
    }

    /// Keeps a new lead. Where amoCRM is to be told of it, the sweeper may take that up from `job_due` on.
    pub async fn keep(
        &self,
        lead: &Lead,
        key: Option<&FormKey>,
        messages: &[Notification],
        job_due: Option<DateTime<Utc>>,
    ) -> Result<Kept, StoreError> {
        let doing = || format!("lead {}", lead.id);
        let writes = self.writes(lead, key, messages, job_due)?;
        let mut pauses = contention::pauses();
        for _ in 0..MAX_ATTEMPTS {
            match self.write(writes.clone()).await {
                Ok(()) => return Ok(Kept::Stored),
                Err(error) => match cancelled(&error) {
                    Some(reasons) => {
                        if let Some(id) =
                            reasons.iter().filter_map(CancellationReason::item).find_map(lead_id)
                        {
                            return Ok(if id == lead.id { Kept::Stored } else { Kept::Repeat(id) });
                        }
                        contention::pause(&mut pauses).await;
                    }
                    None => return Err(StoreError::call(doing(), &error)),
                },
            }
        }
        Err(StoreError::Contended { doing: doing(), attempts: MAX_ATTEMPTS })
    }

    /// All that is written of a new lead, its key first.
    fn writes(
        &self,
        lead: &Lead,
        key: Option<&FormKey>,
        messages: &[Notification],
        job_due: Option<DateTime<Utc>>,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let mut writes = vec![];
        if let Some(key) = key {
            writes.push(claim(&self.tables.leads, key, lead)?);
        }
        writes.push(put(&self.tables.leads, leads::item(lead, job_due)?, true)?);
        for partition in [leads::of_phone(&lead.phone), leads::of_email(&lead.email)] {
            let mut link = leads::key(partition, leads::received_key(lead));
            link.insert("lead_id".to_owned(), AttributeValue::S(lead.id.clone()));
            writes.push(put(&self.tables.leads, link, false)?);
        }
        let shard = counters::lead_shard(&lead.id);
        writes.extend(counters::writes(&self.tables.counters, shard, &tallies::of_lead(lead, 1))?);
        writes.extend(lead_counts::writes(&self.tables.counters, shard, &counts::stored(lead))?);
        for message in messages {
            writes.push(outbox::write(&self.tables.notifications, message)?);
        }
        Ok(writes)
    }

    /// Ends a lead's waiting, or begins it anew, and counts it where it is now; on condition that nobody has written it
    /// since it was read. `due_at` is when the sweeper may take up its job, where it waits from now on.
    pub async fn settle(
        &self,
        lead: Lead,
        to: LeadStatus,
        due_at: Option<DateTime<Utc>>,
    ) -> Result<Result<Lead, Outdated>, StoreError> {
        let doing = || format!("lead {}", lead.id);
        let shard = counters::lead_shard(&lead.id);
        let moved = lead_counts::writes(&self.tables.counters, shard, &counts::moved(&lead, to))?;
        let settled = Lead { status: to, version: lead.version + 1, ..lead.clone() };
        let put = Put::builder()
            .table_name(&self.tables.leads)
            .set_item(Some(leads::item(&settled, due_at)?))
            .condition_expression("version = :read")
            .expression_attribute_values(":read", AttributeValue::N(lead.version.to_string()))
            .build()
            .map_err(|error| StoreError::item(doing(), &error))?;
        let mut writes = vec![TransactWriteItem::builder().put(put).build()];
        writes.extend(moved);
        let mut pauses = contention::pauses();
        for _ in 0..MAX_ATTEMPTS {
            match self.write(writes.clone()).await {
                Ok(()) => return Ok(Ok(settled)),
                Err(error) => match cancelled(&error) {
                    Some([first, ..]) if first.code() == Some("ConditionalCheckFailed") => {
                        return Ok(Err(Outdated));
                    }
                    Some(_) => contention::pause(&mut pauses).await,
                    None => return Err(StoreError::call(doing(), &error)),
                },
            }
        }
        Err(StoreError::Contended { doing: doing(), attempts: MAX_ATTEMPTS })
    }

    async fn write(&self, writes: Vec<TransactWriteItem>) -> Result<(), SdkError<TransactWriteItemsError>> {
        self.client.transact_write_items().set_transact_items(Some(writes)).send().await.map(drop)
    }
}

/// The reasons of a transaction that may be tried again; nothing where it failed otherwise.
fn cancelled<R>(error: &SdkError<TransactWriteItemsError, R>) -> Option<&[CancellationReason]> {
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
            let reasons = cancelled.cancellation_reasons();
            let may_go = |reason: &CancellationReason| {
                matches!(
                    reason.code(),
                    Some(
                        "None"
                            | "ConditionalCheckFailed"
                            | "TransactionConflict"
                            | "ThrottlingError"
                            | "ProvisionedThroughputExceeded"
                    ) | None
                )
            };
            reasons.iter().all(may_go).then_some(reasons)
        }
        Some(TransactWriteItemsError::TransactionInProgressException(_)) => Some(&[]),
        _ => None,
    }
}

fn claim(table: &str, key: &FormKey, lead: &Lead) -> Result<TransactWriteItem, StoreError> {
    let seconds = |time: DateTime<Utc>| AttributeValue::N(time.timestamp().to_string());
    let mut item = key.item_key();
    item.insert("lead_id".to_owned(), AttributeValue::S(lead.id.clone()));
    if let Some(ends_at) = key.ends_at {
        item.insert("expires_at".to_owned(), seconds(ends_at));
    }
    let put = Put::builder()
        .table_name(table)
        .set_item(Some(item))
        .condition_expression("attribute_not_exists(pk) OR expires_at <= :now")
        .expression_attribute_values(":now", seconds(lead.received_at))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
    let put = put.build().map_err(|error| StoreError::item("a form's key", &error))?;
    Ok(TransactWriteItem::builder().put(put).build())
}

fn put(table: &str, item: Item, is_new: bool) -> Result<TransactWriteItem, StoreError> {
    let mut put = Put::builder().table_name(table).set_item(Some(item));
    if is_new {
        put = put.condition_expression("attribute_not_exists(pk)");
    }
    let put = put.build().map_err(|error| StoreError::item("a lead", &error))?;
    Ok(TransactWriteItem::builder().put(put).build())
}

fn lives(item: &Item, now: DateTime<Utc>) -> bool {
    let end = item.get("expires_at").and_then(|end| end.as_n().ok()).and_then(|end| end.parse::<i64>().ok());
    end.is_none_or(|end| now.timestamp() < end)
}

fn lead_id(item: &Item) -> Option<String> {
    item.get("lead_id")?.as_s().ok().cloned()
}

#[cfg(test)]
#[path = "lead_book_tests.rs"]
mod tests;
