//! The notifications table: messages that are to be sent.
//!
//! `pk` is the notification's id. The index `by_state` has `state` and `due_key`, the index `by_campaign` has
//! `source_campaign` and `due_key`; `due_key` is `<due at>#<id>`.

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

use super::StoreError;
use super::document::{self, Item};
use crate::domain::notification::Notification;

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

/// Where a message stands among all that are due.
pub fn due_key(due_at: DateTime<Utc>, id: &str) -> String {
    format!("{}#{id}", due_at.to_rfc3339_opts(SecondsFormat::Millis, true))
}

/// The item of a message.
pub fn item(notification: &Notification) -> Result<Item, StoreError> {
    let texts = [
        ("pk", notification.id.clone()),
        ("state", notification.state.as_str().to_owned()),
        ("due_key", due_key(notification.due_at, &notification.id)),
        ("source_campaign", notification.source_campaign.clone()),
    ];
    document::item(notification, texts)
}

/// The write of a new message, for the transaction of what it tells of.
pub fn write(table: &str, notification: &Notification) -> Result<TransactWriteItem, StoreError> {
    let doing = || format!("notification {}", notification.id);
    let put = Put::builder().table_name(table).set_item(Some(item(notification)?)).build();
    put.map(|put| TransactWriteItem::builder().put(put).build())
        .map_err(|error| StoreError::item(doing(), &error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::notification::{Channel, Subject};

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
    }
}
