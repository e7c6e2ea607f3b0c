//! An answer before it is put on the wire.

use axum::http::StatusCode;
use serde_json::Value;

/// Status, headers of its own, and a body.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    pub status: StatusCode,
    /// A header that is `None` is taken away from those that every answer carries.
    pub headers: Vec<(String, Option<String>)>,
    pub body: Payload,
}

/// What stands in the body.
#[derive(Debug, Clone, PartialEq)]
pub enum Payload {
    Json(Value),
    /// With its content type.
    Text(&'static str, String),
}

impl Reply {
    /// 200 with this body.
    pub fn ok(body: Value) -> Self {
        Self { status: StatusCode::OK, headers: Vec::new(), body: Payload::Json(body) }
    }

    /// Facebook's code and subcode, where the body is an error.
    pub fn codes(&self) -> (Option<i64>, Option<i64>) {
        match &self.body {
            Payload::Json(body) => (body["error"]["code"].as_i64(), body["error"]["error_subcode"].as_i64()),
            Payload::Text(..) => (None, None),
        }
    }
}
