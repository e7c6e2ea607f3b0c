//! `GET /api/admin/dead-letters` and `GET /api/admin/dead-letters/{queue}`

use chrono::{DateTime, Utc};
use futures::future::try_join_all;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, RequestExt, Response};
use serde::Serialize;
use shared::edge::caller::Caller;
use shared::edge::dead_letters::{LetterRow, QueueRow, Source};
use shared::edge::errors::ApiError;
use shared::edge::http;
use shared::edge::query::{DEFAULT_LIMIT, Query};
use shared::store::StoreError;
use shared::store::dead_queue::DeadQueue;

/// The oldest message of a queue is looked for among so many: SQS has no order to look in.
const LOOKED_AT_FOR_AGE: usize = 100;

/// Answers with queues and their dead letters.
pub struct DeadLetters {
    /// The queues.
    pub queues: Vec<(Source, DeadQueue)>,
}

#[derive(Serialize)]
struct Queues {
    success: bool,
    items: Vec<QueueRow>,
}

#[derive(Serialize)]
struct Letters {
    success: bool,
    queue: &'static str,
    waiting: u64,
    items: Vec<LetterRow>,
}

impl DeadLetters {
    /// Answers one request.
    pub async fn answer(&self, request: Request, now: DateTime<Utc>) -> Result<Response<Body>, ApiError> {
        Caller::admin(&request)?;
        if request.path_parameters_ref().is_some_and(|path| path.first("queue").is_some()) {
            return self.one(&request).await;
        }
        let rows = self.queues.iter().map(|(source, queue)| row(*source, queue, now));
        http::json(StatusCode::OK, &Queues { success: true, items: try_join_all(rows).await? })
    }

    async fn one(&self, request: &Request) -> Result<Response<Body>, ApiError> {
        let source = Source::of(request)?;
        let limit = Query::of(request).limit()?.unwrap_or(DEFAULT_LIMIT);
        let found = self.queues.iter().find(|(of, _)| *of == source);
        let (_, queue) = found.ok_or(ApiError::Unavailable)?;
        let waiting = queue.waiting().await?;
        let mut letters = queue.look(waiting, limit).await?;
        letters.sort_by_key(|letter| (letter.sent_at, letter.id.clone()));
        let items = letters.iter().map(|letter| LetterRow::of(source, letter)).collect();
        http::json(StatusCode::OK, &Letters { success: true, queue: source.as_str(), waiting, items })
    }
}

async fn row(source: Source, queue: &DeadQueue, now: DateTime<Utc>) -> Result<QueueRow, StoreError> {
    let waiting = queue.waiting().await?;
    let seen = queue.look(waiting, LOOKED_AT_FOR_AGE).await?;
    Ok(QueueRow::of(source, waiting, &seen, now))
}
