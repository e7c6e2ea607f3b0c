//! A queue of JSON messages: orders to pull, refreshes to begin, leads to write, messages to send.

use std::time::Duration;

use aws_sdk_sqs::Client;
use futures::{StreamExt, TryStreamExt, stream};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::StoreError;

/// SQS delays a message by at most so much; a longer wait is several delays.
pub const LONGEST_DELAY: Duration = Duration::from_secs(900);

const AT_ONCE: usize = 10;

/// Reads the body of a message.
pub fn read<T: DeserializeOwned>(body: &str) -> Result<T, String> {
    serde_json::from_str(body).map_err(|error| error.to_string())
}

/// Sends to one queue.
#[derive(Debug, Clone)]
pub struct Queue {
    client: Client,
    url: String,
}

impl Queue {
    /// Over the queue with this address.
    pub fn new(client: Client, url: String) -> Self {
        Self { client, url }
    }

    /// Hands a message on, to be seen after a delay; one longer than [`LONGEST_DELAY`] is cut to that.
    pub async fn send(&self, message: &impl Serialize, delay: Duration) -> Result<(), StoreError> {
        let doing = "sending a message";
        let body = serde_json::to_string(message).map_err(|error| StoreError::item(doing, &error))?;
        let request = self.client.send_message().queue_url(&self.url).message_body(body);
        let sent = request.delay_seconds(seconds(delay.min(LONGEST_DELAY))).send().await;
        sent.map(drop).map_err(|error| StoreError::call(doing, &error))
    }

    /// Lets a message that was received be seen again after a pause, unless it is deleted before.
    pub async fn put_off(&self, receipt: &str, pause: Duration) -> Result<(), StoreError> {
        let request = self.client.change_message_visibility().queue_url(&self.url).receipt_handle(receipt);
        let sent = request.visibility_timeout(seconds(pause)).send().await;
        sent.map(drop).map_err(|error| StoreError::call("putting off a message", &error))
    }

    /// Hands many messages on, each in a call of its own: a call for ten would have to be looked through for those that it
    /// did not take.
    pub async fn send_all<T: Serialize>(&self, messages: &[T]) -> Result<(), StoreError> {
        let sending = stream::iter(messages).map(|message| self.send(message, Duration::ZERO));
        sending.buffer_unordered(AT_ONCE).try_collect().await
    }
}

fn seconds(delay: Duration) -> i32 {
    let up = delay.as_millis().div_ceil(1_000);
    i32::try_from(up).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_is_rounded_up_so_that_nobody_comes_too_early() {
        assert_eq!(seconds(Duration::ZERO), 0);
        assert_eq!(seconds(Duration::from_millis(1)), 1);
        assert_eq!(seconds(Duration::from_millis(2_000)), 2);
        assert_eq!(seconds(Duration::from_secs(19 * 60).min(LONGEST_DELAY)), 900);
    }
}
