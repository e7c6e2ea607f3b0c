//! Reads many items of a table: at most 100 a call, and what a call left out again, with growing pauses.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::KeysAndAttributes;
use backon::{BackoffBuilder, ExponentialBuilder};

use super::StoreError;
use super::document::Item;

const MOST_AT_ONCE: usize = 100;

/// What a batch left out is asked for again so often; past this the table is throttled for good.
const MAX_ROUNDS: usize = 8;

/// The items under these keys, in no order. No key may stand there twice.
pub(super) async fn batch_get(
    client: &Client,
    table: &str,
    keys: Vec<Item>,
    doing: &str,
) -> Result<Vec<Item>, StoreError> {
    let mut items = vec![];
    for batch in keys.chunks(MOST_AT_ONCE) {
        let mut wanted = batch.to_vec();
        let mut pauses = pauses();
        while !wanted.is_empty() {
            let keys = KeysAndAttributes::builder().set_keys(Some(wanted)).consistent_read(true).build();
            let keys = keys.map_err(|error| StoreError::item(doing, &error))?;
            let sent = client.batch_get_item().request_items(table, keys).send().await;
            let read = sent.map_err(|error| StoreError::call(doing, &error))?;
            items.extend(read.responses.unwrap_or_default().into_values().flatten());
            let left = read.unprocessed_keys.unwrap_or_default();
            wanted = left.into_values().flat_map(|keys| keys.keys).collect();
            if !wanted.is_empty() {
                let contended = || StoreError::Contended { doing: doing.to_owned(), attempts: MAX_ROUNDS };
                tokio::time::sleep(pauses.next().ok_or_else(contended)?).await;
            }
        }
    }
    Ok(items)
}

fn pauses() -> impl Iterator<Item = Duration> {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(20))
        .with_max_delay(Duration::from_millis(500))
        .with_max_times(MAX_ROUNDS - 1)
        .with_jitter()
        .build()
}
