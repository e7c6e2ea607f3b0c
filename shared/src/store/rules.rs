//! The rules that decide about money: two sections of the settings, every version of them, and which are in force.
//!
//! | `pk` (settings table) | holds |
//! | --- | --- |
//! | `settings#teams`, `settings#products` | the section in force, `{version, value}` |
//! | `settings#<section>#<version>` | that version, for ever: deals stand by it |
//! | `rules#<shard>` | which versions are in force: what every transaction of the ledger checks |
//!
//! Functions keep the rules that they know. That these are still in force is a condition of the very transaction that is decided
//! by them, so no event is ever decided by rules that were replaced before it, and none waits for a read. The condition stands
//! on one of several items, by the deal, so that hooks of different deals do not meet on it.
//!
//! Nobody has changed anything: then there is none of these items, and the defaults are in force.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Put, TransactWriteItem};
use futures::FutureExt;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::StoreError;
use super::batch_get::batch_get;
use super::document::{self, Item};
use crate::domain::rulebook::{Page, Rulebook};
use crate::domain::rules::{Products, Rules, RulesVersion, Teams};

/// Far more than the counters of a day have, which the same transactions write.
const SHARDS: u64 = 32;

/// Reads the rules.
#[derive(Debug, Clone)]
pub struct RuleBooks {
    client: Client,
    table: String,
    known: Arc<Mutex<Option<Arc<Rulebook>>>>,
}

/// A section as it is stored.
#[derive(Deserialize)]
struct Stored<T> {
    version: u64,
    value: T,
}

impl RuleBooks {
    /// Over the settings table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table, known: Arc::default() }
    }

    /// The rules as they were when they were last read: for a transaction that checks them.
    pub async fn known(&self) -> Result<Arc<Rulebook>, StoreError> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match known {
            Some(known) => Ok(known),
            None => self.fresh().await,
        }
    }

    /// The rules in force.
    pub async fn fresh(&self) -> Result<Arc<Rulebook>, StoreError> {
        let keys = [key(Teams::SECTION), key(Products::SECTION)];
        let items = self.items(keys.to_vec()).await?;
        let (teams_version, teams) = section(&items, Teams::SECTION)?;
        let (products_version, products) = section(&items, Products::SECTION)?;
        let version = RulesVersion { teams: teams_version, products: products_version };
        let now = Rules { version, teams, products };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let book =
            Arc::new(known.as_ref().map_or_else(|| now.clone().into(), |book| book.with_now(now.clone())));
        *known = Some(Arc::clone(&book));
        Ok(book)
    }

    /// The book with the rules of these versions in it.
    pub async fn with(
        &self,
        book: Arc<Rulebook>,
        versions: impl IntoIterator<Item = RulesVersion>,
    ) -> Result<Arc<Rulebook>, StoreError> {
        let missing = book.missing(versions);
        if missing.is_empty() {
            return Ok(book);
        }
        let items = self.items(missing.iter().map(|page| page_key(*page)).collect()).await?;
        let mut book = Rulebook::clone(&book);
        for page in missing {
            let gone = || StoreError::item(page_name(page), &"this version is not kept");
            let item = items.iter().find(|item| is_at(item, &page_name(page))).ok_or_else(gone)?;
            match page {
                Page::Teams(version) => book.add_teams(version, read::<Teams>(item, page)?),
                Page::Products(version) => book.add_products(version, read::<Products>(item, page)?),
            }
        }
        let book = Arc::new(book);
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&book));
        Ok(book)
    }

    /// The rules of one version.
    pub async fn at(&self, version: RulesVersion) -> Result<Rules, StoreError> {
        let book = self.with(self.known().await?, [version]).await?;
        book.at(version).ok_or_else(|| StoreError::item("the rules", &"this version is not kept"))
    }

    async fn items(&self, keys: Vec<Item>) -> Result<Vec<Item>, StoreError> {
        // Boxed: rules are read from deep within, and further down is the whole of the SDK.
        batch_get(&self.client, &self.table, keys, "the rules").boxed().await
    }

    /// The condition that these are the rules in force, for a transaction that they decide. It fails without returning
    /// anything: the rules are then to be read anew.
    pub fn check(&self, version: RulesVersion, lead: u64) -> Result<TransactWriteItem, StoreError> {
        let check = ConditionCheck::builder().table_name(&self.table).set_key(Some(shard_key(lead % SHARDS)));
        let check = if version.is_default() {
            check.condition_expression("attribute_not_exists(pk)")
        } else {
            check
                .condition_expression("teams = :teams AND products = :products")
                .expression_attribute_values(":teams", number(version.teams))
                .expression_attribute_values(":products", number(version.products))
        };
        let check = check.build().map_err(|error| StoreError::item("checking the rules", &error))?;
        Ok(TransactWriteItem::builder().condition_check(check).build())
    }
}

/// The writes that put these versions in force, for the transaction that stores them.
pub fn in_force(table: &str, version: RulesVersion) -> Result<Vec<TransactWriteItem>, StoreError> {
    (0..SHARDS)
        .map(|shard| {
            let mut item = shard_key(shard);
            item.insert("teams".to_owned(), number(version.teams));
            item.insert("products".to_owned(), number(version.products));
            let put = Put::builder().table_name(table).set_item(Some(item)).build();
            put.map(|put| TransactWriteItem::builder().put(put).build())
                .map_err(|error| StoreError::item("putting rules in force", &error))
        })
        .collect()
}

/// The key of a version that is kept for ever.
pub fn version_key(section: &str, version: u64) -> Item {
    of(format!("settings#{section}#{version}"))
}

fn section<T: Default + DeserializeOwned>(items: &[Item], name: &str) -> Result<(u64, T), StoreError> {
    let item = items.iter().find(|item| is_at(item, &format!("settings#{name}")));
    let stored = item.map(document::read::<Stored<T>>).transpose();
    let stored = stored.map_err(|error| StoreError::item(format!("settings {name}"), &error))?;
    Ok(stored.map_or_else(|| (0, T::default()), |stored| (stored.version, stored.value)))
}

fn read<T: DeserializeOwned>(item: &Item, page: Page) -> Result<T, StoreError> {
    let stored: Result<Stored<T>, _> = document::read(item);
    stored.map(|stored| stored.value).map_err(|error| StoreError::item(page_name(page), &error))
}

fn page_name(page: Page) -> String {
    match page {
        Page::Teams(version) => format!("settings#{}#{version}", Teams::SECTION),
        Page::Products(version) => format!("settings#{}#{version}", Products::SECTION),
    }
}

fn page_key(page: Page) -> Item {
    of(page_name(page))
}

fn key(section: &str) -> Item {
    of(format!("settings#{section}"))
}

fn shard_key(shard: u64) -> Item {
    of(format!("rules#{shard}"))
}

fn of(pk: String) -> Item {
    Item::from([("pk".to_owned(), AttributeValue::S(pk))])
}

fn is_at(item: &Item, pk: &str) -> bool {
    item.get("pk").and_then(|value| value.as_s().ok()).is_some_and(|value| value == pk)
}

fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}
