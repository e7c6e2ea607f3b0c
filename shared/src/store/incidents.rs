//! Incidents, in the counters table.
//!
//! | `pk` | `sk` | holds |
//! | --- | --- | --- |
//! | `incidents#held` | the topic's id | what is held of it between looks ([`Held`]), with a `version` that every write raises |
//! | `incidents#<YYYY-MM>` | `<opened at>#<id>` | an incident as it stands or ended, for ever |
//!
//! Settings would be their place, but that table has no sort key: open ones would be listed by a scan. What lasts is in both
//! partitions, written by one transaction with the message that tells of it. It holds only while the version is the one that
//! was read: of any number of looks at once one writes and tells, and the others have lost.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem};
use chrono::{DateTime, Utc};

use super::by_month::{bounds, months};
use super::document::{self, Item};
use super::place::Place;
use super::{StoreError, outbox};
use crate::domain::day::Period;
use crate::domain::incident::{Held, Incident, News, Next, Step};
use crate::domain::notification::{Channel, Notification, Subject};

const HELD: &str = "incidents#held";

/// The campaign of their messages.
const CAMPAIGN: &str = "alerts";

/// Which incidents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Those that last.
    Open,
    /// Those that are over.
    Ended,
}

/// What is held of every topic, and the versions by which a write knows it again.
#[derive(Debug, Clone, Default)]
pub struct Book {
    /// What is held.
    pub held: Vec<Held>,
    /// The topics of which nobody can read what is held: nothing is decided about them.
    pub unreadable: BTreeSet<String>,
    versions: BTreeMap<String, u64>,
}

impl Book {
    fn enter(&mut self, item: &Item) {
        let version = item.get("version").and_then(|version| version.as_n().ok()?.parse().ok());
        let version = version.ok_or_else(|| StoreError::item(HELD, &"it lacks a version"));
        match version.and_then(|version| Ok((document::read::<Held>(item)?, version))) {
            Ok((held, version)) => {
                self.versions.insert(held.topic().id(), version);
                self.held.push(held);
            }
            Err(error) => {
                let id = item.get("sk").and_then(|id| id.as_s().ok()).cloned().unwrap_or_default();
                tracing::error!(incident.id = id, error = %error, "what is held of an incident cannot be read");
                self.unreadable.insert(id);
            }
        }
    }
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// It is written; this message is to be sent.
    Done(Option<Box<Notification>>),
    /// Another look was first.
    Lost,
}

/// The place of an incident in the history.
pub fn place(incident: &Incident) -> Place {
    Place::new(incident.opened_at, &incident.topic.id())
}

/// Reads and writes incidents.
#[derive(Debug, Clone)]
pub struct Incidents {
    client: Client,
    table: String,
}

impl Incidents {
    /// Over the counters table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// What is held of every topic. One that cannot be read keeps no other from being read.
    pub async fn book(&self) -> Result<Book, StoreError> {
        let query = self.query(HELD.to_owned(), "0".to_owned(), "~".to_owned());
        let mut items = query.into_paginator().items().send();
        let mut book = Book::default();
        while let Some(item) = items.next().await {
            let item = item.map_err(|error| StoreError::call("what is held of incidents", &error))?;
            book.enter(&item);
        }
        Ok(book)
    }

    /// Those that last, the newest first.
    pub async fn open(&self) -> Result<Vec<Incident>, StoreError> {
        let held = self.book().await?.held.into_iter();
        let incidents = held.filter_map(|held| match held {
            Held::Incident(incident) if incident.is_open() => Some(incident),
            _ => None,
        });
        let mut open: Vec<Incident> = incidents.collect();
        open.sort_by_cached_key(|incident| std::cmp::Reverse(place(incident).as_str().to_owned()));
        Ok(open)
    }

    /// One incident; nothing where there is none.
    pub async fn get(&self, id: &str, opened_at: DateTime<Utc>) -> Result<Option<Incident>, StoreError> {
        let request =
            self.client.get_item().table_name(&self.table).set_key(Some(key(&Place::new(opened_at, id))));
        let found = request.consistent_read(true).send().await;
        let found = found.map_err(|error| StoreError::call(format!("incident {id}"), &error))?;
        found.item.as_ref().map(document::read).transpose()
    }

    /// The incidents that opened in a period, before a place, the newest first; at most `limit`. Fewer are all there are.
    pub async fn page(
        &self,
        period: Period,
        asked: Option<Asked>,
        before: Option<&Place>,
        limit: usize,
    ) -> Result<Vec<Incident>, StoreError> {
        let (mut found, mut months) = (vec![], months(period, before));
        let (from, end) = bounds(period, before);
        while found.len() < limit
            && let Some(month) = months.pop_front()
        {
            let query = self.query(partition(&month), from.clone(), end.clone()).scan_index_forward(false);
            let read_at_once = i32::try_from(limit.saturating_add(1)).unwrap_or(i32::MAX);
            let mut items = query.limit(read_at_once).into_paginator().items().send();
            while found.len() < limit
                && let Some(item) = items.next().await
            {
                let item = item.map_err(|error| StoreError::call(format!("incidents of {month}"), &error))?;
                let incident: Incident = document::read(&item)?;
                let is_before = before.is_none_or(|before| place(&incident) < *before);
                let is_asked = asked.is_none_or(|asked| incident.is_open() == (asked == Asked::Open));
                if is_before && is_asked {
                    found.push(incident);
                }
            }
        }
        Ok(found)
    }

