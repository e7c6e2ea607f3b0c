//! One batch of the pull queue. Each order stands for itself: what fails is handed back, the rest is done.

use std::time::SystemTime;

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use shared::edge::clock;
use shared::edge::metrics::{self, Record};
use shared::store::StoreError;
use shared::store::dead_letters::DeadLetters;
use shared::store::queue::{self, Queue};
use shared::sync::order::{Orders, Worked};
use shared::sync::wiring::Source;

/// Works off the pull queue.
pub struct Worker {
    /// The function's name, for metrics.
    pub function: String,
    /// Where everything is.
    pub source: Source,
    /// Where orders come from, and what is left of them goes.
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
            let mut worked = Worked::default();
            let body = message.body.unwrap_or_default();
            if let Err(error) = self.settle(&body, deadline, &mut worked).await {
                tracing::warn!(message.id = %id, error = %error, "an order to pull has to come again");
                let mut failure = BatchItemFailure::default();
                failure.item_identifier = id;
                response.batch_item_failures.push(failure);
            }
            let record = Record { graph: Some(worked.graph), spend: Some(worked.spend), ..Record::default() };
            metrics::write(&self.function, &record, clock::now());
        }
        response
    }

    async fn settle(&self, body: &str, deadline: SystemTime, worked: &mut Worked) -> Result<(), StoreError> {
        let orders = Orders { source: &self.source, queue: &self.queue, deadline };
        match queue::read(body) {
            Ok(order) => orders.work(order, worked).await,
            Err(problem) => {
                tracing::error!(problem = %problem, "a message holds no order to pull and was parked");
                self.dead_letters.park(body, &problem).await
            }
        }
    }
}
