//! The retry queue: hooks that the store refused when they came.

use std::time::Duration;

use aws_sdk_sqs::Client;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::domain::event::Route;

/// A hook as it waits: all that is needed to take it in as if it came just then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueuedHook {
    /// The door it came in by.
    pub route: Route,
    /// When it came. An event without a time of its own counts from here, not from the retry.
    pub received_at: DateTime<Utc>,
    /// Its body, where that is text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Its body in base64, where it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_base64: Option<String>,
}

impl QueuedHook {
    /// A hook to wait.
    pub fn new(route: Route, received_at: DateTime<Utc>, bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self { route, received_at, body: Some(text.to_owned()), body_base64: None },
            Err(_) => Self { route, received_at, body: None, body_base64: Some(STANDARD.encode(bytes)) },
        }
    }

    /// The body's bytes.
    pub fn bytes(&self) -> Result<Vec<u8>, StoreError> {
        match (&self.body, &self.body_base64) {
            (Some(text), _) => Ok(text.clone().into_bytes()),
            (None, Some(encoded)) => {
                STANDARD.decode(encoded).map_err(|error| StoreError::item("a queued hook", &error))
            }
            (None, None) => Err(StoreError::item("a queued hook", &"it has no body")),
        }
    }
}

/// Sends to the retry queue and puts off what waits in it.
#[derive(Debug, Clone)]
pub struct HookQueue {
    client: Client,
    url: String,
}

impl HookQueue {
    /// Over the queue with this address.
    pub fn new(client: Client, url: String) -> Self {
        Self { client, url }
    }

    /// Keeps a hook for later.
    pub async fn send(&self, hook: &QueuedHook) -> Result<(), StoreError> {
        let doing = "sending a hook to the retry queue";
        let message = serde_json::to_string(hook).map_err(|error| StoreError::item(doing, &error))?;
        let sent = self.client.send_message().queue_url(&self.url).message_body(message).send().await;
        sent.map(drop).map_err(|error| StoreError::call(doing, &error))
    }

    /// Lets a message that failed be seen again after a pause.
    pub async fn put_off(&self, receipt: &str, pause: Duration) -> Result<(), StoreError> {
        let seconds = i32::try_from(pause.as_secs()).unwrap_or(i32::MAX);
        let sent = self
            .client
            .change_message_visibility()
            .queue_url(&self.url)
            .receipt_handle(receipt)
            .visibility_timeout(seconds)
            .send()
            .await;
        sent.map(drop).map_err(|error| StoreError::call("putting off a queued hook", &error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_bytes_survive_the_queue() {
        for bytes in [&b"leads[status][0][id]=1"[..], "имя=да".as_bytes(), b"\xff\xfe\x00", b""] {
            let hook = QueuedHook::new(Route::Funnel, "2026-11-20T05:00:00Z".parse().unwrap(), bytes);
            let read: QueuedHook = serde_json::from_str(&serde_json::to_string(&hook).unwrap()).unwrap();
            assert_eq!((&read, read.bytes().unwrap().as_slice()), (&hook, bytes));
        }
    }
}
