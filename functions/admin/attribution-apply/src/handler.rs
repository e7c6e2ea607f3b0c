//! `POST /api/admin/attribution/apply` and `POST /api/admin/attribution/undo`

use std::time::Duration;

use chrono::{DateTime, Utc};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::domain::audit::{Action, AuditRow, Who};
use shared::domain::day::Period;
use shared::domain::rule_job::{Kind, RuleJob};
use shared::edge::caller::Caller;
use shared::edge::errors::ApiError;
use shared::edge::http;
use shared::edge::sign_in::Account;
use shared::reattribute::JobMessage;
use shared::store::queue::Queue;
use shared::store::rule_jobs::{AppliedRead, RuleJobs};
use shared::store::rules::RuleBooks;

/// How often an order is looked at before it is told that another job runs.
const LOOKS: usize = 2;

/// Begins jobs for admins.
pub struct Apply {
    /// Who they are.
    pub account: Account,
    /// The rules in force, which a job keeps to.
    pub rules: RuleBooks,
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

/// What is to be done.
enum Order {
    /// A job begins.
    New {
        /// The job.
        job: RuleJob,
        /// The one that it takes back.
        undone: Option<RuleJob>,
    },
    /// The same was asked for before and is not done: perhaps the queue was never told.
    Again(RuleJob),
}

impl Apply {
    /// Answers one request. `id` is a new one, for the job.
    pub async fn answer(
        &self,
        request: Request,
        id: String,
        now: DateTime<Utc>,
    ) -> Result<Response<Body>, ApiError> {
        const BUSY: ApiError = ApiError::Conflict("Another such job runs. Wait until it has ended.");
        let caller = Caller::admin(&request)?;
        let by = Who { id: caller.id, email: self.account.email(&request).await };
        let is_undo = request.uri().path().ends_with("/undo");
        // What was read may have gone on before it was written: then it is looked at once more.
        for _ in 0..LOOKS {
            let (id, by) = (id.clone(), by.clone());
            let order = if is_undo {
                self.undo(request.body(), id, by, now).await?
            } else {
                self.apply(request.body(), id, by, now).await?
            };
            let (begun, job) = match order {
                Order::New { job, undone } => {
                    let applied = self.in_order(undone.as_ref()).await?;
                    (self.jobs.begin(&job, undone.as_ref(), applied, &row(&job), now).await?, job)
                }
                Order::Again(job) => (self.jobs.again(&job, now).await?, job),
            };
            if begun.is_ok() {
                self.queue.send(&JobMessage { job_id: job.job_id.clone() }, Duration::ZERO).await?;
                return http::json(StatusCode::ACCEPTED, &Answer { success: true, job_id: job.job_id });
            }
        }
        Err(BUSY)
    }

    async fn apply(&self, body: &[u8], id: String, by: Who, now: DateTime<Utc>) -> Result<Order, ApiError> {
        let wish: ApplyWish = read(body, "must be {from, to}")?;
        let period = Period::parse(Some(&wish.from), Some(&wish.to), now)?;
        let rules = self.rules.fresh().await?.now().version;
        let job = RuleJob::new(id, Kind::Apply { rules }, period, by, now);
        let last = match self.jobs.current().await? {
            Some(current) => self.jobs.get(&current.job_id).await?,
            None => None,
        };
        let again = last.filter(|last| last.is_open() && last.is_same_order(&job));
        Ok(again.map_or(Order::New { job, undone: None }, Order::Again))
    }

    async fn undo(&self, body: &[u8], id: String, by: Who, now: DateTime<Utc>) -> Result<Order, ApiError> {
        let wish: UndoWish = read(body, "must be {job_id}")?;
        let job = self.jobs.get(&wish.job_id).await?;
        let job = job.ok_or(ApiError::NotFound("There is no such job."))?;
        if !matches!(job.kind, Kind::Apply { .. }) {
            return Err(ApiError::Conflict("Only what was applied can be undone."));
        }
        if let Some(undo) = &job.undone_by {
            let undo = self.jobs.get(undo).await?.filter(RuleJob::is_open);
            return undo.map(Order::Again).ok_or(ApiError::Conflict("The job was undone already."));
        }
        let current = self.jobs.current().await?;
        let is_running = current.is_some_and(|current| current.is_running(&job.job_id, now));
        if job.is_open() && is_running {
            return Err(ApiError::Conflict("The job still runs. Wait until it has ended."));
        }
        let undo = RuleJob::new(id, Kind::Undo { of: job.job_id.clone() }, job.period, by, now);
        Ok(Order::New { job: undo, undone: Some(job) })
    }

    /// The jobs that were not taken back, where this one may be now: what was moved last is moved back first.
    async fn in_order(&self, undone: Option<&RuleJob>) -> Result<AppliedRead, ApiError> {
        let applied = self.jobs.applied().await?;
        match undone.and_then(|undone| applied.jobs.over(undone)) {
            Some(over) => Err(ApiError::InTheWay(format!(
                "The job {} was applied to some of these days later. Undo that one first.",
                over.job_id
            ))),
            None => Ok(applied),
        }
    }
}

fn read<T: for<'de> Deserialize<'de>>(body: &[u8], problem: &str) -> Result<T, ApiError> {
    serde_json::from_slice(body).map_err(|_| ApiError::invalid("body", problem))
}

fn row(job: &RuleJob) -> AuditRow {
    let (action, of) = match &job.kind {
        Kind::Apply { .. } => (Action::RulesApplied, Value::Null),
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
