//! The audit, in the counters table: `pk` is `audit#<YYYY-MM>` (of UTC), `sk` is `<instant>#<id>`, its document the row.
//!
//! Settings would be its place, but that table has no sort key, and a list by time would need an index there that may tell
//! a moment late what an admin has just done. A row is written on condition that there is none: nothing here changes one or
//! takes one away. Whoever changes something in our store writes the row in the same transaction, by [`Audit::write`].

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};

use super::by_month::{bounds, months};
use super::document::{self, Item};
use super::place::Place;
use super::{StoreError, conditional};
use crate::domain::audit::AuditRow;
use crate::domain::day::Period;

/// So many are read at once for each one wanted where only one person's are.
const READ_PER_FILTERED: usize = 3;

/// A page of rows ends at so many bytes, and with its first row at the earliest: an answer of Lambda may have 6 MB, and a text in
/// it takes up to twice its length.
const MOST_BYTES: usize = 2_500_000;

const IS_NEW: &str = "attribute_not_exists(pk)";

/// The place of a row.
pub fn place(row: &AuditRow) -> Place {
    Place::new(row.at, &row.id)
}

/// Which rows.
#[derive(Debug, Clone)]
pub struct Selection {
    /// Of these days.
    pub period: Period,
    /// Of this person, by id or e-mail; of anybody where none is named.
    pub who: Option<String>,
}

/// Some rows, the newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The rows.
    pub rows: Vec<AuditRow>,
    /// Whether more follow.
    pub has_more: bool,
}

/// Reads and writes the audit.
#[derive(Debug, Clone)]
pub struct Audit {
    client: Client,
    table: String,
}

impl Audit {
    /// Over the counters table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// The write of a row, for the transaction that makes the change.
    pub fn write(&self, row: &AuditRow) -> Result<TransactWriteItem, StoreError> {
        let put =
            Put::builder().table_name(&self.table).set_item(Some(item(row)?)).condition_expression(IS_NEW);
        let put = put.build().map_err(|error| StoreError::item(doing(row), &error))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    /// Writes a row by itself, for a change that is made elsewhere than in our store. Once more is as good as once.
    pub async fn put(&self, row: &AuditRow) -> Result<(), StoreError> {
        let request = self.client.put_item().table_name(&self.table).set_item(Some(item(row)?));
        let sent = request.condition_expression(IS_NEW).send().await;
        conditional::held(sent, || doing(row)).map(drop)
    }

    /// The rows before a place, the newest first: at most `limit` of them, and no more than an answer may hold.
    pub async fn page(
        &self,
        selection: &Selection,
        before: Option<&Place>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        let (mut rows, mut bytes) = (vec![], 0);
        for month in months(selection.period, before) {
            // One more than is shown tells whether there is another page.
            let query = self.query(&month, selection, before, limit.saturating_add(1));
            let mut items = query.into_paginator().items().send();
            while let Some(item) = items.next().await {
                let item = item.map_err(|error| StoreError::call(format!("the audit of {month}"), &error))?;
                let row: AuditRow = document::read(&item)?;
                let is_before = before.is_none_or(|before| place(&row) < *before);
                if !is_before || !selection.who.as_ref().is_none_or(|who| row.who.is(who)) {
                    continue;
                }
                bytes += document::length(&item);
                if rows.len() == limit || !rows.is_empty() && bytes > MOST_BYTES {
                    return Ok(Page { rows, has_more: true });
                }
                rows.push(row);
            }
        }
        Ok(Page { rows, has_more: false })
    }

    fn query(
        &self,
        month: &str,
        selection: &Selection,
        before: Option<&Place>,
        limit: usize,
    ) -> QueryFluentBuilder {
        let (from, end) = bounds(selection.period, before);
        let text = |text: String| AttributeValue::S(text);
        let read_at_once = limit.saturating_mul(if selection.who.is_some() { READ_PER_FILTERED } else { 1 });
        // The place itself is read again, and left out.
        let read_at_once = read_at_once.saturating_add(usize::from(before.is_some()));
        self.client
            .query()
            .table_name(&self.table)
            .scan_index_forward(false)
            .consistent_read(true)
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :end")
            .expression_attribute_values(":pk", text(partition(month)))
            .expression_attribute_values(":from", text(from))
            .expression_attribute_values(":end", text(end))
            .limit(i32::try_from(read_at_once).unwrap_or(i32::MAX))
    }
}

fn doing(row: &AuditRow) -> String {
    format!("audit row {}", row.id)
}

fn partition(month: &str) -> String {
    format!("audit#{month}")
}

fn item(row: &AuditRow) -> Result<Item, StoreError> {
    let place = place(row);
    document::item(row, [("pk", partition(place.month())), ("sk", place.as_str().to_owned())])
}

#[cfg(test)]
#[path = "audit_tests.rs"]
mod tests;
