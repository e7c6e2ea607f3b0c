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
use shared::edge::hook::{Came, HookAnswer, HookResult, Replayer};
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
        let Some(came) = Came::with(&event.record) else {
            return Err(ApiError::Conflict("No hook told of this event, so there is none to replay."));
        };
        let Some(bytes) = self.replayer.raws.body(came.raw_id).await? else {
            return Err(ApiError::Conflict("The hook is no longer kept: raw bodies go after 90 days."));
        };
        let replayed = self.replayer.again(&came, &[&event], &bytes, now, TIME).await;
        // What was taken before the store refused the rest stays there.
        self.acts.note(&request, caller, act(&id, replayed.as_deref().ok()), now).await?;
        let results = replayed?;
        let mut record = HookRecord::default();
        results.iter().for_each(|result| record.count(result.verdict.outcome));
        let mut response = http::json(StatusCode::OK, &HookAnswer::of(results))?;
        response.extensions_mut().insert(record);
        Ok(response)
    }
}

fn act(id: &str, results: Option<&[HookResult]>) -> Act {
    let outcomes =
        results.map(|results| results.iter().map(|result| result.verdict.outcome).collect::<Vec<_>>());
    let effect =
        if outcomes.is_some() { "replayed" } else { "the store refused a part of it; replay it again" };
    Act {
        action: Action::EventsReplayed,
        subject: format!("event {id}"),
        after: json!({ "outcomes": outcomes }),
        effect: effect.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_store_refused_in_part_is_noted_as_that() {
        let (whole, part) = (act("e", Some(&[])), act("e", None));
        assert_eq!((whole.effect.as_str(), whole.after), ("replayed", json!({ "outcomes": [] })));
        assert_eq!((part.subject.as_str(), part.after), ("event e", json!({ "outcomes": null })));
        assert!(part.effect.contains("refused"));
    }
}
