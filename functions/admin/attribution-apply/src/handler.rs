//! `POST /api/admin/attribution/apply` and `POST /api/admin/attribution/undo`

use std::time::Duration;

use chrono::{DateTime, Utc};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::domain::audit::{Action, AuditRow, Who};
use shared::domain::day::Period;
use shared::domain::rule_job::{JobState, Kind, RuleJob};
use shared::edge::caller::Caller;
use shared::edge::errors::ApiError;
use shared::edge::http;
use shared::edge::sign_in::Account;
use shared::reattribute::JobMessage;
use shared::store::queue::Queue;
use shared::store::rule_jobs::RuleJobs;

/// Begins jobs for admins.
pub struct Apply {
    /// Who they are.
    pub account: Account,
    /// The jobs.
    pub jobs: RuleJobs,
    /// Where they are carried out from.
    pub queue: Queue,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ApplyWish {
    from: String,
    to: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct UndoWish {
    job_id: String,
}

#[derive(Serialize)]
struct Answer {
    success: bool,
    job_id: String,
}

impl Apply {
    /// Answers one request. `id` is a new one, for the job.
    pub async fn answer(
        &self,
        request: Request,
        id: String,
        now: DateTime<Utc>,
    ) -> Result<Response<Body>, ApiError> {
        let caller = Caller::admin(&request)?;
        let by = Who { id: caller.id, email: self.account.email(&request).await };
        let is_undo = request.uri().path().ends_with("/undo");
        let (job, others) = if is_undo {
            self.undo(request.body(), id, by, now).await?
        } else {
            let wish: ApplyWish = read(request.body(), "must be {from, to}")?;
            let period = Period::parse(Some(&wish.from), Some(&wish.to), now)?;
            (RuleJob::new(id, Kind::Apply, period, by, now), vec![])
        };
        let begun = self.jobs.begin(&job, &others, &row(&job), now).await?;
        begun.map_err(|_| ApiError::Conflict("Another such job runs. Wait until it has ended."))?;
        self.queue.send(&JobMessage { job_id: job.job_id.clone() }, Duration::ZERO).await?;
        http::json(StatusCode::ACCEPTED, &Answer { success: true, job_id: job.job_id })
    }

    async fn undo(
        &self,
        body: &[u8],
        id: String,
        by: Who,
        now: DateTime<Utc>,
    ) -> Result<(RuleJob, Vec<RuleJob>), ApiError> {
        let wish: UndoWish = read(body, "must be {job_id}")?;
        let job = self.jobs.get(&wish.job_id).await?;
        let job = job.ok_or(ApiError::NotFound("There is no such job."))?;
        if job.kind != Kind::Apply {
            return Err(ApiError::Conflict("Only what was applied can be undone."));
        }
        if job.state != JobState::Done {
            return Err(ApiError::Conflict("The job still runs. Wait until it has ended."));
        }
        if job.undone_by.is_some() {
            return Err(ApiError::Conflict("The job was undone already."));
        }
        let undo = RuleJob::new(id.clone(), Kind::Undo { of: job.job_id.clone() }, job.period, by, now);
        Ok((undo, vec![RuleJob { undone_by: Some(id), ..job }]))
    }
}

fn read<T: for<'de> Deserialize<'de>>(body: &[u8], problem: &str) -> Result<T, ApiError> {
    serde_json::from_slice(body).map_err(|_| ApiError::invalid("body", problem))
}

fn row(job: &RuleJob) -> AuditRow {
    let (action, of) = match &job.kind {
        Kind::Apply => (Action::RulesApplied, Value::Null),
        Kind::Undo { of } => (Action::RulesUndone, json!(of)),
    };
    AuditRow {
        id: job.job_id.clone(),
        at: job.requested_at,
        who: job.by.clone(),
        action,
        subject: format!("{} – {}", job.period.from, job.period.to),
        before: Value::Null,
        after: json!({"job_id": job.job_id, "of": of}),
        effect: Some("begun".to_owned()),
    }
}
