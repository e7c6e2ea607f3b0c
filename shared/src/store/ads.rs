//! The ads table: accounts, how their pulling stands, the objects in them, and what was spent.
//!
//! | `pk` | `sk` | holds |
//! | --- | --- | --- |
//! | `account` | account id | an account as it was discovered |
//! | `sync` | account id | how its pulling stands: pause, parking, lease, last good pull |
//! | `objects#<account id>` | `<kind>#<id>` | a campaign, ad set or ad; index `by_id` finds it by `object_id` |
//! | `utm_check` | account id | what the last look at its running ads' UTM tags found |
//! | `spend#<account id>` | `day#<day>` | the account's day: totals, rate, and which generation of rows is the day's |
//! | `spend#<account id>` | `rows#<day>#<generation>#<part>` | the day's ads, as one pull wrote them |

mod accounts;
mod batch;
mod days;
mod lease;
mod objects;
mod replace;
mod rows;
pub(super) mod sync;
mod utm_checks;
mod visible;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use futures::{StreamExt, TryStreamExt, stream};

use super::StoreError;
use super::document::{self, Item};
pub use lease::{Lease, Leased};
pub use replace::{Draft, Flip};
pub use rows::DayRows;
pub use visible::Visible;

/// So many accounts are read side by side: a hundred queries at once would wait for one another until they time out.
const ACCOUNTS_AT_ONCE: usize = 16;

/// Reads and writes the ads table.
#[derive(Debug, Clone)]
pub struct Ads {
    client: Client,
    table: String,
}

impl Ads {
    /// Over this table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// The name of the table, for a caller who reads several at once.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The documents of a partition whose sort keys lie between two texts.
    async fn documents<T: serde::de::DeserializeOwned>(
        &self,
        pk: &str,
        from: &str,
        to: &str,
    ) -> Result<Vec<T>, StoreError> {
        self.items(pk, from, to, None).await?.iter().map(document::read).collect()
    }

    /// The items of a partition whose sort keys lie between two texts; only these attributes where some are named.
    async fn items(
        &self,
        pk: &str,
        from: &str,
        to: &str,
        attributes: Option<&str>,
    ) -> Result<Vec<Item>, StoreError> {
        let mut pages = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":pk", text(pk))
            .expression_attribute_values(":from", text(from))
            .expression_attribute_values(":to", text(to))
            .set_projection_expression(attributes.map(str::to_owned))
            .into_paginator()
            .items()
            .send();
        let mut items = vec![];
        while let Some(item) = pages.next().await {
            items.push(item.map_err(|error| StoreError::call(format!("{pk} from {from}"), &error))?);
        }
        Ok(items)
    }

    async fn put(&self, item: Item, doing: &str) -> Result<(), StoreError> {
        let sent = self.client.put_item().table_name(&self.table).set_item(Some(item)).send().await;
        sent.map(drop).map_err(|error| StoreError::call(doing, &error))
    }
}

/// What is read of each of several accounts, in their order.
async fn of_each<T>(
    reads: Vec<impl Future<Output = Result<Vec<T>, StoreError>>>,
) -> Result<Vec<T>, StoreError> {
    let read: Vec<Vec<T>> = stream::iter(reads).buffered(ACCOUNTS_AT_ONCE).try_collect().await?;
    Ok(read.into_iter().flatten().collect())
}

fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

fn key(pk: impl Into<String>, sk: impl Into<String>) -> Item {
    Item::from([("pk".to_owned(), text(pk)), ("sk".to_owned(), text(sk))])
}

fn sort_key(item: &Item) -> &str {
    item.get("sk").and_then(|sk| sk.as_s().ok()).map_or("", String::as_str)
}
