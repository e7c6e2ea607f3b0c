//! The counters table: the funnel by day and team, and the sales by day, team and UTM values.
//!
//! `pk` is `<basis>#<team or unattributed>`, `sk` is `<day>#<shard>`. An item holds, for each product that was sold,
//! `<p>_n` and `<p>_kzt` (count and tenge of active sales) and `<p>_xn` and `<p>_xkzt` (of cancelled ones), where `<p>`
//! is the product's first letter. Short names keep an item near 100 bytes, and a month of a team within two read units.
//!
//! Sales with UTM values are counted a second time, in a partition of their own so that a funnel does not read them:
//! `pk` is `utm#<basis>#<team or unattributed>`, `sk` is `<day>#<hash>#<shard>`. Such an item also holds `utm`, the
//! values as JSON; the hash is theirs.

mod item;
mod utm_days;

use std::collections::BTreeMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;

use super::StoreError;
use super::document::Item;
use crate::domain::counters::{Basis, CounterKey, Tallies};
use crate::domain::day::{Day, Period};
use crate::domain::product::Product;
use crate::domain::team::Owner;
use crate::edge::caller::Scope;

pub use item::{addition, item_key};
pub use utm_days::UtmDay;

/// One team's sales of one day are spread over so many items. More would make writers meet less often and every read
/// dearer; a small school's day already touches nearly all of four.
const SHARDS: u64 = 4;

/// The counters of each owner and day.
pub type Days = BTreeMap<(Owner, Day), Tallies>;

/// The shard that a lead's sales are counted on.
pub fn shard(lead: u64) -> u64 {
    lead % SHARDS
}

/// Reads and mends the counters.
#[derive(Debug, Clone)]
pub struct Counters {
    client: Client,
    table: String,
}

impl Counters {
    /// Over this table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// The counters of a period: one query per owner, whatever the number of sales.
    pub async fn days(&self, basis: Basis, scope: &Scope, period: Period) -> Result<Days, StoreError> {
        let queries = scope.owners().iter().map(async |owner| {
            let items = self.period(item::days_of(basis, owner), period).await?;
            Ok::<_, StoreError>((owner, items))
        });
        let mut days = Days::new();
        for (owner, items) in futures::future::try_join_all(queries).await? {
            for item in &items {
                let tallies = item::tallies(item)?;
                days.entry((owner.clone(), item::day(item)?)).or_default().add(&tallies);
            }
        }
        Ok(days)
    }

    /// What one shard of a counter holds.
    pub async fn held(&self, key: &CounterKey, shard: u64) -> Result<Tallies, StoreError> {
        let (pk, sk) = item::place(key, shard);
        let items = self.between(pk, sk.clone(), sk).await?;
        items.first().map_or_else(|| Ok(Tallies::default()), item::tallies)
    }

    async fn period(&self, partition: String, period: Period) -> Result<Vec<Item>, StoreError> {
        // `~` sorts after every digit and letter.
        self.between(partition, format!("{}#", period.from), format!("{}#~", period.to)).await
    }

    async fn between(&self, partition: String, from: String, to: String) -> Result<Vec<Item>, StoreError> {
        let doing = format!("counters of {partition}");
        let text = |value: String| AttributeValue::S(value);
        let items = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":pk", text(partition))
            .expression_attribute_values(":from", text(from))
            .expression_attribute_values(":to", text(to))
            .into_paginator()
            .items()
            .send();
        items.try_collect().await.map_err(|error| StoreError::call(doing, &error))
    }

    /// Adds tallies to one shard, on condition that it still holds what was read of it.
    pub async fn mend(
        &self,
        key: &CounterKey,
        shard: u64,
        held: &Tallies,
        delta: &Tallies,
    ) -> Result<(), StoreError> {
        let (expression, mut values) = addition(key, delta);
        let mut conditions = vec![];
        for product in Product::ALL {
            for (name, value) in item::names(product).into_iter().zip(item::numbers(&held.of(product))) {
                values.insert(format!(":held_{name}"), AttributeValue::N(value.to_string()));
                let absent =
                    if value == 0 { format!("attribute_not_exists({name}) OR ") } else { String::new() };
                conditions.push(format!("({absent}{name} = :held_{name})"));
            }
        }
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(item_key(key, shard)))
            .update_expression(expression)
            .condition_expression(conditions.join(" AND "))
            .set_expression_attribute_values(Some(values))
            .send()
            .await;
        sent.map(drop)
            .map_err(|error| StoreError::call(format!("mending the counters of {}", key.day), &error))
    }
}
