//! A secret, and the lock under which it is replaced, in the settings table: `lock#<name>`.
//!
//! amoCRM's refresh token can be used once, so only one function may renew at a time; and what an admin changes in a part of
//! a secret must not undo what another writes at the same time. The lock has a `ticket` and `lease_until`; it is taken where
//! there is none or the lease is over, and handed back by its holder alone.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemFluentBuilder;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, TimeDelta, Utc};

use super::document::Item;
use super::secrets::Secret;
use super::{StoreError, conditional};

/// Longer than any function runs that renews (60 s): under it we wait for a slot within the limit, ask, and store what came,
/// with tries. Whoever took it from a holder that lives would ask with a refresh token that is spent.
const LEASE: TimeDelta = TimeDelta::seconds(90);

/// The lock of amoCRM's secret: whoever renews its tokens holds it, and whoever stores others by hand.
pub const OF_AMOCRM: &str = "amocrm-token";

/// Where tokens are kept and who may replace them is decided.
pub trait TokenPlace {
    /// The secret as it is now; nothing where none was ever stored.
    fn secret(&self) -> impl Future<Output = Result<Option<String>, StoreError>> + Send;
    /// Puts another secret in its place.
    fn replace(&self, secret: &str) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// Takes the lock; whether it is ours.
    fn lock(&self, ticket: &str, now: DateTime<Utc>)
    -> impl Future<Output = Result<bool, StoreError>> + Send;
    /// Hands the lock back.
    fn unlock(&self, ticket: &str) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// The secret and its lock.
#[derive(Debug, Clone)]
pub struct LockedSecret {
    secret: Secret,
    secrets: aws_sdk_secretsmanager::Client,
    id: String,
    client: Client,
    table: String,
    lock: String,
}

impl LockedSecret {
    /// The secret with this name or address, locked in the settings table by a lock of this name.
    pub fn new(
        secrets: aws_sdk_secretsmanager::Client,
        id: String,
        client: Client,
        table: String,
        lock: &str,
    ) -> Self {
        let lock = format!("lock#{lock}");
        Self { secret: Secret::new(secrets.clone(), id.clone()), secrets, id, client, table, lock }
    }

    fn key(&self) -> Item {
        Item::from([("pk".to_owned(), AttributeValue::S(self.lock.clone()))])
    }

    fn take(&self, ticket: &str, now: DateTime<Utc>) -> PutItemFluentBuilder {
        let number = |at: DateTime<Utc>| AttributeValue::N(at.timestamp_millis().to_string());
        let request = self.client.put_item().table_name(&self.table).set_item(Some(self.key()));
        request
            .item("ticket", AttributeValue::S(ticket.to_owned()))
            .item("lease_until", number(now + LEASE))
            .condition_expression("attribute_not_exists(pk) OR lease_until < :now")
            .expression_attribute_values(":now", number(now))
    }

    fn hand_back(&self, ticket: &str) -> DeleteItemFluentBuilder {
        let request = self.client.delete_item().table_name(&self.table).set_key(Some(self.key()));
        request
            .condition_expression("ticket = :ticket")
            .expression_attribute_values(":ticket", AttributeValue::S(ticket.to_owned()))
    }
}

impl TokenPlace for LockedSecret {
    async fn secret(&self) -> Result<Option<String>, StoreError> {
        self.secret.value().await
    }

    async fn replace(&self, secret: &str) -> Result<(), StoreError> {
        let sent = self.secrets.put_secret_value().secret_id(&self.id).secret_string(secret).send().await;
        sent.map(drop).map_err(|error| StoreError::call("storing a secret", &error))
    }

    async fn lock(&self, ticket: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let sent = self.take(ticket, now).send().await;
        Ok(conditional::held(sent, || self.lock.clone())?.is_some())
    }

    async fn unlock(&self, ticket: &str) -> Result<(), StoreError> {
        let sent = self.hand_back(ticket).send().await;
        conditional::held(sent, || self.lock.clone()).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_is_taken_where_there_is_none_or_its_lease_is_over_and_handed_back_by_its_holder() {
        let version = aws_config::BehaviorVersion::latest();
        let config = aws_sdk_dynamodb::Config::builder().behavior_version(version).build();
        let secrets = aws_sdk_secretsmanager::Config::builder().behavior_version(version).build();
        let secrets = aws_sdk_secretsmanager::Client::from_conf(secrets);
        let client = Client::from_conf(config);
        let token = LockedSecret::new(secrets, "s".to_owned(), client, "settings".to_owned(), OF_AMOCRM);
        let now: DateTime<Utc> = "2026-11-20T10:00:00Z".parse().unwrap();
        let number = |at: DateTime<Utc>| AttributeValue::N(at.timestamp_millis().to_string());

        let take = token.take("t-1", now);
        let condition = "attribute_not_exists(pk) OR lease_until < :now";
        assert_eq!(take.get_condition_expression().as_deref(), Some(condition));
        assert_eq!(take.get_expression_attribute_values().clone().unwrap()[":now"], number(now));
        let item = take.get_item().clone().unwrap();
        assert_eq!(item["pk"], AttributeValue::S("lock#amocrm-token".to_owned()));
        assert_eq!(item["ticket"], AttributeValue::S("t-1".to_owned()));
        assert_eq!(item["lease_until"], number(now + TimeDelta::seconds(90)));

        let back = token.hand_back("t-1");
        assert_eq!(back.get_condition_expression().as_deref(), Some("ticket = :ticket"));
        let values = back.get_expression_attribute_values().clone().unwrap();
        assert_eq!(values[":ticket"], AttributeValue::S("t-1".to_owned()));
    }
}
