//! `GET /api/admin/attribution/jobs/{job_id}`

use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, RequestExt, Response};
use serde::Serialize;
use shared::domain::audit::Who;
use shared::domain::day::{Period, almaty_time};
use shared::domain::rule_job::{JobState, Kind, RuleJob};
use shared::edge::caller::Caller;
use shared::edge::errors::ApiError;
use shared::edge::http;
use shared::store::rule_jobs::RuleJobs;

/// Answers admins.
pub struct Progress {
    /// The jobs.
    pub jobs: RuleJobs,
}

#[derive(Serialize)]
struct Answer {
    success: bool,
    job_id: String,
    #[serde(flatten)]
    kind: Kind,
    #[serde(flatten)]
    period: Period,
    state: JobState,
    /// Days that are worked off, of how many.
    days_done: i64,
    days: i64,
    deals_moved: usize,
    leads_moved: usize,
    by: Who,
    requested_at: String,
    finished_at: Option<String>,
    undone_by: Option<String>,
}

impl Progress {
    /// Answers one request.
    pub async fn answer(&self, request: Request) -> Result<Response<Body>, ApiError> {
        const UNKNOWN: ApiError = ApiError::NotFound("There is no such job.");
        Caller::admin(&request)?;
        let id = request.path_parameters_ref().and_then(|path| path.first("job_id"));
        let job = self.jobs.get(id.unwrap_or_default()).await?.ok_or(UNKNOWN)?;
        http::json(StatusCode::OK, &answer(job))
    }
}

fn answer(job: RuleJob) -> Answer {
    let (days_done, days) = job.days();
    Answer {
        success: true,
        job_id: job.job_id,
        kind: job.kind,
        period: job.period,
        state: job.state,
        days_done,
        days,
        deals_moved: job.deals,
        leads_moved: job.leads,
        by: job.by,
        requested_at: almaty_time(job.requested_at),
        finished_at: job.finished_at.map(almaty_time),
        undone_by: job.undone_by,
    }
}
