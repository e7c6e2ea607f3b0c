//! How far each table of the old databases has been read, in the settings table: `pk` is `old-database#<name>`, its
//! document the statistics and the checkpoint, `version` what a write is conditional on.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;

use super::StoreError;
use super::conditional;
use super::document::{self, Item};
use crate::domain::old::progress::Progress;

/// Somebody else has read on meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outdated;

/// Keeps it.
#[derive(Debug, Clone)]
pub struct OldDatabases {
    client: Client,
    table: String,
}

impl OldDatabases {
    /// Over the settings table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// How far a table has been read; not at all where nobody ever did.
    pub async fn progress(&self, name: &str) -> Result<Progress, StoreError> {
        let request = self.client.get_item().table_name(&self.table).set_key(Some(key(name)));
        let found = request.consistent_read(true).send().await;
        let found = found.map_err(|error| StoreError::call(doing(name), &error))?;
        Ok(found.item.as_ref().map(document::read).transpose()?.unwrap_or_default())
    }

    /// Keeps how far it has been read, on condition that nobody has since it was read, and returns it as it is now.
    pub async fn keep(
        &self,
        name: &str,
        progress: Progress,
    ) -> Result<Result<Progress, Outdated>, StoreError> {
        let read = progress.version;
        let progress = progress.written();
        let mut item = document::item(&progress, [])?;
        item.extend(key(name));
        item.insert("version".to_owned(), AttributeValue::N(progress.version.to_string()));
        let request = self.client.put_item().table_name(&self.table).set_item(Some(item));
        let request = request
            .condition_expression("attribute_not_exists(pk) OR version = :read")
            .expression_attribute_values(":read", AttributeValue::N(read.to_string()));
        let held = conditional::held(request.send().await, || doing(name))?;
        Ok(held.map(|_| progress).ok_or(Outdated))
    }
}

fn key(name: &str) -> Item {
    Item::from([("pk".to_owned(), AttributeValue::S(format!("old-database#{name}")))])
}

fn doing(name: &str) -> String {
    format!("how far the old table {name} is read")
}
