//! Reads many items by their keys: at most 100 a call, and what a call left out again, with growing pauses.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::KeysAndAttributes;
use backon::{BackoffBuilder, ExponentialBuilder};

use super::StoreError;
use super::document::Item;

const MOST_AT_ONCE: usize = 100;

/// What a batch left out is asked for again so often; past this a table is throttled for good.
const MAX_ROUNDS: usize = 8;

/// The items of one table under these keys, in no order. No key may stand there twice.
pub(super) async fn batch_get(
    client: &Client,
    table: &str,
    keys: Vec<Item>,
    doing: &str,
) -> Result<Vec<Item>, StoreError> {
    let mut items = vec![];
    for batch in keys.chunks(MOST_AT_ONCE) {
        let mut read = batch_get_of_tables(client, [(table.to_owned(), batch.to_vec())], doing).await?;
        items.extend(read.remove(table).unwrap_or_default());
    }
    Ok(items)
}

/// Which of these keys there is an item under: of each its key alone.
pub(super) async fn batch_get_keys(
    client: &Client,
    table: &str,
    keys: Vec<Item>,
    doing: &str,
) -> Result<Vec<Item>, StoreError> {
    let mut items = vec![];
    for batch in keys.chunks(MOST_AT_ONCE) {
        let keys = KeysAndAttributes::builder().set_keys(Some(batch.to_vec())).projection_expression("pk");
        let keys = keys.consistent_read(true).build().map_err(|error| StoreError::item(doing, &error))?;
        let mut read = wholly(client, HashMap::from([(table.to_owned(), keys)]), doing).await?;
        items.extend(read.remove(table).unwrap_or_default());
    }
    Ok(items)
}

/// The items of several tables, by table; of all of them together no more than 100 keys.
pub(super) async fn batch_get_of_tables(
    client: &Client,
    keys: impl IntoIterator<Item = (String, Vec<Item>)>,
    doing: &str,
) -> Result<HashMap<String, Vec<Item>>, StoreError> {
    let mut wanted = HashMap::new();
    for (table, keys) in keys {
        let keys = KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(true).build();
        wanted.insert(table, keys.map_err(|error| StoreError::item(doing, &error))?);
    }
    wholly(client, wanted, doing).await
}

async fn wholly(
    client: &Client,
    mut wanted: HashMap<String, KeysAndAttributes>,
    doing: &str,
) -> Result<HashMap<String, Vec<Item>>, StoreError> {
    let mut items: HashMap<String, Vec<Item>> = HashMap::new();
    let mut pauses = pauses();
    loop {
        let sent = client.batch_get_item().set_request_items(Some(wanted)).send().await;
        let read = sent.map_err(|error| StoreError::call(doing, &error))?;
        for (table, read) in read.responses.unwrap_or_default() {
            items.entry(table).or_default().extend(read);
        }
        wanted = read.unprocessed_keys.unwrap_or_default();
        if wanted.is_empty() {
            return Ok(items);
        }
        let contended = || StoreError::Contended { doing: doing.to_owned(), attempts: MAX_ROUNDS };
        tokio::time::sleep(pauses.next().ok_or_else(contended)?).await;
    }
}

fn pauses() -> impl Iterator<Item = Duration> {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(20))
        .with_max_delay(Duration::from_millis(500))
        .with_max_times(MAX_ROUNDS - 1)
        .with_jitter()
        .build()
}
