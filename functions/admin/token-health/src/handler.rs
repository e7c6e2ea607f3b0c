//! `GET` and `POST /api/admin/token-health`

use chrono::{DateTime, Utc};
use lambda_http::http::{Method, StatusCode};
use lambda_http::{Body, Request, Response};
use serde::Serialize;
use shared::domain::token_health::TokenHealth;
use shared::edge::caller::Caller;
use shared::edge::errors::ApiError;
use shared::edge::{clock, http};
use shared::health::TokenChecks;

/// Answers admins.
pub struct Health {
    /// What is checked, and what that found.
    pub checks: TokenChecks,
}

#[derive(Serialize)]
struct Answer {
    success: bool,
    tokens: Vec<TokenHealth>,
}

impl Health {
    /// Tells what the last check found; a `POST` has the neighbours asked first, unless that was just done.
    pub async fn answer(&self, request: Request, now: DateTime<Utc>) -> Result<Response<Body>, ApiError> {
        Caller::admin(&request)?;
        if request.method() == Method::POST {
            self.checks.run_for_people(now).await?;
        }
        let tokens = self.checks.told(clock::now()).await?;
        http::json(StatusCode::OK, &Answer { success: true, tokens })
    }
}
