//! The table itself: what is read of it and added to it is alike, whatever is counted.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem, Update};

use crate::domain::day::{Day, Period};
use crate::store::StoreError;
use crate::store::document::Item;

/// The table and the way to it.
#[derive(Debug, Clone)]
pub struct CounterTable {
    /// The way.
    pub client: Client,
    /// Its name.
    pub name: String,
}

impl CounterTable {
    /// The items of a partition whose day is in a period.
    pub async fn period(&self, partition: String, period: Period) -> Result<Vec<Item>, StoreError> {
        // `~` sorts after every digit and letter.
        self.between(partition, format!("{}#", period.from), format!("{}#~", period.to)).await
    }

    /// The items of a partition from one place to another.
    pub async fn between(
        &self,
        partition: String,
        from: String,
        to: String,
    ) -> Result<Vec<Item>, StoreError> {
        let doing = format!("counters of {partition}");
        let text = |value: String| AttributeValue::S(value);
        let items = self
            .client
            .query()
            .table_name(&self.name)
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":pk", text(partition))
            .expression_attribute_values(":from", text(from))
            .expression_attribute_values(":to", text(to))
            .into_paginator()
            .items()
            .send();
        items.try_collect().await.map_err(|error| StoreError::call(doing, &error))
    }

    /// Adds to one item, on condition that it still holds these figures.
    pub async fn mend(
        &self,
        key: Item,
        (expression, mut values): (String, Item),
        held: impl Iterator<Item = (String, i64)>,
        day: Day,
    ) -> Result<(), StoreError> {
        let mut conditions = vec![];
        for (name, value) in held {
            values.insert(format!(":held_{name}"), AttributeValue::N(value.to_string()));
            let absent = if value == 0 { format!("attribute_not_exists({name}) OR ") } else { String::new() };
            conditions.push(format!("({absent}{name} = :held_{name})"));
        }
        let sent = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(key))
            .update_expression(expression)
            .condition_expression(conditions.join(" AND "))
            .set_expression_attribute_values(Some(values))
            .send()
            .await;
        sent.map(drop).map_err(|error| StoreError::call(format!("mending the counters of {day}"), &error))
    }
}

/// The write of an addition to one item, as a part of a transaction.
pub fn addition_write(
    table: &str,
    key: Item,
    (expression, values): (String, Item),
    day: Day,
) -> Result<TransactWriteItem, StoreError> {
    let update = Update::builder()
        .table_name(table)
        .set_key(Some(key))
        .update_expression(expression)
        .set_expression_attribute_values(Some(values))
        .build();
    update
        .map(|update| TransactWriteItem::builder().update(update).build())
        .map_err(|error| StoreError::item(format!("counters of {day}"), &error))
}
