//! One batch of the notifications queue. Each message stands for itself, and they are sent side by side: a provider that
//! does not answer keeps no other waiting.

use std::time::{Duration, SystemTime};

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use futures::{StreamExt, stream};
use shared::edge::clock;
use shared::edge::metrics::{self, OutboxRecord, Record};
use shared::outbox::{Done, Sender};
use shared::store::StoreError;
use shared::store::dead_letters::DeadLetters;
use shared::store::outbox::Due;
use shared::store::queue;

/// A batch is sent at once.
const AT_ONCE: usize = 10;

/// What is begun with less time left might be cut off between the provider's yes and our note.
const TIME_PER_MESSAGE: Duration = Duration::from_secs(15);

/// Works off the notifications queue.
pub struct Worker {
    /// The function's name, for metrics.
    pub function: String,
    /// Who sends.
    pub sender: Sender,
    /// Where queue messages go that name no message.
    pub dead_letters: DeadLetters,
}

impl Worker {
    /// Works off one batch and names the messages that have to come again.
    pub async fn work(&self, batch: SqsEvent, deadline: SystemTime) -> SqsBatchResponse {
        let settling = stream::iter(batch.records).map(|message| self.settle(message, deadline));
        let failed: Vec<Option<BatchItemFailure>> = settling.buffer_unordered(AT_ONCE).collect().await;
        let mut response = SqsBatchResponse::default();
        response.batch_item_failures = failed.into_iter().flatten().collect();
        response
    }

    async fn settle(&self, message: SqsMessage, deadline: SystemTime) -> Option<BatchItemFailure> {
        let id = message.message_id?;
        let mut record = OutboxRecord::default();
        let sent = self.send(message.body.as_deref().unwrap_or_default(), deadline, &mut record).await;
        metrics::write(&self.function, &Record { outbox: Some(record), ..Record::default() }, clock::now());
        let error = sent.err()?;
        tracing::warn!(message.id = %id, error = %error, "a message has to come again");
        let mut failure = BatchItemFailure::default();
        failure.item_identifier = id;
        Some(failure)
    }

    async fn send(
        &self,
        body: &str,
        deadline: SystemTime,
        record: &mut OutboxRecord,
    ) -> Result<(), StoreError> {
        if clock::until(deadline) < TIME_PER_MESSAGE {
            return Err(StoreError::OutOfTime { doing: "starting on a message".to_owned() });
        }
        let due: Due = match queue::read(body) {
            Ok(due) => due,
            Err(problem) => {
                tracing::error!(problem = %problem, "a queue message names no message and was parked");
                return self.dead_letters.park(body, &problem).await;
            }
        };
        match self.sender.send(&due.id).await? {
            Done::Tried(channel, state) => record.count(channel, state),
            Done::Nothing => {}
            Done::Unknown => {
                tracing::error!(notification.id = %due.id, "there is no such message; the order to send it was parked");
                self.dead_letters.park(body, "there is no notification with this id").await?;
            }
        }
        Ok(())
    }
}
