//! An event as admins see it. Of its hook only ids stand here: what people wrote is in the raw body.

use chrono::{DateTime, Utc};
use lambda_http::{Request, RequestExt};
use serde::Serialize;

use super::errors::ApiError;
use super::query::Query;
use crate::domain::day::{Period, almaty_time};
use crate::domain::event::{Origin, Route};
use crate::domain::ledger::{Outcome, Verdict};
use crate::store::event_log::{Logged, Selection};

/// All that can become of an event.
pub const OUTCOMES: [(&str, Outcome); 6] = [
    ("recorded", Outcome::Recorded),
    ("updated", Outcome::Updated),
    ("duplicate", Outcome::Duplicate),
    ("ignored", Outcome::Ignored),
    ("quarantined", Outcome::Quarantined),
    ("queued", Outcome::Queued),
];

/// One row.
#[derive(Debug, Clone, Serialize)]
pub struct EventRow {
    id: String,
    route: Route,
    origin: Origin,
    action: String,
    account: Option<u64>,
    lead_id: Option<u64>,
    happened_at: Option<String>,
    received_at: String,
    problems: Vec<String>,
    #[serde(flatten)]
    verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    replayed_at: Option<String>,
}

impl From<&Logged> for EventRow {
    fn from(logged: &Logged) -> Self {
        let record = &logged.record;
        Self {
            id: record.id.clone(),
            route: record.route,
            origin: record.origin,
            action: record.action.clone(),
            account: record.account,
            lead_id: record.lead_id,
            happened_at: record.happened_at.map(almaty_time),
            received_at: almaty_time(record.received_at),
            problems: record.problems.clone(),
            verdict: record.verdict.clone(),
            replayed_at: logged.replayed_at().map(almaty_time),
        }
    }
}

/// Reads `route`, `outcome`, `from` and `to`. Without days it is all there ever was.
pub fn selection(query: &Query, now: DateTime<Utc>) -> Result<Selection, ApiError> {
    let (from, to) = (query.get("from"), query.get("to"));
    let has_period = from.is_some() || to.is_some();
    Ok(Selection {
        outcome: query.one_of("outcome", &OUTCOMES)?,
        route: query.one_of("route", &Route::ALL.map(|route| (route.as_str(), route)))?,
        period: has_period.then(|| Period::parse(from, to, now)).transpose()?,
        of_hooks: false,
    })
}

/// The event that a path names.
pub fn id_of(request: &Request) -> Result<String, ApiError> {
    let path = request.path_parameters_ref();
    let id = path.and_then(|path| path.first("id")).filter(|id| !id.is_empty() && id.len() <= 200);
    id.map(str::to_owned).ok_or(UNKNOWN)
}

/// What a caller is told who asks for no event.
pub const UNKNOWN: ApiError = ApiError::NotFound("There is no such event.");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::event_log::Replay;

    fn logged(document: serde_json::Value) -> Logged {
        Logged { record: serde_json::from_value(document).unwrap(), replay: None }
    }

    #[test]
    fn a_row_tells_what_became_of_an_event_and_when_it_was_replayed() {
        let sold = logged(serde_json::json!({
            "id": "ab", "route": "funnel", "action": "status", "account": 29_600_001, "lead_id": 7,
            "happened_at": "2026-11-20T05:00:00Z", "received_at": "2026-11-20T05:00:01.250Z", "raw_id": "cd",
            "problems": [], "outcome": "recorded", "sale_id": "29600001-7-express", "team": "muha",
        }));
        let mut unread = logged(serde_json::json!({
            "id": "ef", "route": "sales", "action": "status", "account": null, "lead_id": null,
            "happened_at": null, "received_at": "2026-11-20T05:00:01.250Z", "raw_id": "gh",
            "problems": ["the lead has no id"], "outcome": "quarantined",
        }));
        unread.replay = Some(Replay { at: "2026-11-21T05:00:00Z".parse().unwrap(), results: vec![] });
        insta::assert_json_snapshot!([&sold, &unread].map(EventRow::from));
    }
}
