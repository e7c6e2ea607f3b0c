//! The messages that should have been tried by now and that nobody is about.

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};

use super::{Outbox, after_all_due, read};
use crate::domain::notification::{Notification, NotificationState};
use crate::store::StoreError;

impl Outbox {
    /// The messages that were due by `before` and that nobody has a claim on at `now`, those first that have been due for
    /// longest; at most so many. The index lags behind, so some may be sent by now.
    pub async fn overdue(
        &self,
        before: DateTime<Utc>,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<Notification>, StoreError> {
        let mut items = self.overdue_query(before, now).into_paginator().items().send();
        let mut found = vec![];
        while found.len() < limit
            && let Some(item) = items.next().await
        {
            let item = item.map_err(|error| StoreError::call("messages that are overdue", &error))?;
            found.push(read(&item)?);
        }
        Ok(found)
    }

    fn overdue_query(&self, before: DateTime<Utc>, now: DateTime<Utc>) -> QueryFluentBuilder {
        let millis = AttributeValue::N(now.timestamp_millis().to_string());
        self.pending()
            .key_condition_expression("#state = :pending AND due_key < :due")
            .filter_expression("attribute_not_exists(lease_until) OR lease_until <= :now")
            .expression_attribute_values(":due", after_all_due(before))
            .expression_attribute_values(":now", millis)
    }

    /// Since when the message is due that has been due for longest, claimed or not; nothing where none is pending.
    pub async fn longest_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let query = self.pending().key_condition_expression("#state = :pending").limit(1);
        let page = query.send().await;
        let page = page.map_err(|error| StoreError::call("the message that is due for longest", &error))?;
        let first = page.items().first().map(read).transpose()?;
        Ok(first.map(|notification| notification.due_at))
    }

    fn pending(&self) -> QueryFluentBuilder {
        let pending = AttributeValue::S(NotificationState::Pending.as_str().to_owned());
        self.client
            .query()
            .table_name(&self.table)
            .index_name("by_state")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":pending", pending)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_dynamodb::{Client, Config};

    #[test]
    fn what_is_due_is_asked_for_oldest_first_and_without_what_is_claimed() {
        let config = Config::builder().behavior_version(aws_config::BehaviorVersion::latest());
        let outbox = Outbox::new(Client::from_conf(config.build()), "notifications".to_owned());
        let now: DateTime<Utc> = "2026-11-20T10:00:03Z".parse().unwrap();
        let query = outbox.overdue_query(now - chrono::TimeDelta::seconds(3), now);
        assert_eq!(query.get_index_name().as_deref(), Some("by_state"));
        assert_eq!(*query.get_scan_index_forward(), None);
        let filter = "attribute_not_exists(lease_until) OR lease_until <= :now";
        assert_eq!(query.get_filter_expression().as_deref(), Some(filter));
        let values = query.get_expression_attribute_values().clone().unwrap();
        assert_eq!(values[":due"], AttributeValue::S("2026-11-20T10:00:00.000Z$".to_owned()));
        assert_eq!(values[":now"], AttributeValue::N("1795168803000".to_owned()));
    }
}
