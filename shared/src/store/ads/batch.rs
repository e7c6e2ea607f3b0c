//! Writes many items: at most 25 a call, and what was not processed again, with growing pauses.

use std::time::Duration;

use aws_sdk_dynamodb::types::{DeleteRequest, PutRequest, WriteRequest};
use backon::{BackoffBuilder, ExponentialBuilder};

use super::{Ads, Item};
use crate::store::StoreError;

const MOST_AT_ONCE: usize = 25;

/// Throttling that lasts longer is for the queue to wait out.
const MOST_TRIES: usize = 8;

impl Ads {
    pub(super) async fn put_all(&self, items: Vec<Item>, doing: &str) -> Result<(), StoreError> {
        let mut requests = Vec::with_capacity(items.len());
        for item in items {
            let put = PutRequest::builder().set_item(Some(item)).build();
            let put = put.map_err(|error| StoreError::item(doing, &error))?;
            requests.push(WriteRequest::builder().put_request(put).build());
        }
        self.write_all(requests, doing).await
    }

    pub(super) async fn delete_all(&self, keys: Vec<Item>, doing: &str) -> Result<(), StoreError> {
        let mut requests = Vec::with_capacity(keys.len());
        for key in keys {
            let delete = DeleteRequest::builder().set_key(Some(key)).build();
            let delete = delete.map_err(|error| StoreError::item(doing, &error))?;
            requests.push(WriteRequest::builder().delete_request(delete).build());
        }
        self.write_all(requests, doing).await
    }

    async fn write_all(&self, requests: Vec<WriteRequest>, doing: &str) -> Result<(), StoreError> {
        for batch in requests.chunks(MOST_AT_ONCE) {
            self.write_batch(batch.to_vec(), doing).await?;
        }
        Ok(())
    }

    async fn write_batch(&self, mut left: Vec<WriteRequest>, doing: &str) -> Result<(), StoreError> {
        let mut pauses = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(20))
            .with_max_delay(Duration::from_secs(1))
            .without_max_times()
            .with_jitter()
            .build();
        for _ in 0..MOST_TRIES {
            let sent = self.client.batch_write_item().request_items(&self.table, left).send().await;
            let written = sent.map_err(|error| StoreError::call(doing, &error))?;
            left = written.unprocessed_items.unwrap_or_default().into_values().flatten().collect();
            if left.is_empty() {
                return Ok(());
            }
            tokio::time::sleep(pauses.next().unwrap_or_default()).await;
        }
        Err(StoreError::Contended { doing: doing.to_owned(), attempts: MOST_TRIES })
    }
}
