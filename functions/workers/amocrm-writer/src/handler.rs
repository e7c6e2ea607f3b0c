//! One batch of the amoCRM writer's queue. Each job stands for itself: what fails is handed back, the rest is done.

use std::time::SystemTime;

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use shared::edge::clock;
use shared::edge::metrics::{self, CrmRecord, Record};
use shared::store::StoreError;
use shared::store::dead_letters::DeadLetters;
use shared::store::leads::JobMessage;
use shared::store::queue;
use shared::sync::crm::wiring::Source;
use shared::sync::crm::writer::{Worked, Writer};

/// Works off the queue.
pub struct Worker {
    /// The function's name, for metrics.
    pub function: String,
    /// Where everything is.
    pub source: Source,
    /// Where messages go that mean nothing.
    pub dead_letters: DeadLetters,
}

impl Worker {
    /// Works off one batch and names the messages that have to come again.
    pub async fn work(&self, batch: SqsEvent, deadline: SystemTime) -> SqsBatchResponse {
        let mut response = SqsBatchResponse::default();
        for message in batch.records {
            let Some(id) = message.message_id else { continue };
            let mut record = CrmRecord::default();
            let body = message.body.unwrap_or_default();
            if let Err(error) = self.settle(&body, deadline, &mut record).await {
                tracing::warn!(message.id = %id, error = %error, "a job for amoCRM has to come again");
                let mut failure = BatchItemFailure::default();
                failure.item_identifier = id;
                response.batch_item_failures.push(failure);
            }
            metrics::write(&self.function, &Record { crm: Some(record), ..Record::default() }, clock::now());
        }
        response
    }

    async fn settle(
        &self,
        body: &str,
        deadline: SystemTime,
        record: &mut CrmRecord,
    ) -> Result<(), StoreError> {
        let writer = Writer { source: &self.source, deadline };
        let problem = match queue::read(body) {
            Ok(JobMessage::Probe { .. }) => return writer.probe(record).await,
            Ok(JobMessage::Lead { lead_id, again }) => {
                let worked = match again {
                    true => writer.again(&lead_id, record).await?,
                    false => writer.lead(&lead_id, record).await?,
                };
                match worked {
                    Worked::Done => return Ok(()),
                    Worked::NoSuchLead => format!("there is no lead {lead_id}"),
                }
            }
            Err(problem) => problem,
        };
        tracing::error!(problem = %problem, "a message holds no job for amoCRM and was parked");
        self.dead_letters.park(body, &problem).await
    }
}
