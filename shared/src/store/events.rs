//! The record of every event: the permanent claim that makes it count once, and what became of it.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem};
use chrono::{DateTime, TimeDelta, Utc};
use futures::stream::{self, StreamExt, TryStreamExt};
use serde::{Deserialize, Serialize};

use super::StoreError;
use super::batch_get::batch_get;
use super::document::{self, Item};
use super::heard_on::HeardOn;
use super::place::instant;
use crate::domain::day::Period;
use crate::domain::event::{Origin, Route};
use crate::domain::ledger::{TIMELESS_WINDOW_SECONDS, Verdict};
use crate::domain::observe::Found;

/// What happened is healed within so many days, or is not listed by the day it happened: the poll looks back over a month, and
/// further only where it has not run for longer.
const HEALED_WITHIN: i64 = 62;

/// What was healed is read in batches of so many, so many of them at once.
const HEALED_BATCH: usize = 100;
const BATCHES: usize = 8;

/// What is kept of an event for ever. No personal data: that stays in the raw hook and goes with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRecord {
    /// Its id.
    pub id: String,
    /// The door it came in by.
    pub route: Route,
    /// Who told of it.
    #[serde(default, skip_serializing_if = "Origin::is_hook")]
    pub origin: Origin,
    /// What was done, as the hook names it.
    pub action: String,
    /// The amoCRM account, where it could be read.
    pub account: Option<u64>,
    /// The lead, where it could be read.
    pub lead_id: Option<u64>,
    /// When it happened.
    pub happened_at: Option<DateTime<Utc>>,
    /// When it reached us.
    pub received_at: DateTime<Utc>,
    /// The raw hook it came in.
    pub raw_id: String,
    /// What could not be read.
    pub problems: Vec<String>,
    /// What it is about that nobody had told, where we found it ourselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub healed: Option<Found>,
    /// When it was taken in, where that was by a replay of its hook and not when the hook came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replayed_at: Option<DateTime<Utc>>,
    /// What became of it.
    #[serde(flatten)]
    pub verdict: Verdict,
}

impl EventRecord {
    /// The write that claims the event. It fails if the event was seen before, and then returns the first record.
    pub fn claim(&self, table: &str) -> Result<TransactWriteItem, StoreError> {
        let doing = || format!("record of event {}", self.id);
        let received_at = instant(self.received_at);
        let mut item =
            document::item(self, [("pk", format!("event#{}", self.id)), ("received_at", received_at)])?;
        let heard_on = HeardOn::of(self).map(|partition| AttributeValue::S(partition.as_str().to_owned()));
        item.extend(heard_on.map(|name| ("heard_on".to_owned(), name)));
        let put = Put::builder()
            .table_name(table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk)")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(|error| StoreError::item(doing(), &error))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    /// The write that claims an event without a time of its own for some minutes against identical ones. `kind` is
    /// what those share. It fails like [`EventRecord::claim`].
    pub fn claim_timeless(&self, table: &str, kind: &str) -> Result<TransactWriteItem, StoreError> {
        let doing = || format!("claim of timeless event {}", self.id);
        let mut item = document::item(&self.verdict, [("pk", format!("timeless#{kind}"))])?;
        let millis = |time: DateTime<Utc>| AttributeValue::N(time.timestamp_millis().to_string());
        let window = TimeDelta::seconds(TIMELESS_WINDOW_SECONDS);

        item.insert("seen_at".to_owned(), millis(self.received_at));
        let put = Put::builder()
            .table_name(table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk) OR seen_at <= :before OR seen_at >= :after")
            .expression_attribute_values(":before", millis(self.received_at - window))
            .expression_attribute_values(":after", millis(self.received_at + window))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(|error| StoreError::item(doing(), &error))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }
}

/// What was healed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Healed {
    /// The newest.
    pub records: Vec<EventRecord>,
    /// Whether there may be more.
    pub more: bool,
}

