//! How far amoCRM has been read, per account, in the settings table: `pk` is `amocrm#poll#<account>`, `mark` the time since
//! which it is to be read again.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};

use super::document::Item;
use super::place::instant;
use super::{StoreError, conditional};

/// Keeps the marks.
#[derive(Debug, Clone)]
pub struct PollMarks {
    client: Client,
    table: String,
}

impl PollMarks {
    /// Over the settings table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// The mark of an account; nothing where it was never read.
    pub async fn mark(&self, account: u64) -> Result<Option<DateTime<Utc>>, StoreError> {
        let request = self.client.get_item().table_name(&self.table).set_key(Some(key(account)));
        let found = request.consistent_read(true).send().await;
        let found = found.map_err(|error| StoreError::call("how far amoCRM was read", &error))?;
        let mark = found.item.as_ref().and_then(|item| item.get("mark")).and_then(|mark| mark.as_s().ok());
        let unreadable = |error| StoreError::item("how far amoCRM was read", &error);
        mark.map(|text| text.parse::<DateTime<Utc>>().map_err(unreadable)).transpose()
    }

    /// All that changed until then is stored. A mark never goes back: of two polls at once the later one's stays.
    pub async fn advance(&self, account: u64, mark: DateTime<Utc>) -> Result<(), StoreError> {
        let mut item = key(account);
        item.insert("mark".to_owned(), AttributeValue::S(instant(mark)));
        let request = self.client.put_item().table_name(&self.table).set_item(Some(item));
        let request = request
            .condition_expression("attribute_not_exists(pk) OR mark < :mark")
            .expression_attribute_values(":mark", AttributeValue::S(instant(mark)));
        conditional::held(request.send().await, || "how far amoCRM was read".to_owned()).map(drop)
    }
}

fn key(account: u64) -> Item {
    Item::from([("pk".to_owned(), AttributeValue::S(format!("amocrm#poll#{account}")))])
}
