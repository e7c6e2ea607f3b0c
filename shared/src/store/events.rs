//! The record of every event: the permanent claim that makes it count once, and what became of it.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::StoreError;
use super::batch_get::batch_get;
use super::document::{self, Item};
use crate::domain::day::Period;
use crate::domain::event::{Origin, Route};
use crate::domain::ledger::{Outcome, TIMELESS_WINDOW_SECONDS, Verdict};
use crate::domain::observe::Found;

/// The value of `heard_on` of what we found ourselves.
const HEALED: &str = "healed";

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
    /// What became of it.
    #[serde(flatten)]
    pub verdict: Verdict,
}

impl EventRecord {
    /// The write that claims the event. It fails if the event was seen before, and then returns the first record.
    pub fn claim(&self, table: &str) -> Result<TransactWriteItem, StoreError> {
        let doing = || format!("record of event {}", self.id);
        let received_at = self.received_at.to_rfc3339_opts(SecondsFormat::Millis, true);
        let mut item =
            document::item(self, [("pk", format!("event#{}", self.id)), ("received_at", received_at)])?;
        // The index `heard` tells when a source last spoke, and lists what was healed; what cannot be read says nothing.
        let heard_on = match (self.healed, self.origin) {
            (Some(_), _) => Some(HEALED),
            (None, Origin::Hook) if self.verdict.outcome != Outcome::Quarantined => Some(self.route.as_str()),
            _ => None,
        };
        item.extend(heard_on.map(|name| ("heard_on".to_owned(), AttributeValue::S(name.to_owned()))));
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

    /// What was healed in a time, the newest first, at most so many.
    pub async fn healed(&self, period: Period, limit: i32) -> Result<Vec<EventRecord>, StoreError> {
        let (from, to) = period.instants();
        let instant =
            |time: DateTime<Utc>| AttributeValue::S(time.to_rfc3339_opts(SecondsFormat::Millis, true));
        let page = self
            .client
            .query()
            .table_name(&self.table)
            .index_name("heard")
            .key_condition_expression("heard_on = :healed AND received_at BETWEEN :from AND :to")
            .expression_attribute_values(":healed", AttributeValue::S(HEALED.to_owned()))
            .expression_attribute_values(":from", instant(from))
            .expression_attribute_values(":to", instant(to - TimeDelta::milliseconds(1)))
            .scan_index_forward(false)
            .limit(limit)
            .send()
            .await
            .map_err(|error| StoreError::call("what was healed", &error))?;
        let key = |item: &Item| Some(Item::from([("pk".to_owned(), item.get("pk")?.clone())]));
        let keys = page.items().iter().filter_map(key).collect();
        let items = batch_get(&self.client, &self.table, keys, "what was healed").await?;
        let mut healed: Vec<EventRecord> = items.iter().map(document::read).collect::<Result<_, _>>()?;
        healed.sort_by(|a, b| (b.received_at, &b.id).cmp(&(a.received_at, &a.id)));
        Ok(healed)
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
