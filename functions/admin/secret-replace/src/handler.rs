//! `PUT /api/admin/secrets/{neighbour}`

use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, RequestExt, Response};
use serde::Serialize;
use shared::domain::audit::Who;
use shared::domain::secret::{Fields, Neighbour, Wrong};
use shared::edge::caller::Caller;
use shared::edge::errors::{ApiError, Detail};
use shared::edge::secret_row::SecretRow;
use shared::edge::sign_in::{self, Account};
use shared::edge::{clock, http};
use shared::health::{Replaced, Secrets};

const UNKNOWN: ApiError = ApiError::NotFound("There is no such neighbour.");
const BUSY: ApiError = ApiError::Conflict("This secret is being replaced right now. Try again in a minute.");

/// Replaces secrets.
pub struct Replace {
    /// What is kept, and who is asked.
    pub secrets: Secrets,
    /// Knows an admin's e-mail, for the audit.
    pub account: Account,
}

#[derive(Serialize)]
struct Answer {
    success: bool,
    secret: SecretRow,
}

impl Replace {
    /// Answers one request.
    pub async fn answer(&self, request: Request) -> Result<Response<Body>, ApiError> {
        let caller = Caller::admin(&request)?;
        let name = request.path_parameters_ref().and_then(|path| path.first("neighbour"));
        let neighbour = name.and_then(Neighbour::named).ok_or(UNKNOWN)?;
        let given: Fields = sign_in::body(request.body())?;
        let who = Who { id: caller.id, email: self.account.email(&request).await };
        match self.secrets.replace(neighbour, &given, who).await? {
            Replaced::Kept(held) => {
                let secret = SecretRow::of(neighbour, &held, clock::now());
                http::json(StatusCode::OK, &Answer { success: true, secret })
            }
            Replaced::Refused(wrong) => {
                let detail = |wrong: Wrong| Detail::new(wrong.field, wrong.problem);
                Err(ApiError::Validation(wrong.into_iter().map(detail).collect()))
            }
            Replaced::Unasked(trouble) => {
                let advice = trouble.advice().unwrap_or("Try again in a minute.");
                let told = format!("{}. Nothing was stored. {advice}", trouble.problem);
                Err(ApiError::Upstream(told.into()))
            }
            Replaced::Busy => Err(BUSY),
        }
    }
}
