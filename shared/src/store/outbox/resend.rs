//! A person wants a message to be sent again.

use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};

use super::{Outbox, item};
use crate::domain::notification::{Notification, NotificationState};
use crate::store::{StoreError, conditional};

/// What became of the wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resent {
    /// It is pending again, as it stands here.
    Again(Box<Notification>),
    /// It still waits to be sent, or another person was faster.
    Pending,
    /// There is none with this id.
    Unknown,
}

impl Outbox {
    /// Makes a message pending that was sent or has failed.
    pub async fn resend(&self, id: &str, now: DateTime<Utc>) -> Result<Resent, StoreError> {
        let Some(read) = self.get(id).await? else { return Ok(Resent::Unknown) };
        if read.state == NotificationState::Pending {
            return Ok(Resent::Pending);
        }
        let again = read.again(now);
        let sent = self.resending(&again)?.send().await;
        let held = conditional::held(sent, || format!("resending notification {id}"))?;
        Ok(held.map_or(Resent::Pending, |_| Resent::Again(Box::new(again))))
    }

    /// The whole item anew. Once it is over a message changes in no other way than to pending.
    fn resending(&self, again: &Notification) -> Result<PutItemFluentBuilder, StoreError> {
        let pending = AttributeValue::S(NotificationState::Pending.as_str().to_owned());
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item(again)?));
        Ok(put
            .condition_expression("attribute_exists(pk) AND #state <> :pending")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":pending", pending))
    }
}
