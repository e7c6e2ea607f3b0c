//! A queue of dead letters as a person looks into it, and sends from it again.
//!
//! SQS shows a message only by handing it out: for a moment nobody else gets it, and its count of receives grows. What was
//! only looked at is handed back at once; where that fails it is there again when [`HELD`] has passed.

use std::collections::HashSet;
use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName, QueueAttributeName};
use chrono::{DateTime, Utc};
use futures::{StreamExt, stream};

use super::StoreError;

/// What is handed out is nobody else's for so long, unless it is handed back before.
pub const HELD: Duration = Duration::from_secs(20);

/// SQS hands out at most so many at a time.
const AT_ONCE: i32 = 10;

/// Calls about single messages, side by side.
const SIDE_BY_SIDE: usize = 10;

/// A message that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// Its id.
    pub id: String,
    /// What it says. It may hold personal data.
    pub body: String,
    /// Why it was parked, where a worker parked it; SQS itself gives no reason.
    pub reason: Option<String>,
    /// How often it was handed out, looks included.
    pub receives: Option<u32>,
    /// When it was sent; a message that SQS moved here keeps the time at which it was first sent.
    pub sent_at: Option<DateTime<Utc>>,
    receipt: String,
}

impl DeadLetter {
    fn of(message: Message) -> Option<Self> {
        let attributes = message.attributes.unwrap_or_default();
        let attribute = |name| attributes.get(&name).map(String::as_str);
        let receives = attribute(MessageSystemAttributeName::ApproximateReceiveCount);
        let sent_at = attribute(MessageSystemAttributeName::SentTimestamp);
        let reason = message.message_attributes.and_then(|mut told| told.remove("reason"));
        Some(Self {
            id: message.message_id?,
            body: message.body.unwrap_or_default(),
            reason: reason.and_then(|reason| reason.string_value),
            receives: receives.and_then(|text| text.parse().ok()),
            sent_at: sent_at.and_then(|text| DateTime::from_timestamp_millis(text.parse().ok()?)),
            receipt: message.receipt_handle?,
        })
    }
}

/// One queue of dead letters.
#[derive(Debug, Clone)]
pub struct DeadQueue {
    client: Client,
    url: String,
}

impl DeadQueue {
    /// Over the queue with this address.
    pub fn new(client: Client, url: String) -> Self {
        Self { client, url }
    }

    /// About how many messages wait, those included that someone looks at now.
    pub async fn waiting(&self) -> Result<u64, StoreError> {
        const COUNTS: [QueueAttributeName; 2] = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
        ];
        let asked = self.client.get_queue_attributes().queue_url(&self.url);
        let told = asked.set_attribute_names(Some(COUNTS.into())).send().await;
        let told = told.map_err(|error| StoreError::call("counting dead letters", &error))?;
        let counts = told.attributes.unwrap_or_default();
        let count = |name| counts.get(name)?.parse::<u64>().ok();
        Ok(COUNTS.iter().filter_map(count).sum())
    }

    /// At most so many messages, which stay where they are. `waiting` is how many there are.
    pub async fn look(&self, waiting: u64, most: usize) -> Result<Vec<DeadLetter>, StoreError> {
        let most = most.min(usize::try_from(waiting).unwrap_or(usize::MAX));
        let (mut letters, mut known): (Vec<DeadLetter>, HashSet<String>) = (vec![], HashSet::new());
        let mut taken = Ok(());
        while letters.len() < most {
            match self.take(most - letters.len()).await {
                Ok(some) => {
                    let before = letters.len();
                    letters.extend(some.into_iter().filter(|letter| known.insert(letter.id.clone())));
                    if letters.len() == before {
                        break;
                    }
                }
                Err(error) => {
                    taken = Err(error);
                    break;
                }
            }
        }
        self.give_back(&letters).await;
        taken.map(|()| letters)
    }

    /// Hands out some messages, at most so many; none where there are no more. They are held for [`HELD`].
    pub async fn take(&self, most: usize) -> Result<Vec<DeadLetter>, StoreError> {
        let received = self
            .client
            .receive_message()
            .queue_url(&self.url)
            .max_number_of_messages(i32::try_from(most).unwrap_or(AT_ONCE).clamp(1, AT_ONCE))
            .visibility_timeout(i32::try_from(HELD.as_secs()).unwrap_or(i32::MAX))
            // A long poll asks all of SQS; a short one may miss what is there.
            .wait_time_seconds(1)
            .message_attribute_names("reason")
            .message_system_attribute_names(MessageSystemAttributeName::SentTimestamp)
            .message_system_attribute_names(MessageSystemAttributeName::ApproximateReceiveCount)
            .send()
            .await
            .map_err(|error| StoreError::call("reading dead letters", &error))?;
        Ok(received.messages.unwrap_or_default().into_iter().filter_map(DeadLetter::of).collect())
    }

    /// Lets others see messages again that were only looked at.
    pub async fn give_back(&self, letters: &[DeadLetter]) {
        let giving: Vec<_> = letters.iter().map(|letter| self.give_one_back(&letter.receipt)).collect();
        let given: Vec<_> = stream::iter(giving).buffer_unordered(SIDE_BY_SIDE).collect().await;
        if let Some(error) = given.into_iter().find_map(Result::err) {
            tracing::warn!(error = %error, "a dead letter that was looked at is seen again only in a moment");
        }
    }

    async fn give_one_back(&self, receipt: &str) -> Result<(), StoreError> {
        let request = self.client.change_message_visibility().queue_url(&self.url);
        let given = request.receipt_handle(receipt).visibility_timeout(0).send().await;
        given.map(drop).map_err(|error| StoreError::call("handing back a dead letter", &error))
    }

    /// Sends a message to the queue that it came from, then deletes it here. Killed in between it is in both: who takes it
    /// in takes it in once, as after any redelivery.
    pub async fn send_again(&self, letter: &DeadLetter, source: &str) -> Result<(), StoreError> {
        let sending = self.client.send_message().queue_url(source).message_body(&letter.body);
        let sent = sending.send().await;
        sent.map_err(|error| StoreError::call("sending a dead letter again", &error))?;
        let deleting = self.client.delete_message().queue_url(&self.url).receipt_handle(&letter.receipt);
        let deleted = deleting.send().await;
        deleted
            .map(drop)
            .map_err(|error| StoreError::call("deleting a dead letter that was sent again", &error))
    }
}

#[cfg(test)]
#[path = "dead_queue_tests.rs"]
mod tests;
