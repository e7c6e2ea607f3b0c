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

#[cfg(test)]
mod tests {
    use aws_config::BehaviorVersion;
    use aws_sdk_dynamodb::config::{Credentials, Region};
    use aws_sdk_dynamodb::{Client, Config};
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::notification::{Channel, Delivery, Subject};
    use crate::neighbours::stand_in::{self, neighbour_that};
    use crate::outbox::stand_in::item as told;

    fn now() -> DateTime<Utc> {
        "2026-11-20T10:10:00Z".parse().unwrap()
    }

    fn failed() -> Notification {
        let subject = Subject::Lead("018f".to_owned());
        let new = Notification::new(Channel::Sms, "018f", subject, "express", now(), now());
        Notification { attempts: 3, ..new }.after(&Delivery::never("bad number"), 0, now())
    }

    /// What is made of a wish when the row stands like this, and what was written then.
    async fn wished(row: Option<&Notification>, is_faster: bool) -> (Resent, Vec<Value>) {
        let row = row.map_or(json!({}), |row| json!({"Item": told(&item(row).unwrap())}));
        let (base, asked) = neighbour_that(move |seen| {
            let is_write = seen.headers["x-amz-target"].ends_with("PutItem");
            let refusal = json!({"__type": "com.amazonaws.dynamodb#ConditionalCheckFailedException"});
            match (is_write, is_faster) {
                (true, true) => stand_in::json(400, &refusal.to_string()),
                (true, false) => stand_in::json(200, "{}"),
                (false, _) => stand_in::json(200, &row.to_string()),
            }
        });
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-central-1"))
            .credentials_provider(Credentials::new("id", "secret", None, None, "test"))
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .endpoint_url(base)
            .build();
        let outbox = Outbox::new(Client::from_conf(config), "notifications".to_owned());
        let resent = outbox.resend("018f-sms", now()).await.unwrap();
        let writes = asked.try_iter().filter(|seen| seen.headers["x-amz-target"].ends_with("PutItem"));
        (resent, writes.map(|seen| serde_json::from_str(&seen.body).unwrap()).collect())
    }

    #[tokio::test]
    async fn what_is_over_begins_anew_unless_someone_was_faster() {
        let (resent, writes) = wished(Some(&failed()), false).await;
        assert_eq!(resent, Resent::Again(Box::new(failed().again(now()))));
        assert_eq!(writes[0]["ConditionExpression"], "attribute_exists(pk) AND #state <> :pending");
        let row = &writes[0]["Item"];
        assert_eq!((&row["state"]["S"], &row["attempts"]["N"]), (&json!("pending"), &json!("0")));
        assert_eq!(row["due_key"]["S"], "2026-11-20T10:10:00.000Z#018f-sms");
        assert_eq!((row.get("ticket"), row.get("lease_until")), (None, None));
        assert_eq!(wished(Some(&failed()), true).await.0, Resent::Pending);
    }

    #[tokio::test]
    async fn what_waits_or_never_was_is_not_written() {
        assert_eq!(wished(Some(&failed().again(now())), false).await, (Resent::Pending, vec![]));
        assert_eq!(wished(None, false).await, (Resent::Unknown, vec![]));
    }
}
