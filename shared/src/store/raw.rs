//! Raw hooks, kept for 90 days: what really came, byte for byte.

use std::collections::{HashMap, HashSet};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use chrono::{DateTime, TimeDelta, Utc};

use super::StoreError;
use super::batch_get::{batch_get, batch_get_keys};
use super::document::Item;

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

/// A body that is still kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptHook {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// It goes some time after this.
    pub expires_at: Option<DateTime<Utc>>,
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
        Ok(self.hook(id).await?.map(|kept| kept.bytes))
    }

    /// A body as it came, with how long it is kept; nothing once it is not.
    pub async fn hook(&self, id: &str) -> Result<Option<KeptHook>, StoreError> {
        let Some(first) = self.part(id, 0).await? else { return Ok(None) };
        let (mut bytes, expires_at) = (first.bytes, first.expires_at);
        for index in 1..first.parts {
            let Some(part) = self.part(id, index).await? else { return Ok(None) };
            bytes.extend(part.bytes);
        }
        Ok(Some(KeptHook { bytes, expires_at }))
    }

    /// Bodies by their ids; one that is no longer kept is left out. No id may stand there twice.
    pub async fn bodies(&self, ids: &[&str]) -> Result<HashMap<String, Vec<u8>>, StoreError> {
        let doing = "raw hooks";
        let firsts = ids.iter().map(|id| key(id, 0)).collect();
        let mut bodies = HashMap::new();
        for item in batch_get(&self.client, &self.table, firsts, doing).await? {
            let unreadable = || StoreError::item(doing, &"one has another key");
            let pk = item.get("pk").and_then(|pk| pk.as_s().ok()).ok_or_else(unreadable)?;
            let id = pk.strip_prefix("raw#").and_then(|id| id.strip_suffix("#0")).ok_or_else(unreadable)?;
            let part = Part::of(id, &item)?;
            // Hooks of more than one part are rare.
            let body = if part.parts > 1 { self.body(id).await? } else { Some(part.bytes) };
            bodies.extend(body.map(|body| (id.to_owned(), body)));
        }
        Ok(bodies)
    }

    /// Which of these are still kept. No id may stand there twice.
    pub async fn kept(&self, ids: &[&str]) -> Result<HashSet<String>, StoreError> {
        let firsts = ids.iter().map(|id| key(id, 0)).collect();
        let items = batch_get_keys(&self.client, &self.table, firsts, "raw hooks").await?;
        let id = |item: &Item| {
            Some(item.get("pk")?.as_s().ok()?.strip_prefix("raw#")?.strip_suffix("#0")?.to_owned())
        };
        Ok(items.iter().filter_map(id).collect())
    }

    async fn part(&self, id: &str, index: usize) -> Result<Option<Part>, StoreError> {
        let found = self.client.get_item().table_name(&self.table).set_key(Some(key(id, index))).send().await;
        let found = found.map_err(|error| StoreError::call(format!("raw hook {id}"), &error))?;
        found.item.as_ref().map(|item| Part::of(id, item)).transpose()
    }
}

/// One part of a body.
struct Part {
    bytes: Vec<u8>,
    parts: usize,
    expires_at: Option<DateTime<Utc>>,
}

impl Part {
    fn of(id: &str, item: &Item) -> Result<Self, StoreError> {
        let text = item.get("body").and_then(|body| body.as_s().ok()).map(|text| text.clone().into_bytes());
        let blob = || item.get("body_bytes")?.as_b().ok().map(|blob| blob.clone().into_inner());
        let number = |name: &str| item.get(name).and_then(|number| number.as_n().ok());
        let unreadable = || StoreError::item(format!("raw hook {id}"), &"it is not what we write");
        Ok(Self {
            bytes: text.or_else(blob).ok_or_else(unreadable)?,
            parts: number("parts").and_then(|parts| parts.parse().ok()).ok_or_else(unreadable)?,
            expires_at: number("expires_at")
                .and_then(|seconds| DateTime::from_timestamp(seconds.parse().ok()?, 0)),
        })
    }
}

fn key(id: &str, index: usize) -> Item {
    Item::from([("pk".to_owned(), AttributeValue::S(format!("raw#{id}#{index}")))])
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
