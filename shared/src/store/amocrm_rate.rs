//! The slots of `domain/crm/slots.rs` in the settings table, `pk` is `rate#amocrm`, shared by all that call amoCRM.
//!
//! A step is: decide on the slots as they were last seen, write on condition that their version is still that; if it is
//! not, the failed write returns those that are there, and the step begins anew with them. So a step that meets nobody
//! else costs one write and no read.

use std::sync::Mutex;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use backon::{BackoffBuilder, ExponentialBuilder};
use chrono::{DateTime, Utc};

use super::StoreError;
use super::document::{self, Item};
use crate::domain::crm::slots::{Ending, Hold, SlotRules, Slots, Taking};

const PK: &str = "rate#amocrm";

/// Five functions at most get in each other's way.
const MAX_ATTEMPTS: usize = 40;

/// The slots as they were seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Seen {
    slots: Slots,
    /// 0 where there is no item.
    version: u64,
}

impl Seen {
    fn of(item: Option<&Item>) -> Result<Self, StoreError> {
        let Some(item) = item else { return Ok(Self::default()) };
        let version = item.get("version").and_then(|version| version.as_n().ok()?.parse().ok());
        let version = version.ok_or_else(|| StoreError::item(PK, &"it lacks a version"))?;
        Ok(Self { slots: document::read(item)?, version })
    }
}

/// Keeps the slots.
#[derive(Debug)]
pub struct RateLimit {
    client: Client,
    table: String,
    rules: SlotRules,
    seen: Mutex<Option<Seen>>,
}

impl RateLimit {
    /// Over this table.
    pub fn new(client: Client, table: String, rules: SlotRules) -> Self {
        Self { client, table, rules, seen: Mutex::default() }
    }

    /// Takes a slot that begins at `latest` at the latest; see [`Slots::take`].
    pub async fn take(
        &self,
        now: DateTime<Utc>,
        ticket: &str,
        latest: DateTime<Utc>,
    ) -> Result<Taking, StoreError> {
        self.step(|slots| slots.take(now, ticket, latest, &self.rules)).await
    }

    /// A request has ended; returns until when nobody asks, if so.
    pub async fn ended(
        &self,
        now: DateTime<Utc>,
        hold: &Hold,
        ending: Ending,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.step(|slots| {
            let next = slots.ended(now, hold, ending);
            let paused_until = next.paused_until();
            (Some(next), paused_until)
        })
        .await
    }

    async fn step<T>(&self, decide: impl Fn(&Slots) -> (Option<Slots>, T)) -> Result<T, StoreError> {
        let (mut seen, mut is_fresh) = match self.remembered() {
            Some(seen) => (seen, false),
            None => (self.read().await?, true),
        };
        let mut pauses = pauses();
        for _ in 0..MAX_ATTEMPTS {
            let (next, outcome) = decide(&seen.slots);
            let Some(next) = next else {
                self.remember(&seen);
                // Nobody is refused for what may have changed since.
                if is_fresh {
                    return Ok(outcome);
                }
                (seen, is_fresh) = (self.read().await?, true);
                continue;
            };
            match self.write(seen.version, &next)?.send().await {
                Ok(_) => {
                    self.remember(&Seen { slots: next, version: seen.version + 1 });
                    return Ok(outcome);
                }
                Err(error) => {
                    let Some(PutItemError::ConditionalCheckFailedException(held)) = error.as_service_error()
                    else {
                        return Err(StoreError::call("the limit of amoCRM", &error));
                    };
                    seen = Seen::of(held.item())?;
                    is_fresh = true;
                    tokio::time::sleep(pauses.next().unwrap_or_default()).await;
                }
            }
        }
        Err(StoreError::Contended { doing: "the limit of amoCRM".to_owned(), attempts: MAX_ATTEMPTS })
    }

    fn remembered(&self) -> Option<Seen> {
        self.seen.lock().ok()?.clone()
    }

    fn remember(&self, seen: &Seen) {
        if let Ok(mut held) = self.seen.lock() {
            *held = Some(seen.clone());
        }
    }

    async fn read(&self) -> Result<Seen, StoreError> {
        let request = self.client.get_item().table_name(&self.table).set_key(Some(key()));
        let found = request.consistent_read(true).send().await;
        let found = found.map_err(|error| StoreError::call("reading the limit of amoCRM", &error))?;
        Seen::of(found.item.as_ref())
    }

    fn write(&self, seen: u64, next: &Slots) -> Result<PutItemFluentBuilder, StoreError> {
        let number = |version: u64| AttributeValue::N(version.to_string());
        let mut item = document::item(next, [])?;
        item.extend(key());
        item.insert("version".to_owned(), number(seen + 1));
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item));
        let put = put.return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        Ok(match seen {
            0 => put.condition_expression("attribute_not_exists(pk)"),
            seen => put
                .condition_expression("version = :version")
                .expression_attribute_values(":version", number(seen)),
        })
    }
}

fn key() -> Item {
    Item::from([("pk".to_owned(), AttributeValue::S(PK.to_owned()))])
}

/// Short: the others are done within milliseconds.
fn pauses() -> impl Iterator<Item = Duration> {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(2))
        .with_max_delay(Duration::from_millis(60))
        .with_max_times(MAX_ATTEMPTS)
        .with_jitter()
        .build()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use aws_sdk_dynamodb::Config;
    use chrono::TimeDelta;

    use super::*;

    fn limit() -> RateLimit {
        let config = Config::builder().behavior_version(aws_config::BehaviorVersion::latest());
        let rules = SlotRules { slots: 7, longest_call: TimeDelta::seconds(10) };
        RateLimit::new(Client::from_conf(config.build()), "settings".to_owned(), rules)
    }

    #[test]
    fn a_write_wants_what_was_seen_and_gives_back_what_is_there() {
        let write = limit().write(0, &Slots::default()).unwrap();
        assert_eq!(write.get_condition_expression().as_deref(), Some("attribute_not_exists(pk)"));
        let write = limit().write(7, &Slots::default()).unwrap();
        assert_eq!(write.get_table_name().as_deref(), Some("settings"));
        assert_eq!(write.get_condition_expression().as_deref(), Some("version = :version"));
        let values = HashMap::from([(":version".to_owned(), AttributeValue::N("7".to_owned()))]);
        assert_eq!(*write.get_expression_attribute_values(), Some(values));
        let back = ReturnValuesOnConditionCheckFailure::AllOld;
        assert_eq!(*write.get_return_values_on_condition_check_failure(), Some(back));
        let item = write.get_item().clone().unwrap();
        assert_eq!(item["pk"], AttributeValue::S("rate#amocrm".to_owned()));
        assert_eq!(Seen::of(Some(&item)).unwrap(), Seen { slots: Slots::default(), version: 8 });
        assert_eq!(Seen::of(None).unwrap().version, 0);
    }
}
