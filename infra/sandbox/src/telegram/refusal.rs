//! Telegram's way to say no.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};

/// An answer with `ok: false`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub status: StatusCode,
    pub description: String,
    pub parameters: Option<(&'static str, i64)>,
}

impl Refusal {
    /// Without parameters.
    pub fn new(status: StatusCode, description: impl Into<String>) -> Self {
        Self { status, description: description.into(), parameters: None }
    }

    /// The request cannot be carried out as it is.
    pub fn bad_request(description: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, format!("Bad Request: {description}"))
    }

    /// The real one does more here.
    pub fn not_played(what: &str) -> Self {
        Self::new(StatusCode::NOT_IMPLEMENTED, format!("the sandbox does not play {what}"))
    }

    /// Too many messages.
    pub fn too_many(seconds: i64) -> Self {
        let description = format!("Too Many Requests: retry after {seconds}");
        let parameters = Some(("retry_after", seconds));
        Self { parameters, ..Self::new(StatusCode::TOO_MANY_REQUESTS, description) }
    }

    /// The group goes on under another id.
    pub fn migrated(to: i64) -> Self {
        let parameters = Some(("migrate_to_chat_id", to));
        Self { parameters, ..Self::bad_request("group chat was upgraded to a supergroup chat") }
    }

    /// The answer on the wire.
    pub fn response(&self) -> Response {
        let mut body =
            json!({ "ok": false, "error_code": self.status.as_u16(), "description": self.description });
        if let Some((name, value)) = self.parameters {
            body["parameters"] = json!({ name: value });
        }
        let mut response = answer(self.status, &body);
        if let Some(("retry_after", seconds)) = self.parameters {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// The answer to a call that was carried out.
pub fn done(result: &Value) -> Response {
    answer(StatusCode::OK, &json!({ "ok": true, "result": result }))
}

fn answer(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
