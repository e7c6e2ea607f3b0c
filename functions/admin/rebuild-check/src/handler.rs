//! `POST /api/admin/rebuild`

use chrono::{DateTime, Utc};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use shared::edge::caller::Caller;
use shared::edge::errors::ApiError;
use shared::edge::http;
use shared::rebuild::{Rebuild, RebuildError};

use crate::wish;

/// Compares for admins.
pub struct Check {
    /// What compares. It has no hand to mend with.
    pub rebuild: Rebuild,
}

impl Check {
    /// Answers one request.
    pub async fn answer(
        &self,
        request: Request,
        now: DateTime<Utc>,
        is_time_up: impl Fn() -> bool,
    ) -> Result<Response<Body>, ApiError> {
        Caller::admin(&request)?;
        let order = wish::parse(request.body(), now)?;
        let report = self.rebuild.run(order, now, is_time_up).await.map_err(|error| match error {
            RebuildError::Period(bad) => bad.into(),
            RebuildError::Store(error) => ApiError::from(error),
        })?;
        http::json(StatusCode::OK, &report)
    }
}
