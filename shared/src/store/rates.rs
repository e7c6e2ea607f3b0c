//! Exchange rates in the settings table, one item for each day: `pk` is `rates#<YYYY-MM-DD>`.
//!
//! A day that the bank had no rates for has an item too, so that nobody asks about it again. Whether an answer about a
//! day is final is for the caller to know before it is put.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;

use super::StoreError;
use super::batch_get::batch_get;
use super::document::{self, Item};
use crate::domain::day::Day;
use crate::domain::rates::{DayRates, Rates};

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
        let days: BTreeSet<Day> = days.into_iter().collect();
        let keys = days.into_iter().map(key).collect();
        let items = batch_get(&self.client, &self.table, keys, "reading rates").await?;
        items.iter().map(document::read::<DayRates>).collect()
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
}
