//! The notifications table: messages that are to be sent.
//!
//! `pk` is the notification's id. The index `by_state` has `state` and `due_key`, the index `by_campaign` has
//! `source_campaign` and `due_key`; `due_key` is `<due at>#<id>`. The document is the truth about a message, but for
//! `attempts`: a claim counts them without having read the message, so that attribute is the truth and what the document
//! says of it only a copy. `lease_until` (epoch ms) and `ticket` are there while someone tries to send it.

use std::str::FromStr;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::StoreError;
use super::document::{self, Item};
use super::place::instant;
use crate::domain::notification::Notification;

mod claim;
mod list;
mod overdue;
mod resend;

pub use claim::{Claim, Claimed, Lost};
pub use list::{Selection, place};
pub use resend::Resent;

/// What a queue's message says: send this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The notification's id.
    pub id: String,
}

impl Due {
    /// That this one is to be sent.
    pub fn of(notification: &Notification) -> Self {
        Self { id: notification.id.clone() }
    }
}

/// The item of a message.
pub fn item(notification: &Notification) -> Result<Item, StoreError> {
    let texts = [
        ("pk", notification.id.clone()),
        ("state", notification.state.as_str().to_owned()),
        ("due_key", place(notification).as_str().to_owned()),
        ("source_campaign", notification.source_campaign.clone()),
    ];
    let mut item = document::item(notification, texts)?;
    item.insert("attempts".to_owned(), AttributeValue::N(notification.attempts.to_string()));
    Ok(item)
}

/// The message that an item holds.
fn read(item: &Item) -> Result<Notification, StoreError> {
    let stored: Notification = document::read(item)?;
    let attempts = number(item, "attempts").unwrap_or(stored.attempts);
    Ok(Notification { attempts, ..stored })
}

fn number<T: FromStr>(item: &Item, name: &str) -> Option<T> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

fn key(id: &str) -> Item {
    Item::from([("pk".to_owned(), AttributeValue::S(id.to_owned()))])
}

/// The end of all places that are due at this instant or before: a key is followed by `#` and an id.
fn after_all_due(now: DateTime<Utc>) -> AttributeValue {
    AttributeValue::S(format!("{}$", instant(now)))
}

/// The write of a new message, for the transaction of what it tells of.
pub fn write(table: &str, notification: &Notification) -> Result<TransactWriteItem, StoreError> {
    let doing = || format!("notification {}", notification.id);
    let put = Put::builder().table_name(table).set_item(Some(item(notification)?)).build();
    put.map(|put| TransactWriteItem::builder().put(put).build())
        .map_err(|error| StoreError::item(doing(), &error))
}

/// Reads and writes messages.
#[derive(Debug, Clone)]
pub struct Outbox {
    client: Client,
    table: String,
}

impl Outbox {
    /// Over this table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::notification::{Channel, Subject};
    use crate::store::place::Place;

    #[test]
    fn a_row_is_found_by_its_state_its_time_and_its_campaign_and_names_nobody() {
        let now: DateTime<Utc> = "2026-11-20T10:00:00Z".parse().unwrap();
        let due = "2026-11-20T10:10:00Z".parse().unwrap();
        let subject = Subject::Lead("018f".to_owned());
        let item = item(&Notification::new(Channel::Sms, "018f", subject, "proftest_a", now, due)).unwrap();
        let text = |name: &str| item[name].as_s().unwrap().clone();
        assert_eq!((text("pk"), text("state")), ("018f-sms".to_owned(), "pending".to_owned()));
        assert_eq!(text("due_key"), "2026-11-20T10:10:00.000Z#018f-sms");
        assert_eq!(text("source_campaign"), "proftest_a");
        assert_eq!(item["attempts"], AttributeValue::N("0".to_owned()));
    }

    #[test]
    fn the_attribute_counts_the_attempts_and_a_row_without_it_is_read_too() {
        let now: DateTime<Utc> = "2026-11-20T10:00:00Z".parse().unwrap();
        let subject = Subject::Lead("018f".to_owned());
        let mut item = item(&Notification::new(Channel::Sms, "018f", subject, "a", now, now)).unwrap();
        item.insert("attempts".to_owned(), AttributeValue::N("3".to_owned()));
        assert_eq!(read(&item).unwrap().attempts, 3);
        item.remove("attempts");
        assert_eq!(read(&item).unwrap().attempts, 0);
    }

    #[test]
    fn what_is_due_now_comes_before_the_end_of_all_that_is_due() {
        let now: DateTime<Utc> = "2026-11-20T10:00:00Z".parse().unwrap();
        let end = after_all_due(now).as_s().unwrap().clone();
        assert!(Place::new(now, "~~~").as_str() < end.as_str());
        assert!(Place::new(now + chrono::TimeDelta::milliseconds(1), "").as_str() > end.as_str());
    }
}
