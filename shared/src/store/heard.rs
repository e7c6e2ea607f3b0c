//! Events in the order in which they were heard, for a job that looks at all of them: the index `heard` and their records.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::StoreError;
use super::batch_get::batch_get;
use super::document::{self, Item};
use super::events::EventRecord;
use super::place;
use crate::domain::day::Period;
use crate::domain::event::Route;

/// So many events are read at once: one batch of records.
const PAGE: i32 = 100;

/// Where to go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeardPlace {
    pk: String,
    received_at: String,
}

/// Reads what was heard.
#[derive(Debug, Clone)]
pub struct Heard {
    client: Client,
    table: String,
}

impl Heard {
    /// Over the events table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// Records of a route's hooks that came in a period, and where to go on if there may be more.
    pub async fn page(
        &self,
        route: Route,
        period: Period,
        after: Option<&HeardPlace>,
    ) -> Result<(Vec<EventRecord>, Option<HeardPlace>), StoreError> {
        let doing = || format!("events of route {}", route.as_str());
        let (from, to) = period.instants();
        let page = self
            .client
            .query()
            .table_name(&self.table)
            .index_name("heard")
            .key_condition_expression("heard_on = :route AND received_at BETWEEN :from AND :to")
            .expression_attribute_values(":route", text(route.as_str()))
            .expression_attribute_values(":from", instant(from))
            .expression_attribute_values(":to", instant(to - TimeDelta::milliseconds(1)))
            .set_exclusive_start_key(after.map(|place| place.key(route)))
            .limit(PAGE)
            .send()
            .await
            .map_err(|error| StoreError::call(doing(), &error))?;
        let key = |item: &Item| Some(Item::from([("pk".to_owned(), item.get("pk")?.clone())]));
        let keys = page.items().iter().filter_map(key).collect();
        let items = batch_get(&self.client, &self.table, keys, "records of events").await?;
        let records = items.iter().map(document::read).collect::<Result<_, _>>()?;
        let next = page.last_evaluated_key().map(|key| {
            HeardPlace::of(key).ok_or_else(|| StoreError::item(doing(), &"the index has another key"))
        });
        Ok((records, next.transpose()?))
    }
}

impl HeardPlace {
    fn of(key: &Item) -> Option<Self> {
        let text = |name: &str| key.get(name)?.as_s().ok().cloned();
        Some(Self { pk: text("pk")?, received_at: text("received_at")? })
    }

    fn key(&self, route: Route) -> Item {
        let attributes =
            [("pk", self.pk.as_str()), ("received_at", &self.received_at), ("heard_on", route.as_str())];
        attributes.map(|(name, value)| (name.to_owned(), text(value))).into()
    }
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn instant(time: DateTime<Utc>) -> AttributeValue {
    AttributeValue::S(place::instant(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_as_the_key_that_it_was() {
        let place =
            HeardPlace { pk: "event#1".to_owned(), received_at: "2026-11-20T06:00:00.000Z".to_owned() };
        let key = place.key(Route::Traffic);
        assert_eq!((key.len(), &key["heard_on"]), (3, &text("traffic")));
        assert_eq!(HeardPlace::of(&key), Some(place));
        assert_eq!(HeardPlace::of(&Item::new()), None);
    }
}
