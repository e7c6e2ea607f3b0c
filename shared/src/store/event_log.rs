//! The events table as an admin reads it: one event, or events newest first, and the mark of a replay.
//!
//! A mark is three attributes of the event's item beside its document: `replayed_at`, `replay` (what came of it, as JSON) and
//! `heard_on`, which moves it to the partition of what was replayed.

mod mark;
mod page;
mod places;

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};

use super::StoreError;
use super::batch_get::batch_get;
use super::document::{self, Item};
use super::events::EventRecord;

pub use mark::{Replay, ReplayedItem};
pub use page::{EventPage, Selection};
pub use places::{Key, Places};

/// An event with what its replay came to, if it was replayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// The event.
    pub record: EventRecord,
    /// The replay after which it no longer waits for a person.
    pub replay: Option<Replay>,
}

impl Logged {
    /// When it was replayed, or taken in by a replay.
    pub fn replayed_at(&self) -> Option<DateTime<Utc>> {
        self.replay.as_ref().map(|replay| replay.at).or(self.record.replayed_at)
    }
}

/// Reads and marks events.
#[derive(Debug, Clone)]
pub struct EventLog {
    client: Client,
    table: String,
}

impl EventLog {
    /// Over the events table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// An event; nothing where there is none with this id.
    pub async fn get(&self, id: &str) -> Result<Option<Logged>, StoreError> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(id)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| StoreError::call(format!("event {id}"), &error))?;
        found.item.as_ref().map(read).transpose()
    }

    /// The events with these ids, by id; what is none is left out.
    pub async fn by_ids(&self, ids: &[String]) -> Result<HashMap<String, Logged>, StoreError> {
        let mut ids: Vec<&String> = ids.iter().collect();
        // A batch must not name a key twice.
        ids.sort_unstable();
        ids.dedup();
        let keys = ids.into_iter().map(|id| key(id)).collect();
        let items = batch_get(&self.client, &self.table, keys, "events by their ids").await?;
        let logged = items.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        Ok(logged.into_iter().map(|logged| (logged.record.id.clone(), logged)).collect())
    }
}

fn read(item: &Item) -> Result<Logged, StoreError> {
    Ok(Logged { record: document::read(item)?, replay: mark::read(item)? })
}

fn key(id: &str) -> Item {
    Item::from([("pk".to_owned(), text(&format!("event#{id}")))])
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}
