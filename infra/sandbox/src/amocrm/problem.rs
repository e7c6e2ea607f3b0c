//! amoCRM's errors, in its own words as far as they are known. Callers must act on status and codes only.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::reply::Reply;

/// An error body in the making.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    status: StatusCode,
    fields: Map<String, Value>,
}

/// What is wrong with one member of an entity.
#[derive(Debug, Clone, PartialEq)]
pub struct Flaw {
    code: &'static str,
    path: String,
    detail: String,
}

impl Flaw {
    /// A flaw of any kind.
    pub fn new(code: &'static str, path: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { code, path: path.into(), detail: detail.into() }
    }

    /// A value that is not one of those there are.
    pub fn choice(path: impl Into<String>) -> Self {
        Self::new("NotSupportedChoice", path, "The value you selected is not a valid choice.")
    }

    /// The same, of an entity inside another.
    pub fn below(mut self, place: &str) -> Self {
        self.path = format!("{place}.{}", self.path);
        self
    }
}

impl Problem {
    /// With the standard name of the status as its title.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        let mut fields = Map::new();
        let title = status.canonical_reason().unwrap_or("Error");
        fields.insert("title".to_owned(), json!(title));
        fields.insert("type".to_owned(), json!(format!("https://httpstatus.es/{}", status.as_u16())));
        fields.insert("status".to_owned(), json!(status.as_u16()));
        fields.insert("detail".to_owned(), json!(detail.into()));
        Self { status, fields }
    }

    /// With another or one more field.
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.fields.insert(name.to_owned(), value);
        self
    }

    /// The answer.
    pub fn reply(self) -> Reply {
        Reply::text(self.status, "application/problem+json", Value::Object(self.fields).to_string())
    }
}

/// 400 for entities with flaws, each by its request id. The whole request is refused.
pub fn invalid(entities: &[(String, Vec<Flaw>)]) -> Problem {
    let entities = entities.iter().map(|(id, flaws)| {
        let errors =
            flaws.iter().map(|flaw| json!({ "code": flaw.code, "path": flaw.path, "detail": flaw.detail }));
        json!({ "request_id": id, "errors": errors.collect::<Vec<_>>() })
    });
    let entities = entities.collect::<Vec<_>>();
    Problem::new(StatusCode::BAD_REQUEST, "Request validation failed")
        .with("validation-errors", json!(entities))
}

/// 400 for a body that cannot be taken at all.
pub fn unreadable(detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, detail)
}

/// 401 for a token that is none.
pub fn unauthorized() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "Invalid authentication credentials")
}

/// 401 of the token endpoint.
pub fn oauth(hint: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "In the request misses required parameter, or is malformed")
        .with("title", json!("Некорректный запрос"))
        .with("type", json!("https://developers.amocrm.ru/v3/errors/OAuthProblemJson"))
        .with("hint", json!(hint))
}

/// 404.
pub fn not_found(what: &str) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, format!("{what} not found"))
}

/// 405.
pub fn not_allowed() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed")
}

/// What the real API has and the sandbox does not play. Loud, so that nobody takes silence for an answer.
pub fn not_played(what: &str) -> Problem {
    Problem::new(StatusCode::NOT_IMPLEMENTED, format!("the sandbox does not play {what}"))
}
