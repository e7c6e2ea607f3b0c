//! Circuit breakers in the settings table, one for each neighbour, shared by everyone who calls it.
//!
//! `pk` is `breaker#<name>`. An item holds the breaker and a `version`, which every write raises by one. A step is: read,
//! decide (`domain/breaker.rs`), write on condition that the version is still the one that was read; if it is not, from
//! the beginning. A breaker that never failed has no item.
//!
//! Limitation: a write whose answer was lost is decided again, so one failure may count as two.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};

use super::StoreError;
use super::document::{self, Item};
use crate::domain::breaker::{Breaker, BreakerRules, BreakerState, Decision, Pass};

/// Whoever loses a race finds the winner's breaker, and few steps need a write after that: as many races in a row are
/// lost only where successes and failures alternate.
const MAX_ATTEMPTS: usize = 8;

/// The key of a breaker, for who reads it together with other items.
pub fn key(name: &str) -> Item {
    Item::from([("pk".to_owned(), AttributeValue::S(format!("breaker#{name}")))])
}

/// The breaker that an item holds; a closed one where there is no item.
pub fn parse(item: Option<&Item>) -> Result<Breaker, StoreError> {
    item.map(document::read).transpose().map(Option::unwrap_or_default)
}

/// A breaker as it was read.
#[derive(Debug)]
struct Held {
    breaker: Breaker,
    /// Nothing where there was no item.
    version: Option<u64>,
}

impl Held {
    fn of(item: Option<&Item>) -> Result<Self, StoreError> {
        let version = |item: &Item| {
            let number = item.get("version").and_then(|version| version.as_n().ok()?.parse().ok());
            number.ok_or_else(|| StoreError::item("a breaker", &"it lacks a version"))
        };
        Ok(Self { breaker: parse(item)?, version: item.map(version).transpose()? })
    }
}

/// Keeps the breakers.
#[derive(Debug, Clone)]
pub struct Breakers {
    client: Client,
    table: String,
    rules: BreakerRules,
}

impl Breakers {
    /// Over this table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table, rules: BreakerRules::default() }
    }

    /// The same by other rules.
    pub fn with_rules(self, rules: BreakerRules) -> Self {
        Self { rules, ..self }
    }

    /// Until when nobody may go; nothing where the next to ask would be let through. Nothing is written.
    pub async fn refused_until(
        &self,
        name: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        Ok(match self.held(name).await?.breaker.ask(now, "", &self.rules).1 {
            Decision::Refused { until } => Some(until),
            Decision::Go(_) => None,
        })
    }

    /// Whether a call may go; see [`Breaker::ask`]. Closed, it costs one read.
    pub async fn ask(&self, name: &str, now: DateTime<Utc>, ticket: &str) -> Result<Decision, StoreError> {
        self.step(name, |breaker| breaker.ask(now, ticket, &self.rules)).await
    }

    /// A breaker as it stands, for who only wants to know.
    pub async fn read(&self, name: &str) -> Result<Breaker, StoreError> {
        Ok(self.held(name).await?.breaker)
    }

    /// What a breaker lets through now, for who only wants to know.
    pub async fn state(&self, name: &str) -> Result<BreakerState, StoreError> {
        Ok(self.held(name).await?.breaker.state())
    }

    /// A call succeeded; returns what the breaker lets through now. Where there was nothing that a success would
    /// change when the pass was given, nothing is asked or written: a failure since then goes on counting.
    pub async fn succeeded(
        &self,
        name: &str,
        now: DateTime<Utc>,
        pass: &Pass,
    ) -> Result<BreakerState, StoreError> {
        if !pass.success_matters() {
            return Ok(BreakerState::Closed);
        }
        self.step(name, |breaker| told(breaker, breaker.succeeded(now, pass))).await
    }

    /// A call failed, and the neighbour is to blame; `about` is what the call was about. Returns what the breaker lets
    /// through now.
    pub async fn failed(
        &self,
        name: &str,
        now: DateTime<Utc>,
        pass: &Pass,
        about: Option<&str>,
    ) -> Result<BreakerState, StoreError> {
        self.step(name, |breaker| told(breaker, breaker.failed(now, pass, about, &self.rules))).await
    }

    /// A call was refused in words that are meant for all of them; returns whether it was this that opened the breaker.
    pub async fn tripped(&self, name: &str, now: DateTime<Utc>, pass: &Pass) -> Result<bool, StoreError> {
        self.step(name, |breaker| {
            let next = breaker.trip(now, pass, &self.rules);
            let has_opened = next.is_some();
            (next, has_opened)
        })
        .await
    }

    /// A call ended without saying anything about the neighbour's health; returns what the breaker lets through now.
    pub async fn released(
        &self,
        name: &str,
        now: DateTime<Utc>,
        pass: &Pass,
    ) -> Result<BreakerState, StoreError> {
        self.step(name, |breaker| told(breaker, breaker.released(now, pass))).await
    }

    /// Decides on what is stored, and stores what was decided, until nobody else did so in between.
    async fn step<T>(
        &self,
        name: &str,
        decide: impl Fn(&Breaker) -> (Option<Breaker>, T),
    ) -> Result<T, StoreError> {
        for _ in 0..MAX_ATTEMPTS {
            let held = self.held(name).await?;
            let (next, outcome) = decide(&held.breaker);
            let Some(next) = next else { return Ok(outcome) };
            match self.write(name, held.version, &next)?.send().await {
                Ok(_) => return Ok(outcome),
                Err(error)
                    if error
                        .as_service_error()
                        .is_some_and(|error| error.is_conditional_check_failed_exception()) => {}
                Err(error) => return Err(StoreError::call(format!("writing breaker {name}"), &error)),
            }
        }
        Err(StoreError::Contended { doing: format!("breaker {name}"), attempts: MAX_ATTEMPTS })
    }

    async fn held(&self, name: &str) -> Result<Held, StoreError> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(name)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| StoreError::call(format!("reading breaker {name}"), &error))?;
        Held::of(found.item.as_ref())
    }

    /// The write of a breaker, conditional on what was read of it.
    fn write(
        &self,
        name: &str,
        held: Option<u64>,
        next: &Breaker,
    ) -> Result<PutItemFluentBuilder, StoreError> {
        let number = |version: u64| AttributeValue::N(version.to_string());
        let mut item = document::item(next, [])?;
        item.extend(key(name));
        item.insert("version".to_owned(), number(held.unwrap_or(0).saturating_add(1)));
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item));
        Ok(match held {
            None => put.condition_expression("attribute_not_exists(pk)"),
            Some(version) => put
                .condition_expression("version = :version")
                .expression_attribute_values(":version", number(version)),
        })
    }
}

