//! Facebook's errors, in its own words as far as they are known. Callers must act on the codes only.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::reply::{Payload, Reply};
use super::world::TokenState;

/// An error body in the making.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphError {
    status: StatusCode,
    fields: Map<String, Value>,
    traced: bool,
}

impl GraphError {
    /// HTTP 400, an `OAuthException`, with a trace id.
    pub fn new(code: i64, message: impl Into<String>) -> Self {
        let mut fields = Map::new();
        fields.insert("message".to_owned(), json!(message.into()));
        fields.insert("type".to_owned(), json!("OAuthException"));
        fields.insert("code".to_owned(), json!(code));
        Self { status: StatusCode::BAD_REQUEST, fields, traced: true }
    }

    /// With another HTTP status.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// With a subcode.
    pub fn subcode(self, subcode: i64) -> Self {
        self.with("error_subcode", json!(subcode))
    }

    /// Whether Facebook says that trying again helps, which is a hint and no rule.
    pub fn transient(self, transient: bool) -> Self {
        self.with("is_transient", json!(transient))
    }

    /// Of another type.
    pub fn kind(self, kind: &str) -> Self {
        self.with("type", json!(kind))
    }

    /// With one more field.
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.fields.insert(name.to_owned(), value);
        self
    }

    /// Without type and trace id, as some answers really are.
    pub fn bare(mut self) -> Self {
        self.fields.remove("type");
        self.traced = false;
        self
    }

    /// The answer; `trace` makes its trace id.
    pub fn reply(mut self, trace: u64) -> Reply {
        if self.traced {
            let id = crate::dice::throw(&["trace", &trace.to_string()]);
            self.fields.insert("fbtrace_id".to_owned(), json!(format!("A{id:022x}")));
        }
        let body = json!({ "error": self.fields });
        Reply { status: self.status, headers: Vec::new(), body: Payload::Json(body) }
    }
}

/// A parameter that is not as it must be.
pub fn invalid(message: impl std::fmt::Display) -> GraphError {
    GraphError::new(100, format!("(#100) {message}"))
}

/// What the real API has and the sandbox does not play. Loud, so that nobody takes silence for an answer.
pub fn not_played(what: &str) -> GraphError {
    invalid(format!("the sandbox does not play {what}"))
}

/// The object is not there, or may not be seen; Facebook does not tell which.
pub fn no_such_object(id: &str) -> GraphError {
    GraphError::new(
        100,
        format!(
            "Unsupported get request. Object with ID '{id}' does not exist, cannot be loaded due to missing \
             permissions, or does not support this operation."
        ),
    )
    .kind("GraphMethodException")
    .subcode(33)
}

/// A permission is missing.
pub fn forbidden(scope: &str) -> GraphError {
    GraphError::new(200, format!("(#200) Requires {scope} permission to manage the object"))
        .status(StatusCode::FORBIDDEN)
}

/// No token in the call.
pub fn no_token() -> GraphError {
    GraphError::new(2500, "An active access token must be used to query information about the current user.")
}

/// The token is not one, or no longer.
pub fn dead_token(state: Option<TokenState>) -> GraphError {
    let error = |text: &str| GraphError::new(190, format!("Error validating access token: {text}"));
    match state {
        Some(TokenState::Expired) => {
            error("Session has expired on Friday, 20-Nov-26 01:00:00 PST.").subcode(463)
        }
        Some(TokenState::Checkpoint) => error("The user is enrolled in a blocking, logged-in checkpoint")
            .subcode(459)
            .with("error_data", json!("{\"checkpoint_url\":\"https:\\/\\/www.facebook.com\\/checkpoint\"}")),
        Some(TokenState::Removed) => error("The user has not authorized the application.").subcode(458),
        Some(TokenState::Password) => {
            error("The session has been invalidated because the user changed their password.").subcode(460)
        }
        Some(TokenState::Valid) | None => {
            GraphError::new(190, "Invalid OAuth access token - Cannot parse access token")
        }
    }
}

/// The proof that the caller knows the app's secret is missing or wrong.
pub fn unproven(missing: bool) -> GraphError {
    let text = if missing {
        "API calls from the server require an appsecret_proof argument"
    } else {
        "Invalid appsecret_proof provided in the API argument"
    };
    GraphError::new(100, text).kind("GraphMethodException")
}

/// The version is no longer served.
pub fn old_version() -> GraphError {
    GraphError::new(
        2635,
        "(#2635) You are calling a deprecated version of the Ads API. Please update to the latest version: v26.0.",
    )
}

/// The path means nothing.
pub fn unknown_path(path: &str) -> GraphError {
    GraphError::new(2500, format!("Unknown path components: {path}"))
}

/// The score of an ad account is used up.
pub fn account_limit() -> GraphError {
    GraphError::new(17, "User request limit reached").subcode(2_446_079).transient(false)
}

/// Too many calls for a business use case: 80000 is insights, 80004 management.
pub fn business_limit(code: i64) -> GraphError {
    let text =
        format!("(#{code}) There have been too many calls to this ad-account. Wait a bit and try again.");
    GraphError::new(code, text).subcode(2_446_079).transient(false)
}

/// A cursor that nobody gave out.
pub fn bad_cursor() -> GraphError {
    GraphError::new(2642, "(#2642) Invalid cursors values")
}
