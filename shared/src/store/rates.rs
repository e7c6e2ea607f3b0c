//! Exchange rates in the settings table, one item for each day: `pk` is `rates#<YYYY-MM-DD>`.
//!
//! A day that the bank had no rates for has an item too, so that nobody asks about it again. Whether an answer about a
//! day is final is for the caller to know before it is put.

use std::collections::BTreeSet;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use backon::{BackoffBuilder, ExponentialBuilder};

use super::StoreError;
use super::document::{self, Item};
use crate::domain::day::Day;
use crate::domain::rates::{DayRates, Rates};

/// A batch read takes so many keys.
const BATCH: usize = 100;

/// What a batch left out is asked for again so often; past this the table is throttled for good.
const MAX_ROUNDS: usize = 8;

fn key(day: Day) -> Item {
    Item::from([("pk".to_owned(), AttributeValue::S(format!("rates#{day}")))])
}

/// Keeps the rates.
#[derive(Debug, Clone)]
pub struct RateBook {
    client: Client,
    table: String,
}

impl RateBook {
    /// Over this table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// Keeps the rates of a day, in place of what was known of it.
    pub async fn put(&self, rates: &DayRates) -> Result<(), StoreError> {
        let sent = self.write(rates)?.send().await;
        sent.map(drop)
            .map_err(|error| StoreError::call(format!("writing the rates of {}", rates.day), &error))
    }

    /// What is known of these days.
    pub async fn of(&self, days: impl IntoIterator<Item = Day>) -> Result<Rates, StoreError> {
        let mut known = vec![];
        for batch in batches(days) {
            let mut wanted = batch;
            let mut pauses = pauses();
            while !wanted.is_empty() {
                let keys = KeysAndAttributes::builder()
                    .set_keys(Some(wanted))
                    .consistent_read(true)
                    .build()
                    .map_err(|error| StoreError::item("keys of rates", &error))?;
                let read = self
                    .client
                    .batch_get_item()
                    .request_items(&self.table, keys)
                    .send()
                    .await
                    .map_err(|error| StoreError::call("reading rates", &error))?;
                for item in read.responses.unwrap_or_default().into_values().flatten() {
                    known.push(document::read::<DayRates>(&item)?);
                }
                // A batch may come back in part; the rest is asked for again.
                let left = read.unprocessed_keys.unwrap_or_default();
                wanted = left.into_values().flat_map(|keys| keys.keys).collect();
                if !wanted.is_empty() {
                    let pause = pauses.next().ok_or_else(|| StoreError::Contended {
                        doing: "reading rates".to_owned(),
                        attempts: MAX_ROUNDS,
                    })?;
                    tokio::time::sleep(pause).await;
                }
            }
        }
        Ok(known.into_iter().collect())
    }

    /// Those of these days that nothing is known of, in order.
    pub async fn missing(&self, days: impl IntoIterator<Item = Day>) -> Result<Vec<Day>, StoreError> {
        let days: BTreeSet<Day> = days.into_iter().collect();
        let known = self.of(days.iter().copied()).await?;
        Ok(days.into_iter().filter(|day| !known.knows(*day)).collect())
    }

    fn write(&self, rates: &DayRates) -> Result<PutItemFluentBuilder, StoreError> {
        let mut item = document::item(rates, [])?;
        item.extend(key(rates.day));
        Ok(self.client.put_item().table_name(&self.table).set_item(Some(item)))
    }
}

/// The keys of these days, each once, as many at a time as a batch takes.
fn batches(days: impl IntoIterator<Item = Day>) -> Vec<Vec<Item>> {
    let days: Vec<Day> = days.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    days.chunks(BATCH).map(|batch| batch.iter().map(|day| key(*day)).collect()).collect()
}

fn pauses() -> impl Iterator<Item = Duration> {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(20))
        .with_max_delay(Duration::from_millis(500))
        .with_max_times(MAX_ROUNDS - 1)
        .with_jitter()
        .build()
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::Config;

    use super::*;
    use crate::domain::money::Currency;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn a_day_is_one_item_that_reads_back() {
        let config = Config::builder().behavior_version(aws_config::BehaviorVersion::latest());
        let book = RateBook::new(Client::from_conf(config.build()), "settings".to_owned());
        let rates = DayRates {
            day: day("2026-11-22"),
            published_for: Some(day("2026-11-20")),
            rates: [(Currency::parse("USD").unwrap(), "469.31".parse().unwrap())].into(),
        };
        let write = book.write(&rates).unwrap();
        assert_eq!(write.get_table_name().as_deref(), Some("settings"));
        assert_eq!(*write.get_condition_expression(), None, "a later answer takes its place");
        let item = write.get_item().clone().unwrap();
        assert_eq!(item["pk"], AttributeValue::S("rates#2026-11-22".to_owned()));
        let json = r#"{"day":"2026-11-22","published_for":"2026-11-20","rates":{"USD":"469.31"}}"#;
        assert_eq!(item["document"], AttributeValue::S(json.to_owned()));
        assert_eq!(document::read::<DayRates>(&item).unwrap(), rates);
    }

    #[test]
    fn a_batch_holds_a_hundred_keys_and_none_twice() {
        let days = (0..201).map(|after| day("2026-01-01").plus(after));
        let batches = batches(days.clone().chain(days));
        assert_eq!(batches.iter().map(Vec::len).collect::<Vec<_>>(), [100, 100, 1]);
        assert_eq!(batches[0][0]["pk"], AttributeValue::S("rates#2026-01-01".to_owned()));
        assert_eq!(batches[2][0]["pk"], AttributeValue::S("rates#2026-07-20".to_owned()));
        assert_eq!(super::batches([]), Vec::<Vec<Item>>::new());
    }

    #[test]
    fn there_is_a_pause_between_any_two_rounds() {
        assert_eq!(pauses().count() + 1, MAX_ROUNDS);
    }
}