/// What is to be stored, and what the breaker then lets through.
fn told(held: &Breaker, next: Option<Breaker>) -> (Option<Breaker>, BreakerState) {
    let state = next.as_ref().unwrap_or(held).state();
    (next, state)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use aws_sdk_dynamodb::Config;

    use super::*;

    fn breakers() -> Breakers {
        let config = Config::builder().behavior_version(aws_config::BehaviorVersion::latest());
        Breakers::new(Client::from_conf(config.build()), "settings".to_owned())
    }

    fn number(value: &str) -> AttributeValue {
        AttributeValue::N(value.to_owned())
    }

    fn failed_once() -> Breaker {
        let now = "2026-11-20T10:00:00Z".parse().unwrap();
        let closed = Breaker::default();
        let (_, Decision::Go(pass)) = closed.ask(now, "ticket", &BreakerRules::default()) else {
            panic!("refused")
        };
        closed.failed(now, &pass, None, &BreakerRules::default()).unwrap()
    }

    #[test]
    fn the_first_write_wants_no_item() {
        let write = breakers().write("facebook", None, &failed_once()).unwrap();
        assert_eq!(write.get_table_name().as_deref(), Some("settings"));
        assert_eq!(write.get_condition_expression().as_deref(), Some("attribute_not_exists(pk)"));
        assert_eq!(*write.get_expression_attribute_values(), None);
        let item = write.get_item().clone().unwrap();
        assert_eq!(item["pk"], AttributeValue::S("breaker#facebook".to_owned()));
        assert_eq!(item["version"], number("1"));
        let document = r#"{"openings":0,"since":null,"state":"closed","failures":1}"#;
        assert_eq!(item["document"], AttributeValue::S(document.to_owned()));
    }

    #[test]
    fn a_later_write_wants_the_version_that_was_read() {
        let first = breakers().write("facebook", Some(7), &failed_once()).unwrap();
        assert_eq!(first.get_condition_expression().as_deref(), Some("version = :version"));
        let values = HashMap::from([(":version".to_owned(), number("7"))]);
        assert_eq!(*first.get_expression_attribute_values(), Some(values));
        assert_eq!(first.get_item().clone().unwrap()["version"], number("8"));
    }

    #[test]
    fn what_is_written_reads_back() {
        let item = breakers().write("facebook", Some(7), &failed_once()).unwrap().get_item().clone().unwrap();
        assert_eq!(parse(Some(&item)).unwrap(), failed_once());
        assert_eq!(Held::of(Some(&item)).unwrap().version, Some(8));
        assert_eq!(key("facebook"), Item::from([("pk".to_owned(), item["pk"].clone())]));
    }

    #[test]
    fn no_item_is_a_closed_breaker_and_a_broken_one_is_none() {
        assert_eq!(parse(None).unwrap(), Breaker::default());
        assert_eq!(Held::of(None).unwrap().version, None);
        let broken = Item::from([("document".to_owned(), AttributeValue::S("{}".to_owned()))]);
        assert!(parse(Some(&broken)).is_err());
        let unversioned = document::item(&failed_once(), []).unwrap();
        assert!(Held::of(Some(&unversioned)).is_err());
    }
}
