//! One batch of the queue of jobs.

use std::cell::Cell;
use std::time::{Duration, SystemTime};

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use shared::edge::clock;
use shared::edge::metrics::{self, MoveRecord, Record};
use shared::edge::redelivery::Pauses;
use shared::reattribute::{JobMessage, Mover};
use shared::store::StoreError;
use shared::store::dead_letters::DeadLetters;
use shared::store::queue::{self, Queue};

/// Enough for one more day, whichever was begun last.
const FOR_THE_LAST: Duration = Duration::from_secs(120);

/// So many days are worked off for one message; a longer job goes on with the next one.
const DAYS_A_MESSAGE: usize = 31;

/// What was killed comes again so long after the end of its time.
const AFTER_THE_END: Duration = Duration::from_secs(60);

/// All of them are shorter than a job keeps its place.
const PAUSES: Pauses = Pauses { first: Duration::from_secs(15), longest: Duration::from_secs(300) };

/// Carries jobs out.
pub struct Worker {
    /// The function's name, for metrics.
    pub function: String,
    /// What moves.
    pub mover: Mover,
    /// Where a longer job goes on.
    pub queue: Queue,
    /// Where messages go that nobody can read.
    pub dead_letters: DeadLetters,
}

impl Worker {
    /// Works off one batch and names the messages that have to come again.
    pub async fn work(&self, batch: SqsEvent, deadline: SystemTime) -> SqsBatchResponse {
        let mut response = SqsBatchResponse::default();
        for message in batch.records {
            let Some(id) = message.message_id.clone() else { continue };
            // The queue's own pause is six times as long as the function may take, and the job would lose its place in it.
            self.put_off(&message, clock::until(deadline) + AFTER_THE_END).await;
            if let Err(error) = self.settle(message.body.as_deref().unwrap_or_default(), deadline).await {
                tracing::warn!(message.id = %id, error = %error, "a job of the rules has to go on later");
                self.put_off(&message, PAUSES.after(&message.attributes)).await;
                let mut failure = BatchItemFailure::default();
                failure.item_identifier = id;
                response.batch_item_failures.push(failure);
            }
        }
        response
    }

    async fn settle(&self, body: &str, deadline: SystemTime) -> Result<(), StoreError> {
        let message: JobMessage = match queue::read(body) {
            Ok(message) => message,
            Err(problem) => {
                tracing::error!(problem = %problem, "a message holds no job and was parked");
                return self.dead_letters.park(body, &problem).await;
            }
        };
        let days = Cell::new(0);
        let is_time_up =
            || days.replace(days.get() + 1) >= DAYS_A_MESSAGE || clock::until(deadline) < FOR_THE_LAST;
        let ran = self.mover.run(&message.job_id, is_time_up, clock::now).await?;
        let moves = Some(MoveRecord { deals_moved: ran.deals as u64, leads_moved: ran.leads as u64 });
        metrics::write(&self.function, &Record { moves, ..Record::default() }, clock::now());
        if ran.is_done { Ok(()) } else { self.queue.send(&message, Duration::ZERO).await }
    }

    /// A message that cannot be put off comes again after the queue's own, longer pause.
    async fn put_off(&self, message: &SqsMessage, pause: Duration) {
        let Some(receipt) = &message.receipt_handle else { return };
        if let Err(error) = self.queue.put_off(receipt, pause).await {
            tracing::warn!(error = %error, "a job's message could not be put off");
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::domain::rule_job::PATIENCE;

    use super::*;

    #[test]
    fn a_job_keeps_its_place_over_every_pause() {
        let killed = Duration::from_secs(900) + AFTER_THE_END;
        assert!(killed.max(PAUSES.longest) < PATIENCE.to_std().unwrap());
    }
}
