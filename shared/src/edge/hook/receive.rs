//! A hook over HTTP: checked, taken in, and answered so that amoCRM never switches it off for our sake.

use std::time::Duration;

use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, RequestExt, Response};

use super::intake::{Intake, Taken};
use super::results::{HookAnswer, HookResult};
use crate::domain::event::Route;
use crate::domain::ledger::Outcome;
use crate::edge::errors::{ApiError, Detail};
use crate::edge::key::WebhookKeys;
use crate::edge::metrics::HookRecord;
use crate::edge::{clock, http};
use crate::store::StoreError;
use crate::store::hook_queue::{HookQueue, QueuedHook};

/// Real hooks have some kilobytes.
const MAX_BODY: usize = 1024 * 1024;

/// amoCRM waits 2 s. The store gets this much of them,
const STORE_TIME: Duration = Duration::from_millis(1_300);

/// and the queue this much; the rest is for the way.
const QUEUE_TIME: Duration = Duration::from_millis(500);

/// Receives the hooks of one route.
#[derive(Debug, Clone)]
pub struct Receiver {
    /// The route.
    pub route: Route,
    /// The live keys.
    pub keys: WebhookKeys,
    /// Where hooks go.
    pub intake: Intake,
    /// Where they wait if they cannot.
    pub queue: HookQueue,
}

impl Receiver {
    /// Answers one request. What became of the hook goes with the answer, for the metrics.
    pub async fn answer(&self, request: Request) -> Response<Body> {
        let mut record = HookRecord::default();
        let answer = self.receive(&request, &mut record).await;
        let mut response = answer.unwrap_or_else(|error| http::failure(&error, &http::request_id(&request)));
        response.extensions_mut().insert(record);
        response
    }

    async fn receive(&self, request: &Request, record: &mut HookRecord) -> Result<Response<Body>, ApiError> {
        let parameters = request.query_string_parameters_ref();
        let key = parameters.and_then(|parameters| parameters.first("key")).unwrap_or_default();
        if !self.keys.admit(key) {
            record.hooks_rejected = 1;
            return Err(ApiError::Unauthorized("The key is missing or wrong."));
        }
        let bytes: &[u8] = request.body().as_ref();
        if bytes.len() > MAX_BODY {
            return Err(ApiError::PayloadTooLarge("1 MiB"));
        }
        let received_at = clock::now();
        let taken = self.intake.take(self.route, received_at, bytes, STORE_TIME).await;
        if let Some(failure) = taken.failure() {
            tracing::warn!(error = %failure, "the store refused a hook, which goes to the retry queue");
            let hook = QueuedHook::new(self.route, received_at, bytes);
            let queued = tokio::time::timeout(QUEUE_TIME, self.queue.send(&hook)).await;
            if let Err(error) =
                queued.unwrap_or_else(|_| Err(StoreError::OutOfTime { doing: "queueing a hook".into() }))
            {
                tracing::error!(error = %error, "the retry queue refused a hook, which amoCRM has to send again");
                return Err(ApiError::Unavailable);
            }
        }
        match taken {
            Taken::Nothing { problems, kept } => {
                let outcome = kept.map_or(Outcome::Queued, |_| Outcome::Quarantined);
                record.count(outcome);
                Err(ApiError::Validation(
                    problems.into_iter().map(|problem| Detail::new("body", problem)).collect(),
                ))
            }
            Taken::Items(items) => {
                let results = items.into_iter().map(|(item, fate)| {
                    let result = HookResult::of(item, fate);
                    record.count(result.verdict.outcome);
                    result
                });
                let answer = HookAnswer::of(results.collect());
                http::json(StatusCode::OK, &answer)
            }
        }
    }
}
