//! `GET /api/admin/secrets` and `GET /api/admin/secrets/{neighbour}`

use chrono::{DateTime, Utc};
use futures::future::try_join_all;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, RequestExt, Response};
use serde::Serialize;
use shared::domain::secret::{Held, Neighbour};
use shared::edge::caller::Caller;
use shared::edge::errors::ApiError;
use shared::edge::http;
use shared::edge::secret_row::SecretRow;
use shared::store::secrets::Secret;

/// Answers admins.
pub struct Secrets {
    /// Each neighbour's.
    pub secrets: Vec<(Neighbour, Secret)>,
}

#[derive(Serialize)]
struct List {
    success: bool,
    items: Vec<SecretRow>,
}

#[derive(Serialize)]
struct One {
    success: bool,
    secret: SecretRow,
}

impl Secrets {
    /// Shows all, or the one that the path names.
    pub async fn answer(&self, request: Request, now: DateTime<Utc>) -> Result<Response<Body>, ApiError> {
        Caller::admin(&request)?;
        let Some(name) = request.path_parameters_ref().and_then(|path| path.first("neighbour")) else {
            let rows = self.secrets.iter().map(|(neighbour, secret)| row(*neighbour, secret, now));
            let items = try_join_all(rows).await?;
            return http::json(StatusCode::OK, &List { success: true, items });
        };
        let found = self.secrets.iter().find(|(neighbour, _)| neighbour.as_str() == name);
        let (neighbour, secret) = found.ok_or(ApiError::NotFound("There is no such neighbour."))?;
        let secret = row(*neighbour, secret, now).await?;
        http::json(StatusCode::OK, &One { success: true, secret })
    }
}

async fn row(neighbour: Neighbour, secret: &Secret, now: DateTime<Utc>) -> Result<SecretRow, ApiError> {
    let current = secret.current().await?;
    let since = current.as_ref().and_then(|current| current.since);
    let held = Held::of(current.as_ref().map(|current| current.value.as_str()), since);
    Ok(SecretRow::of(neighbour, &held, now))
}
