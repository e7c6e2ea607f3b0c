//! `POST /api/admin/dead-letters/{queue}/resend`

use chrono::{DateTime, Utc};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use serde::Serialize;
use serde_json::json;
use shared::domain::audit::Action;
use shared::edge::acts::{Act, Acts};
use shared::edge::caller::Caller;
use shared::edge::dead_letters::Source;
use shared::edge::errors::ApiError;
use shared::edge::http;
use shared::store::dead_queue::DeadQueue;

use crate::resend::{Resent, resend};
use crate::wish;

/// Sends dead letters again.
pub struct Resend {
    /// The queues of dead letters, and the address of the queue that each belongs to.
    pub queues: Vec<(Source, DeadQueue, String)>,
    /// Where it is noted.
    pub acts: Acts,
}

#[derive(Serialize)]
struct Answer {
    success: bool,
    queue: &'static str,
    resent: usize,
    failed: u64,
    not_found: Vec<String>,
    waiting: Option<u64>,
}

impl Resend {
    /// Answers one request.
    pub async fn answer(
        &self,
        request: Request,
        now: DateTime<Utc>,
        is_time_up: impl Fn() -> bool,
    ) -> Result<Response<Body>, ApiError> {
        let caller = Caller::admin(&request)?;
        let source = Source::of(&request)?;
        let asked = wish::parse(request.body())?;
        let found = self.queues.iter().find(|(of, _, _)| *of == source);
        let (_, queue, address) = found.ok_or(ApiError::Unavailable)?;
        let Resent { ids, failed } = resend(queue, address, asked.as_ref(), now, is_time_up).await?;
        if !ids.is_empty() || failed > 0 {
            let act = Act {
                action: Action::EventsReplayed,
                subject: format!("dead letters of {}", source.as_str()),
                after: json!({ "ids": ids, "failed": failed }),
                effect: format!("{} sent again", ids.len()),
            };
            self.acts.note(&request, caller, act, now).await?;
        }
        // One that was sent and could not be deleted may be among them.
        if ids.is_empty() && failed > 0 {
            return Err(ApiError::Unavailable);
        }
        // What was done is told, whether or not the rest can be counted.
        let waiting = queue.waiting().await;
        if let Err(error) = &waiting {
            tracing::warn!(error = %error, "a queue of dead letters could not be counted");
        }
        let answer = Answer {
            success: true,
            queue: source.as_str(),
            resent: ids.len(),
            failed,
            not_found: asked.into_iter().flatten().filter(|id| !ids.contains(id)).collect(),
            waiting: waiting.ok(),
        };
        http::json(StatusCode::OK, &answer)
    }
}
