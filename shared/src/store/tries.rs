//! Counts tries of something that may be tried only so often, in windows of fixed length.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use chrono::{DateTime, TimeDelta, Utc};

use super::{StoreError, conditional};

/// How often within how long.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// So many tries are allowed.
    pub tries: i64,
    /// Within a window of this length, which begins with the first of them.
    pub window: TimeDelta,
}

/// Whether one more try is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowance {
    /// It is.
    Allowed,
    /// Not before so many seconds.
    Exceeded {
        /// Until the window ends.
        retry_after_seconds: u64,
    },
}

/// Counts in the settings table.
#[derive(Debug, Clone)]
pub struct Tries {
    client: Client,
    table: String,
}

impl Tries {
    /// Over this table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// Counts a try under `key`. Parallel tries are each counted, so no number of them gets past the limit.
    pub async fn count(&self, key: &str, limit: Limit, now: DateTime<Utc>) -> Result<Allowance, StoreError> {
        let seconds = |time: DateTime<Utc>| AttributeValue::N(time.timestamp().to_string());
        // A window that has ended is begun anew; if another try does so first, this one counts in the new window.
        let (counted, ends_at) = match self.add(key, 1, now).await? {
            Some(counted) => counted,
            None => {
                let begun = self
                    .client
                    .update_item()
                    .table_name(&self.table)
                    .key("pk", Self::pk(key))
                    .update_expression("SET tries = :one, expires_at = :end")
                    .condition_expression("attribute_not_exists(pk) OR expires_at <= :now")
                    .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
                    .expression_attribute_values(":end", seconds(now + limit.window))
                    .expression_attribute_values(":now", seconds(now))
                    .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::None)
                    .send()
                    .await;
                match conditional::held(begun, doing)? {
                    Some(_) => (1, (now + limit.window).timestamp()),
                    None => self
                        .add(key, 1, now)
                        .await?
                        .ok_or_else(|| StoreError::Contended { doing: doing(), attempts: 3 })?,
                }
            }
        };
        if counted <= limit.tries {
            return Ok(Allowance::Allowed);
        }
        let left = u64::try_from(ends_at - now.timestamp()).unwrap_or(0).max(1);
        Ok(Allowance::Exceeded { retry_after_seconds: left })
    }

    /// Takes a try back that turned out to be a good one.
    pub async fn forgive(&self, key: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.add(key, -1, now).await.map(drop)
    }

    /// Adds to the present window and returns its count and end; nothing where there is no present window.
    async fn add(&self, key: &str, tries: i64, now: DateTime<Utc>) -> Result<Option<(i64, i64)>, StoreError> {
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", Self::pk(key))
            .update_expression("ADD tries :tries")
            .condition_expression("expires_at > :now")
            .expression_attribute_values(":tries", AttributeValue::N(tries.to_string()))
            .expression_attribute_values(":now", AttributeValue::N(now.timestamp().to_string()))
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        let Some(output) = conditional::held(sent, doing)? else { return Ok(None) };
        let item = output.attributes.unwrap_or_default();
        let number =
            |name: &str| item.get(name).and_then(|value| value.as_n().ok()).and_then(|n| n.parse().ok());
        match (number("tries"), number("expires_at")) {
            (Some(tries), Some(expires_at)) => Ok(Some((tries, expires_at))),
            _ => Err(StoreError::item(doing(), &"it lacks a number")),
        }
    }

    fn pk(key: &str) -> AttributeValue {
        AttributeValue::S(format!("tries#{key}"))
    }
}

fn doing() -> String {
    "counting a try".to_owned()
}
