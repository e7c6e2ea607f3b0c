//! One batch of the retry queue. Each message stands for itself: what fails is handed back, the rest is done.

use std::time::{Duration, SystemTime};

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use shared::domain::ledger::Outcome;
use shared::edge::hook::Intake;
use shared::edge::metrics::{HookRecord, Record};
use shared::edge::redelivery::Pauses;
use shared::edge::{clock, metrics};
use shared::store::StoreError;
use shared::store::dead_letters::DeadLetters;
use shared::store::hook_queue::{HookQueue, QueuedHook};

/// One hook may take this long; a batch hands back what it has no time left for.
const TIME_PER_HOOK: Duration = Duration::from_secs(5);

/// What is not begun or not done has to be handed back before the time is up.
const TIME_TO_HAND_BACK: Duration = Duration::from_secs(3);

/// An outage of hours is asked after every quarter of an hour.
const PAUSES: Pauses = Pauses { first: Duration::from_secs(5), longest: Duration::from_secs(900) };

/// Works off the retry queue.
pub struct Worker {
    /// The function's name, for metrics.
    pub function: String,
    /// Where hooks go.
    pub intake: Intake,
    /// Where they come from.
    pub queue: HookQueue,
    /// Where those go that nobody can read.
    pub dead_letters: DeadLetters,
}

impl Worker {
    /// Works off one batch and names the messages that have to come again.
    pub async fn work(&self, batch: SqsEvent, deadline: SystemTime) -> SqsBatchResponse {
        let mut response = SqsBatchResponse::default();
        for message in batch.records {
            let Some(id) = message.message_id.clone() else { continue };
            let mut record = HookRecord::default();
            if let Err(error) = self.settle(&message, deadline, &mut record).await {
                tracing::warn!(message.id = %id, error = %error, "a queued hook has to wait longer");
                record.count(Outcome::Queued);
                self.put_off(&message).await;
                response.batch_item_failures.push(failure(id));
            }
            metrics::write(&self.function, &Record { hook: Some(record), ..Record::default() }, clock::now());
        }
        response
    }

    /// Stores the hook of a message, or parks a message that holds none.
    async fn settle(
        &self,
        message: &SqsMessage,
        deadline: SystemTime,
        record: &mut HookRecord,
    ) -> Result<(), StoreError> {
        if clock::until(deadline) < TIME_PER_HOOK + TIME_TO_HAND_BACK {
            return Err(StoreError::OutOfTime { doing: "starting on a queued hook".to_owned() });
        }
        let text = message.body.as_deref().unwrap_or_default();
        let read = serde_json::from_str(text).map_err(|error| error.to_string());
        let read =
            read.and_then(|hook: QueuedHook| Ok((hook.bytes().map_err(|error| error.to_string())?, hook)));
        match read {
            Ok((bytes, hook)) => self.store(&hook, &bytes, record).await,
            Err(problem) => {
                tracing::error!(problem = %problem, "a queued message holds no hook and was parked");
                record.count(Outcome::Quarantined);
                self.dead_letters.park(text, &problem).await
            }
        }
    }

    async fn store(
        &self,
        hook: &QueuedHook,
        bytes: &[u8],
        record: &mut HookRecord,
    ) -> Result<(), StoreError> {
        let taken = self.intake.take(hook.route, hook.received_at, bytes, TIME_PER_HOOK).await;
        if let Some(failure) = taken.failure() {
            return Err(StoreError::Call { doing: "a queued hook".to_owned(), said: failure.to_string() });
        }
        taken.outcomes().for_each(|outcome| record.count(outcome));
        Ok(())
    }

    /// A message that cannot be put off comes again after the queue's own, longer pause.
    async fn put_off(&self, message: &SqsMessage) {
        let Some(receipt) = &message.receipt_handle else { return };
        if let Err(error) = self.queue.put_off(receipt, PAUSES.after(&message.attributes)).await {
            tracing::warn!(error = %error, "a queued hook could not be put off");
        }
    }
}

fn failure(id: String) -> BatchItemFailure {
    let mut failure = BatchItemFailure::default();
    failure.item_identifier = id;
    failure
}
