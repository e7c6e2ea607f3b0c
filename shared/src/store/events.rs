//! The record of every event: the permanent claim that makes it count once, and what became of it.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{StoreError, document};
use crate::domain::event::Route;
use crate::domain::ledger::{Outcome, TIMELESS_WINDOW_SECONDS, Verdict};

/// What is kept of an event for ever. No personal data: that stays in the raw hook and goes with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRecord {
    /// Its id.
    pub id: String,
    /// The door it came in by.
    pub route: Route,
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
        // The index `heard` tells when a source last spoke; what cannot be read says nothing.
        if self.verdict.outcome != Outcome::Quarantined {
            item.insert("heard_on".to_owned(), AttributeValue::S(self.route.as_str().to_owned()));
        }
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
