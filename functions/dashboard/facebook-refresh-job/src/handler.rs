//! `GET /api/traffic-facebook/refresh/{job_id}`

use chrono::{DateTime, Utc};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, RequestExt, Response};
use shared::edge::caller::Caller;
use shared::edge::errors::ApiError;
use shared::edge::http;
use shared::store::jobs::Jobs;
use shared::store::rules::RuleBooks;
use uuid::Uuid;

mod answer;

use answer::Answer;

/// Answers with how far refreshes are.
pub struct Progresses {
    /// The refreshes.
    pub jobs: Jobs,
    /// Whose the accounts are.
    pub rules: RuleBooks,
}

impl Progresses {
    /// Answers one request.
    pub async fn answer(&self, request: Request, now: DateTime<Utc>) -> Result<Response<Body>, ApiError> {
        const UNKNOWN: ApiError = ApiError::NotFound("There is no such refresh.");
        let book = self.rules.fresh().await?;
        let rules = book.now();
        let scope = Caller::of(&request)?.scope(None, rules)?;
        let path = request.path_parameters_ref();
        let id = path.and_then(|path| path.first("job_id")).and_then(|id| Uuid::parse_str(id).ok());
        let job = self.jobs.get(&id.ok_or(UNKNOWN)?.to_string(), now).await?.ok_or(UNKNOWN)?;
        http::json(StatusCode::OK, &Answer::new(&job, &scope, rules, now))
    }
}
