//! Mobizon's answers: a code, data and a sentence.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use serde_json::{Value, json};

/// Validation failed; the data names the fields.
pub const INVALID: u16 = 1;
/// Nothing of what was asked for exists.
pub const NOT_FOUND: u16 = 2;
/// No such method.
pub const METHOD: u16 = 5;
/// Not JSON.
pub const FORMAT: u16 = 6;
/// The key is wrong.
pub const LOGIN: u16 = 8;
/// A parameter is missing.
pub const MISSING: u16 = 11;
/// A parameter is out of its bounds.
pub const BOUNDS: u16 = 12;
/// The operation failed for a reason outside the request. That an empty balance is one, is our choice.
pub const NOT_DONE: u16 = 15;
/// Nothing was done now. Our choice for "later".
pub const LATER: u16 = 99;

/// One answer, which goes out with status 200 whatever its code.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    pub code: u16,
    pub data: Value,
    pub message: String,
}

impl Reply {
    /// It was done.
    pub fn done(data: Value) -> Self {
        Self { code: 0, data, message: String::new() }
    }

    /// It was not.
    pub fn refused(code: u16, message: &str) -> Self {
        Self { code, data: json!([]), message: message.to_owned() }
    }

    /// A field of the request is wrong.
    pub fn invalid(field: &str, problem: &str) -> Self {
        let message = "The request contains invalid data".to_owned();
        Self { code: INVALID, data: json!({ field: problem }), message }
    }

    /// The answer on the wire.
    pub fn response(&self) -> Response {
        let body = json!({ "code": self.code, "data": self.data, "message": self.message });
        let mut response = Response::new(Body::from(body.to_string()));
        let kind = HeaderValue::from_static("application/json; charset=utf-8");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    }
}