/// Reads the events table.
#[derive(Debug, Clone)]
pub struct Events {
    client: Client,
    table: String,
}

impl Events {
    /// Over this table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// What was healed in a period, or had happened in it and was healed later; the newest first. So many are looked at, of
    /// those that were healed in it and of the later ones each.
    pub async fn healed(&self, period: Period, most: usize) -> Result<Healed, StoreError> {
        let (from, to) = period.instants();
        let later = to + TimeDelta::days(HEALED_WITHIN);
        let (mut healed, later) =
            tokio::try_join!(self.healed_between(from, to, most), self.healed_between(to, later, most))?;
        let is_asked = |record: &EventRecord| record.happened_at.is_some_and(|at| from <= at && at < to);
        healed.records.extend(later.records.into_iter().filter(is_asked));
        healed.more |= later.more || healed.records.len() > most;
        healed.records.sort_by(|a, b| (b.received_at, &b.id).cmp(&(a.received_at, &a.id)));
        healed.records.truncate(most);
        Ok(healed)
    }

    async fn healed_between(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        most: usize,
    ) -> Result<Healed, StoreError> {
        let doing = "what was healed";
        let text = |time: DateTime<Utc>| AttributeValue::S(instant(time));
        let mut found = self
            .client
            .query()
            .table_name(&self.table)
            .index_name("heard")
            .key_condition_expression("heard_on = :healed AND received_at BETWEEN :from AND :to")
            .expression_attribute_values(":healed", AttributeValue::S(HeardOn::Healed.as_str().to_owned()))
            .expression_attribute_values(":from", text(from))
            .expression_attribute_values(":to", text(to - TimeDelta::milliseconds(1)))
            .scan_index_forward(false)
            .into_paginator()
            .items()
            .send();
        let mut keys: Vec<Item> = vec![];
        while keys.len() <= most
            && let Some(item) = found.try_next().await.map_err(|error| StoreError::call(doing, &error))?
        {
            keys.extend(item.get("pk").map(|pk| Item::from([("pk".to_owned(), pk.clone())])));
        }
        let more = keys.len() > most;
        keys.truncate(most);
        let batches: Vec<Vec<Item>> = keys.chunks(HEALED_BATCH).map(<[Item]>::to_vec).collect();
        let batches = batches.into_iter().map(|keys| batch_get(&self.client, &self.table, keys, doing));
        let items: Vec<Vec<Item>> = stream::iter(batches).buffer_unordered(BATCHES).try_collect().await?;
        let records = items.iter().flatten().map(document::read).collect::<Result<_, _>>()?;
        Ok(Healed { records, more })
    }

    /// When the newest readable hook of any route came; nothing if none ever did.
    pub async fn newest(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let (sales, funnel, traffic) = tokio::try_join!(
            self.newest_of(Route::Sales),
            self.newest_of(Route::Funnel),
            self.newest_of(Route::Traffic)
        )?;
        Ok([sales, funnel, traffic].into_iter().flatten().max())
    }

    async fn newest_of(&self, route: Route) -> Result<Option<DateTime<Utc>>, StoreError> {
        let doing = || format!("newest event of route {}", route.as_str());
        let page = self
            .client
            .query()
            .table_name(&self.table)
            .index_name("heard")
            .key_condition_expression("heard_on = :route")
            .expression_attribute_values(":route", AttributeValue::S(route.as_str().to_owned()))
            .scan_index_forward(false)
            .limit(1)
            .send()
            .await
            .map_err(|error| StoreError::call(doing(), &error))?;
        let received_at = page.items().first().and_then(|item| item.get("received_at"));
        let Some(Ok(text)) = received_at.map(AttributeValue::as_s) else { return Ok(None) };
        text.parse().map(Some).map_err(|error| StoreError::item(doing(), &error))
    }
}

#[cfg(test)]
#[path = "events_tests.rs"]
mod tests;
