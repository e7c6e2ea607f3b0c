//! OpenAI's ways to fail that a test switches on, and how it says no.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::faults::{self, Raw};

/// README.md says what each looks like.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Kind {
    BadKey {},
    InsufficientQuota {},
    TooMany {},
    ServerError {},
    HangUp {},
    Hang { seconds: u64 },
    Raw(Raw),
}

impl Kind {
    /// What OpenAI says, for the kinds that are an answer of its own.
    pub fn refusal(&self) -> Option<Response> {
        Some(match self {
            Self::BadKey {} => bad_key("sk-…"),
            Self::InsufficientQuota {} => refused(
                StatusCode::TOO_MANY_REQUESTS,
                "insufficient_quota",
                "insufficient_quota",
                "You exceeded your current quota, please check your plan and billing details.",
            ),
            Self::TooMany {} => refused(
                StatusCode::TOO_MANY_REQUESTS,
                "requests",
                "rate_limit_exceeded",
                "Rate limit reached for requests",
            ),
            Self::ServerError {} => refused(
                StatusCode::INTERNAL_SERVER_ERROR,
                "server_error",
                "server_error",
                "The server had an error while processing your request.",
            ),
            _ => return None,
        })
    }
}

/// The key is not known. Its words quote the key, as the real one's do.
pub fn bad_key(key: &str) -> Response {
    let message =
        format!("Incorrect API key provided: {key}. You can find your API key at your account's page.");
    refused(StatusCode::UNAUTHORIZED, "invalid_request_error", "invalid_api_key", &message)
}

/// An error body.
pub fn refused(status: StatusCode, kind: &str, code: &str, message: &str) -> Response {
    answer(status, &json!({ "error": { "message": message, "type": kind, "param": null, "code": code } }))
}

/// An answer in JSON.
pub fn answer(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

impl faults::Kind for Kind {
    const RECIPIENT: &'static str = "model";
    const EDGES: &'static [&'static str] = &["models"];

    fn strikes(&self, _edge: &str) -> bool {
        true
    }

    fn check(&self) -> Result<(), String> {
        match self {
            Self::Raw(raw) => raw.check(),
            _ => Ok(()),
        }
    }
}
