//! Sends one message: steps 2 to 6 of the protocol.

use std::time::Duration;

use chrono::TimeDelta;
use uuid::Uuid;

use super::channels::Channels;
use super::compose::Writer;
use crate::domain::notification::{Channel, Delivery, Notification, NotificationState, Tried};
use crate::edge::clock;
use crate::store::StoreError;
use crate::store::outbox::{Claim, Claimed, Due, Lost, Outbox};
use crate::store::queue::{LONGEST_DELAY, Queue};

/// For so long nobody else tries a message that is being tried.
const LEASE: TimeDelta = TimeDelta::seconds(25);

/// What became of a queue's message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// The message was tried: by this channel, and this is what is left of it.
    Tried(Channel, Tried),
    /// There was nothing to try.
    Nothing,
    /// No message has this id.
    Unknown,
}

/// Sends messages.
pub struct Sender {
    /// Where they wait.
    pub outbox: Outbox,
    /// Who writes them.
    pub writer: Writer,
    /// Who takes them.
    pub channels: Channels,
    /// Where what is not due yet goes back to.
    pub queue: Queue,
}

impl Sender {
    /// Sends the message with this id, if it is to be sent now.
    pub async fn send(&self, id: &str) -> Result<Done, StoreError> {
        let now = clock::now();
        let ticket = Uuid::now_v7().to_string();
        match self.outbox.claim(id, ticket, LEASE, now).await? {
            Claimed::Ours { notification, claim } => self.attempt(*notification, &claim).await,
            Claimed::NotDue { due_at } => {
                self.queue
                    .send(&Due { id: id.to_owned() }, (due_at - now).to_std().unwrap_or_default())
                    .await?;
                Ok(Done::Nothing)
            }
            Claimed::Over | Claimed::Leased => Ok(Done::Nothing),
            Claimed::Unknown => Ok(Done::Unknown),
        }
    }

    async fn attempt(&self, notification: Notification, claim: &Claim) -> Result<Done, StoreError> {
        let delivery = self.deliver(&notification, claim).await?;
        tell(&notification, &delivery);
        let now = clock::now();
        let after = notification.after(&delivery, jitter(), now);
        if let Err(Lost) = self.outbox.note(&after, claim).await? {
            tracing::warn!(notification.id = %after.id, "a message took longer than its lease: its result was not noted");
        } else if after.state == NotificationState::Pending {
            let delay = (after.due_at - now).to_std().unwrap_or_default();
            self.come_again(&after, delay).await;
        }
        let tried = Tried { state: after.state, needs_person: delivery.needs_person() };
        Ok(Done::Tried(after.channel, tried))
    }

    /// Step 4. Whatever is no answer of a provider leaves the claim to end by itself.
    async fn deliver(&self, notification: &Notification, claim: &Claim) -> Result<Delivery, StoreError> {
        let letter = match self.writer.write(notification).await? {
            Ok(letter) => letter,
            Err(unsent) => return Ok(unsent),
        };
        self.channels.send(&letter, claim.until()).await
    }

    /// Step 6. The row says it all, so a message that is lost here is found by the sweeper.
    async fn come_again(&self, notification: &Notification, delay: Duration) {
        if delay > LONGEST_DELAY {
            return;
        }
        if let Err(error) = self.queue.send(&Due::of(notification), delay).await {
            tracing::warn!(notification.id = %notification.id, error = %error, "a message waits for the sweeper");
        }
    }
}

/// Says what came of a try, in the words that are stored too.
fn tell(notification: &Notification, delivery: &Delivery) {
    let (id, channel) = (notification.id.as_str(), notification.channel.as_str());
    let attempts = notification.attempts;
    match delivery {
        Delivery::Sent { .. } => {
            tracing::info!(notification.id = id, channel, attempts, "a message was sent");
        }
        Delivery::Never { reason, needs_person: true } => {
            tracing::error!(
                notification.id = id,
                channel,
                attempts,
                reason,
                "a message failed, and a person can help"
            );
        }
        Delivery::Never { reason, .. } => {
            tracing::warn!(notification.id = id, channel, attempts, reason, "a message will not be sent");
        }
        Delivery::At { reason, due_at } => {
            tracing::info!(notification.id = id, channel, reason, due_at = %due_at, "a message waits for its time");
        }
        Delivery::Later { reason, needs_person: true, .. } => {
            tracing::error!(notification.id = id, channel, attempts, reason, "a message waits for a person");
        }
        Delivery::Later { reason, .. } => {
            tracing::warn!(notification.id = id, channel, attempts, reason, "a message is tried again later");
        }
    }
}

/// Any number, another one each time.
fn jitter() -> u32 {
    let bytes = *Uuid::now_v7().as_bytes();
    u32::from_be_bytes([bytes[12], bytes[13], bytes[14], bytes[15]])
}

#[cfg(test)]
#[path = "sender_tests.rs"]
mod tests;