    fn query(&self, pk: String, from: String, to: String) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":pk", AttributeValue::S(pk))
            .expression_attribute_values(":from", AttributeValue::S(from))
            .expression_attribute_values(":to", AttributeValue::S(to))
    }

    /// Writes a step, with the message that tells of it into the table of messages.
    pub async fn write(
        &self,
        step: &Step,
        book: &Book,
        messages: &str,
        now: DateTime<Utc>,
    ) -> Result<Written, StoreError> {
        let message = message(&step.next, now);
        let writes = self.writes(step, book, message.as_ref(), messages)?;
        let sent = self.client.transact_write_items().set_transact_items(Some(writes)).send().await;
        match sent {
            Ok(_) => Ok(Written::Done(message.map(Box::new))),
            Err(error) if error.as_service_error().is_some_and(is_lost) => Ok(Written::Lost),
            Err(error) => Err(StoreError::call(format!("incident {}", step.id), &error)),
        }
    }

    fn writes(
        &self,
        step: &Step,
        book: &Book,
        message: Option<&Notification>,
        messages: &str,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let held = match &step.next {
            Next::Watched(watched) => Some(Held::Watched(watched.clone())),
            Next::Incident { incident, .. } => Some(Held::Incident(incident.clone())),
            Next::Gone => None,
        };
        let mut writes = vec![self.held(&step.id, held.as_ref(), book.versions.get(&step.id).copied())?];
        if let Next::Incident { incident, .. } = &step.next {
            let mut item = document::item(incident, [])?;
            item.extend(key(&place(incident)));
            let put = Put::builder().table_name(&self.table).set_item(Some(item)).build();
            let put = put.map_err(|error| StoreError::item(&step.id, &error))?;
            writes.push(TransactWriteItem::builder().put(put).build());
        }
        if let Some(message) = message {
            writes.push(outbox::write(messages, message)?);
        }
        Ok(writes)
    }

    /// The write of what is held of a topic, where it still has the version that was read.
    fn held(
        &self,
        id: &str,
        held: Option<&Held>,
        version: Option<u64>,
    ) -> Result<TransactWriteItem, StoreError> {
        let number = |version: u64| AttributeValue::N(version.to_string());
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let key = Item::from([("pk".to_owned(), text(HELD)), ("sk".to_owned(), text(id))]);
        let condition = if version.is_some() { "version = :version" } else { "attribute_not_exists(pk)" };
        let values = version.map(|version| Item::from([(":version".to_owned(), number(version))]));
        let write = TransactWriteItem::builder();
        let Some(held) = held else {
            let delete = Delete::builder().table_name(&self.table).set_key(Some(key));
            let delete = delete.condition_expression(condition).set_expression_attribute_values(values);
            let delete = delete.build().map_err(|error| StoreError::item(id, &error))?;
            return Ok(write.delete(delete).build());
        };
        let mut item = document::item(held, [])?;
        item.extend(key);
        item.insert("version".to_owned(), number(version.unwrap_or(0).saturating_add(1)));
        let put = Put::builder().table_name(&self.table).set_item(Some(item)).condition_expression(condition);
        let put = put.set_expression_attribute_values(values).build();
        Ok(write.put(put.map_err(|error| StoreError::item(id, &error))?).build())
    }
}

/// Whether another look has written what is held, or is just writing it: that is what stands first in the transaction.
fn is_lost(error: &TransactWriteItemsError) -> bool {
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else { return false };
    let held = cancelled.cancellation_reasons().first().and_then(|reason| reason.code());
    matches!(held, Some("ConditionalCheckFailed" | "TransactionConflict"))
}

/// The message of a step that tells something.
fn message(next: &Next, now: DateTime<Utc>) -> Option<Notification> {
    let Next::Incident { incident, news: Some(news) } = next else { return None };
    let (id, opened_at) = (incident.topic.id(), incident.opened_at);
    let cause = cause(&id, opened_at, *news);
    let subject = Subject::Incident { id, opened_at, news: *news };
    Some(Notification::new(Channel::Telegram, &cause, subject, CAMPAIGN, now, now))
}

/// The id of the message that tells this of an incident.
pub fn message_id(incident: &Incident, news: News) -> String {
    Notification::id_of(&cause(&incident.topic.id(), incident.opened_at, news), Channel::Telegram)
}

/// What makes the message one and the same however often it is stored. It is a part of addresses.
fn cause(id: &str, opened_at: DateTime<Utc>, news: News) -> String {
    format!("incident-{}-{}-{}", id.replace(':', "-"), opened_at.timestamp_millis(), news.name())
}

fn partition(month: &str) -> String {
    format!("incidents#{month}")
}

fn key(place: &Place) -> Item {
    let text = |text: String| AttributeValue::S(text);
    let (pk, sk) = (partition(place.month()), place.as_str().to_owned());
    Item::from([("pk".to_owned(), text(pk)), ("sk".to_owned(), text(sk))])
}

#[cfg(test)]
#[path = "incidents_tests.rs"]
mod tests;
