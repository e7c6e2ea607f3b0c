//! Raw hooks, kept for 90 days: what really came, byte for byte.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use chrono::{DateTime, TimeDelta, Utc};

use super::StoreError;

/// An item may hold 400 KB; the rest is for its other attributes.
const PART_BYTES: usize = 350_000;

const KEPT_DAYS: i64 = 90;

/// A body as it came, with the id that ties its events to it.
#[derive(Debug, Clone)]
pub struct RawHook<'a> {
    /// Its id: the same body on the same route is the same raw hook.
    pub id: &'a str,
    /// Its bytes.
    pub body: &'a [u8],
    /// When it came.
    pub received_at: DateTime<Utc>,
}

impl RawHook<'_> {
    /// Whether it fits one item, and so one transaction with its event.
    pub fn is_small(&self) -> bool {
        self.body.len() <= PART_BYTES
    }

    /// The writes that keep it. Writing it again only keeps it longer.
    pub fn writes(&self, table: &str) -> Result<Vec<TransactWriteItem>, StoreError> {
        let parts: Vec<&[u8]> =
            if self.body.is_empty() { vec![&[][..]] } else { self.body.chunks(PART_BYTES).collect() };
        let count = parts.len();
        parts.into_iter().enumerate().map(|(index, part)| self.write(table, index, count, part)).collect()
    }

    fn write(
        &self,
        table: &str,
        index: usize,
        count: usize,
        part: &[u8],
    ) -> Result<TransactWriteItem, StoreError> {
        let expires_at = self.received_at + TimeDelta::days(KEPT_DAYS);
        let (name, content) = content(part);
        let put = Put::builder()
            .table_name(table)
            .item("pk", AttributeValue::S(format!("raw#{}#{index}", self.id)))
            .item("parts", AttributeValue::N(count.to_string()))
            .item(name, content)
            .item("expires_at", AttributeValue::N(expires_at.timestamp().to_string()))
            .build()
            .map_err(|error| StoreError::item(format!("raw hook {}", self.id), &error))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }
}

/// Text where it is text, so that a person can read it in the table; bytes where it is not.
fn content(part: &[u8]) -> (&'static str, AttributeValue) {
    match std::str::from_utf8(part) {
        Ok(text) => ("body", AttributeValue::S(text.to_owned())),
        Err(_) => ("body_bytes", AttributeValue::B(Blob::new(part))),
    }
}

/// Reads what was kept.
#[derive(Debug, Clone)]
pub struct RawHooks {
    client: Client,
    table: String,
}

impl RawHooks {
    /// Over the events table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// A body as it came; nothing once it is no longer kept.
    pub async fn body(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let Some((mut bytes, parts)) = self.part(id, 0).await? else { return Ok(None) };
        for index in 1..parts {
            let Some((part, _)) = self.part(id, index).await? else { return Ok(None) };
            bytes.extend(part);
        }
        Ok(Some(bytes))
    }

    /// The bytes of one part, and how many parts there are.
    async fn part(&self, id: &str, index: usize) -> Result<Option<(Vec<u8>, usize)>, StoreError> {
        let pk = AttributeValue::S(format!("raw#{id}#{index}"));
        let found = self.client.get_item().table_name(&self.table).key("pk", pk).send().await;
        let found = found.map_err(|error| StoreError::call(format!("raw hook {id}"), &error))?;
        let Some(item) = found.item else { return Ok(None) };
        let text = item.get("body").and_then(|body| body.as_s().ok()).map(|text| text.clone().into_bytes());
        let blob = || item.get("body_bytes")?.as_b().ok().map(|blob| blob.clone().into_inner());
        let parts = item.get("parts").and_then(|parts| parts.as_n().ok()?.parse().ok());
        let unreadable = || StoreError::item(format!("raw hook {id}"), &"it is not what we write");
        let bytes = text.or_else(blob).ok_or_else(unreadable)?;
        Ok(Some((bytes, parts.ok_or_else(unreadable)?)))
    }
}

#[cfg(test)]
mod tests {
    use aws_config::BehaviorVersion;
    use aws_sdk_dynamodb::Config;
    use aws_sdk_dynamodb::config::{Credentials, Region};
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use serde_json::{Value, json};

    use super::*;
    use crate::neighbours::stand_in::{json as answer, neighbour_that};

    /// A body of these parts, read back.
    async fn read(parts: Vec<Value>) -> Result<Option<Vec<u8>>, StoreError> {
        let (base, _asked) = neighbour_that(move |seen| {
            let asked: Value = serde_json::from_str(&seen.body).unwrap();
            let key = asked["Key"]["pk"]["S"].as_str().unwrap();
            let index: usize = key.strip_prefix("raw#ab#").unwrap().parse().unwrap();
            answer(200, &parts.get(index).map_or(json!({}), |part| json!({"Item": part})).to_string())
        });
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-central-1"))
            .credentials_provider(Credentials::new("id", "secret", None, None, "test"))
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .endpoint_url(base)
            .build();
        RawHooks::new(Client::from_conf(config), "events".to_owned()).body("ab").await
    }

    #[tokio::test]
    async fn a_body_is_put_together_from_texts_and_bytes() {
        let text = |text: &str, parts: u32| json!({"body": {"S": text}, "parts": {"N": parts.to_string()}});
        assert_eq!(read(vec![text("leads=1", 1)]).await.unwrap().unwrap(), b"leads=1");
        let bytes = json!({"body_bytes": {"B": STANDARD.encode(b"\xff\x00")}, "parts": {"N": "2"}});
        assert_eq!(read(vec![text("a", 2), bytes]).await.unwrap().unwrap(), b"a\xff\x00");
        assert_eq!(read(vec![text("a", 2)]).await.unwrap(), None, "a part is gone");
        assert_eq!(read(vec![]).await.unwrap(), None);
        assert!(read(vec![json!({"parts": {"N": "1"}})]).await.is_err());
    }
}
