//! `GET /api/admin/integrations/diagnostics/last`

use chrono::{DateTime, Utc};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use serde::Serialize;
use serde_json::Value;
use shared::domain::day::almaty_time;
use shared::domain::diagnostics::last_run::LastRun;
use shared::edge::caller::Caller;
use shared::edge::errors::ApiError;
use shared::edge::http;
use shared::store::diagnostics_runs::DiagnosticsRuns;

/// Answers with the last run.
pub struct Last {
    /// Where it is kept.
    pub runs: DiagnosticsRuns,
}

#[derive(Serialize)]
struct Answer {
    success: bool,
    /// Null where there was none.
    ran_at: Option<String>,
    age_seconds: Option<i64>,
    stale: bool,
    /// As it was told then; null where there was none.
    data: Option<Value>,
}

impl Last {
    /// Answers one request. Nothing is checked for it.
    pub async fn answer(&self, request: Request, now: DateTime<Utc>) -> Result<Response<Body>, ApiError> {
        Caller::admin(&request)?;
        http::json(StatusCode::OK, &Answer::new(self.runs.last().await?, now))
    }
}

impl Answer {
    fn new(last: Option<LastRun>, now: DateTime<Utc>) -> Self {
        Self {
            success: true,
            ran_at: last.as_ref().map(|last| almaty_time(last.ran_at)),
            age_seconds: last.as_ref().map(|last| (now - last.ran_at).num_seconds().max(0)),
            stale: last.as_ref().is_none_or(|last| last.is_stale(now)),
            data: last.map(|last| last.report),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use serde_json::json;
    use shared::domain::diagnostics::queues::Since;

    use super::*;

    fn told(last: Option<LastRun>) -> Value {
        serde_json::to_value(Answer::new(last, "2026-11-20T05:00:00Z".parse().unwrap())).unwrap()
    }

    #[test]
    fn a_run_is_told_as_it_was_with_its_age_and_none_as_stale() {
        let report = json!({"overall_status": "ok", "diagnostics": [], "summary": {"total": 0}});
        let ran_at: DateTime<Utc> = "2026-11-20T04:27:00Z".parse().unwrap();
        let run = LastRun { ran_at, dead_letters_since: Since::new(), report: report.clone() };
        let expected = json!({
            "success": true, "ran_at": "2026-11-20T09:27:00+05:00", "age_seconds": 1_980, "stale": false, "data": report,
        });
        assert_eq!(told(Some(run.clone())), expected);
        let missed = LastRun { ran_at: ran_at - TimeDelta::hours(2), ..run };
        assert_eq!(told(Some(missed))["stale"], true);
        let none = json!({"success": true, "ran_at": null, "age_seconds": null, "stale": true, "data": null});
        assert_eq!(told(None), none);
    }
}
