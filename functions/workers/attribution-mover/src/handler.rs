//! One batch of the queue of jobs.

use std::cell::Cell;
use std::time::{Duration, SystemTime};

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use shared::edge::clock;
use shared::edge::metrics::{self, MoveRecord, Record};
use shared::reattribute::{JobMessage, Mover};
use shared::store::StoreError;
use shared::store::dead_letters::DeadLetters;
use shared::store::queue::{self, Queue};

/// Enough for one more day, whichever was begun last.
const FOR_THE_LAST: Duration = Duration::from_secs(120);

/// So many days are worked off for one message; a longer job goes on with the next one.
const DAYS_A_MESSAGE: usize = 31;

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
            let Some(id) = message.message_id else { continue };
            if let Err(error) = self.settle(&message.body.unwrap_or_default(), deadline).await {
                tracing::warn!(message.id = %id, error = %error, "a job of the rules has to go on later");
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
}
