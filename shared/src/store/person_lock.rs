//! One person's leads are written to amoCRM by one function at a time.
//!
//! A person is a phone and an e-mail address: who shares either may be the same, so both are locked. The leads table holds
//! `lock#phone#<hash>`/`lock` and `lock#email#<hash>`/`lock`, each with a `ticket` and `lease_until`.
//!
//! 1. Both are put in one transaction, each on condition that it is not there or its lease is over. Who gets one gets both,
//!    so that two who share only one of them never wait for each other.
//! 2. Held by another: come back later. Nobody waits for a lock.
//! 3. Whoever is done deletes both, each on condition of the own ticket.
//! 4. Whoever died is not waited for: the lease is longer than any function runs, and over by itself.
//!
//! Limitation: a clock that is ahead by more than the lease outlasts its holder's time takes a lock that is held. What
//! follows is two deals at worst, and people merge those.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use chrono::{DateTime, TimeDelta, Utc};

use super::document::Item;
use super::leads::{key, of_email, of_phone};
use super::{StoreError, conditional};
use crate::domain::lead::Lead;

/// Longer than any function runs.
const LEASE: TimeDelta = TimeDelta::seconds(90);

/// The locks of one person, held by us.
#[derive(Debug, Clone)]
pub struct PersonLock {
    keys: [Item; 2],
    ticket: String,
}

/// Locks people.
#[derive(Debug, Clone)]
pub struct PersonLocks {
    client: Client,
    table: String,
}

impl PersonLocks {
    /// Over the leads table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// Takes the locks of a lead's person; nothing while another has one of them.
    pub async fn take(
        &self,
        lead: &Lead,
        ticket: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<PersonLock>, StoreError> {
        let doing = || format!("the locks of lead {}", lead.id);
        let lock = PersonLock { keys: keys(lead), ticket: ticket.to_owned() };
        let puts: Result<Vec<_>, _> = lock.keys.iter().map(|key| self.put(key, ticket, now)).collect();
        let puts = puts.map_err(|error| StoreError::item(doing(), &error))?;
        let sent = self.client.transact_write_items().set_transact_items(Some(puts)).send().await;
        let Err(error) = sent else { return Ok(Some(lock)) };
        use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError as E;
        match error.as_service_error() {
            Some(E::TransactionCanceledException(cancelled)) => {
                let codes = cancelled.cancellation_reasons().iter().filter_map(|reason| reason.code());
                let mut codes = codes.filter(|code| *code != "None");
                let is_held =
                    codes.all(|code| matches!(code, "ConditionalCheckFailed" | "TransactionConflict"));
                if is_held { Ok(None) } else { Err(StoreError::call(doing(), &error)) }
            }
            Some(E::TransactionInProgressException(_)) => Ok(None),
            _ => Err(StoreError::call(doing(), &error)),
        }
    }

    /// Hands the locks back. One that has gone to someone else is not ours to hand back.
    pub async fn release(&self, lock: &PersonLock) -> Result<(), StoreError> {
        let doing = || "handing back a person's locks".to_owned();
        let [first, second] = lock.keys.clone().map(|key| self.delete(key, &lock.ticket).send());
        let (first, second) = futures::future::join(first, second).await;
        conditional::held(first, doing)?;
        conditional::held(second, doing)?;
        Ok(())
    }

    fn put(
        &self,
        key: &Item,
        ticket: &str,
        now: DateTime<Utc>,
    ) -> Result<TransactWriteItem, aws_sdk_dynamodb::error::BuildError> {
        let number = |number: i64| AttributeValue::N(number.to_string());
        let until = now + LEASE;
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(key.clone()))
            .item("ticket", AttributeValue::S(ticket.to_owned()))
            .item("lease_until", number(until.timestamp_millis()))
            // The table forgets what nobody has handed back.
            .item("expires_at", number((until + TimeDelta::days(1)).timestamp()))
            .condition_expression("attribute_not_exists(pk) OR lease_until < :now")
            .expression_attribute_values(":now", number(now.timestamp_millis()))
            .build()?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    fn delete(&self, key: Item, ticket: &str) -> DeleteItemFluentBuilder {
        let request = self.client.delete_item().table_name(&self.table).set_key(Some(key));
        request
            .condition_expression("ticket = :ticket")
            .expression_attribute_values(":ticket", AttributeValue::S(ticket.to_owned()))
    }
}

fn keys(lead: &Lead) -> [Item; 2] {
    [of_phone(&lead.phone), of_email(&lead.email)]
        .map(|person| key(format!("lock#{person}"), "lock".to_owned()))
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::Config;

    use super::*;
    use crate::domain::crm::lead_of_a_person;

    #[test]
    fn a_lock_is_taken_where_there_is_none_or_its_lease_is_over_and_handed_back_by_its_holder() {
        let config = Config::builder().behavior_version(aws_config::BehaviorVersion::latest());
        let locks = PersonLocks::new(Client::from_conf(config.build()), "leads".to_owned());
        let lead = lead_of_a_person();
        let now: DateTime<Utc> = "2026-11-20T10:00:00Z".parse().unwrap();
        let keys = keys(&lead);
        for (key, start) in keys.iter().zip(["lock#phone#", "lock#email#"]) {
            let put = locks.put(key, "t-1", now).unwrap().put.unwrap();
            let pk = put.item["pk"].as_s().unwrap();
            assert!(pk.starts_with(start) && !pk.contains("7701") && !pk.contains('@'), "{pk}");
            assert_eq!(
                (put.table_name.as_str(), &put.item["sk"]),
                ("leads", &AttributeValue::S("lock".to_owned()))
            );
            assert_eq!(put.item["ticket"], AttributeValue::S("t-1".to_owned()));
            let until = (now + TimeDelta::seconds(90)).timestamp_millis();
            assert_eq!(put.item["lease_until"], AttributeValue::N(until.to_string()));
            let condition = "attribute_not_exists(pk) OR lease_until < :now";
            assert_eq!(put.condition_expression.as_deref(), Some(condition));
            let now = AttributeValue::N(now.timestamp_millis().to_string());
            assert_eq!(put.expression_attribute_values.unwrap()[":now"], now);
        }
        let delete = locks.delete(keys[0].clone(), "t-1");
        assert_eq!(delete.get_condition_expression().as_deref(), Some("ticket = :ticket"));
        let values = delete.get_expression_attribute_values().clone().unwrap();
        assert_eq!(values[":ticket"], AttributeValue::S("t-1".to_owned()));
    }
}
