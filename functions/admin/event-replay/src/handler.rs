//! `POST /api/admin/events/{id}/replay`

use std::time::Duration;

use chrono::{DateTime, Utc};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use serde_json::json;
use shared::domain::audit::Action;
use shared::edge::acts::{Act, Acts};
use shared::edge::caller::Caller;
use shared::edge::errors::ApiError;
use shared::edge::event_row;
use shared::edge::hook::{HookAnswer, Replayed, Replayer};
use shared::edge::http;
use shared::edge::metrics::HookRecord;

/// A body of thousands of leads takes its time; what is in the store when it is up stays there.
const TIME: Duration = Duration::from_secs(20);

/// Replays one event's hook.
pub struct Replay {
    /// What replays.
    pub replayer: Replayer,
    /// Where it is noted.
    pub acts: Acts,
}

impl Replay {
    /// Answers one request.
    pub async fn answer(&self, request: Request, now: DateTime<Utc>) -> Result<Response<Body>, ApiError> {
        let caller = Caller::admin(&request)?;
        let id = event_row::id_of(&request)?;
        let event = self.replayer.log.get(&id).await?.ok_or(event_row::UNKNOWN)?;
        let results = match self.replayer.replay(&event, now, TIME).await? {
            Replayed::Taken(results) => results,
            Replayed::Gone => {
                return Err(ApiError::Conflict("The hook is no longer kept: raw bodies go after 90 days."));
            }
            Replayed::NoHook => {
                return Err(ApiError::Conflict("No hook told of this event, so there is none to replay."));
            }
        };
        let outcomes: Vec<_> = results.iter().map(|result| result.verdict.outcome).collect();
        let act = Act {
            action: Action::EventsReplayed,
            subject: format!("event {id}"),
            after: json!({ "outcomes": outcomes }),
            effect: "replayed".to_owned(),
        };
        self.acts.note(&request, caller, act, now).await?;
        let mut record = HookRecord::default();
        results.iter().for_each(|result| record.count(result.verdict.outcome));
        let mut response = http::json(StatusCode::OK, &HookAnswer::of(results))?;
        response.extensions_mut().insert(record);
        Ok(response)
    }
}
