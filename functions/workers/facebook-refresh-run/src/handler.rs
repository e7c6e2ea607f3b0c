//! One batch of the refresh queue.

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use shared::edge::clock;
use shared::edge::metrics::{self, GraphRecord, Record};
use shared::neighbours::nbk::Nbk;
use shared::store::StoreError;
use shared::store::dead_letters::DeadLetters;
use shared::store::queue::{self, Queue};
use shared::sync::refresh::Refreshes;
use shared::sync::wiring::Source;

/// Begins refreshes.
pub struct Worker {
    /// The function's name, for metrics.
    pub function: String,
    /// Where everything is.
    pub source: Source,
    /// The bank.
    pub bank: Nbk,
    /// Where orders to pull go.
    pub pulls: Queue,
    /// Where messages go that nobody can read.
    pub dead_letters: DeadLetters,
}

impl Worker {
    /// Works off one batch and names the messages that have to come again.
    pub async fn work(&self, batch: SqsEvent) -> SqsBatchResponse {
        let mut response = SqsBatchResponse::default();
        for message in batch.records {
            let Some(id) = message.message_id else { continue };
            match self.settle(&message.body.unwrap_or_default()).await {
                Ok(graph) => {
                    let record = Record { graph: Some(graph), ..Record::default() };
                    metrics::write(&self.function, &record, clock::now());
                }
                Err(error) => {
                    tracing::warn!(message.id = %id, error = %error, "a refresh has to begin again");
                    let mut failure = BatchItemFailure::default();
                    failure.item_identifier = id;
                    response.batch_item_failures.push(failure);
                }
            }
        }
        response
    }

    async fn settle(&self, body: &str) -> Result<GraphRecord, StoreError> {
        match queue::read(body) {
            Ok(order) => {
                let refreshes = Refreshes { source: &self.source, bank: &self.bank, queue: &self.pulls };
                refreshes.begin(&order, clock::now()).await
            }
            Err(problem) => {
                tracing::error!(problem = %problem, "a message holds no refresh and was parked");
                self.dead_letters.park(body, &problem).await.map(|()| GraphRecord::default())
            }
        }
    }
}
