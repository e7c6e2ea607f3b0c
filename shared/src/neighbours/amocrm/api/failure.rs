//! Why a call gave nothing. A caller acts on [`Class`] alone; [`Said`] is for logs and people.

use std::fmt;

use serde_json::Value;
use thiserror::Error;

/// A call that gave nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{said}")]
pub struct Failure {
    /// What to do about it.
    pub class: Class,
    /// What was said.
    pub said: Said,
}

/// What a failure means to the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Soon, with backoff. What was to be written may have been.
    Again,
    /// We ask too often: everyone has to slow down.
    SlowDown,
    /// It was too much at once, or amoCRM is slow: later. What was to be written may have been.
    TooMuch,
    /// The account is not paid for, or its plan does not allow it: a person has to pay.
    Unpaid,
    /// Our address is not allowed, the account's API is blocked, or the token lacks rights: a person has to ask.
    Forbidden,
    /// The token is not, or no longer, good.
    Unauthorized,
    /// There is no such thing.
    Missing,
    /// The address is not that of an account's API.
    Misconfigured,
    /// What was to be written is wrong, and amoCRM says where: repeating it changes nothing, and nothing was written.
    Invalid,
    /// It was refused without a reason, or by someone else: later. What was to be written may have been.
    Unclear,
}

/// One thing that amoCRM found wrong with what we sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Its code.
    pub code: String,
    /// The field that it is about.
    pub path: String,
}

/// The words that came with a failure: amoCRM's own codes and names of fields, never a value that was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// HTTP's status; nothing where there was no answer.
    pub status: Option<u16>,
    /// A short text.
    pub message: String,
    /// What is wrong with a token.
    pub hint: Option<String>,
    /// What was wrong with what we sent.
    pub problems: Vec<Problem>,
    /// What amoCRM's support asks for.
    pub request_id: Option<String>,
    /// Whether it came in the form in which amoCRM's API gives its reasons. A page of HTML may be anybody's.
    pub is_reasoned: bool,
}

/// Words of amoCRM that are repeated are no longer than this.
const LONGEST: usize = 80;

/// More problems than these are of the same kind.
const MOST_PROBLEMS: usize = 8;

impl Said {
    /// What an error body says.
    pub(super) fn of(status: u16, body: &Value) -> Self {
        let text = |key| body.get(key).and_then(Value::as_str).and_then(word);
        let message = text("title").unwrap_or_else(|| "no reason given".to_owned());
        Self {
            status: Some(status),
            message,
            hint: text("hint"),
            problems: problems(body),
            request_id: None,
            is_reasoned: body.get("title").is_some_and(Value::is_string),
        }
    }

    /// What was wrong with what we sent, the same for the same cause however often it is sent.
    pub fn what_is_wrong(&self) -> String {
        let problems: Vec<String> = self.problems.iter().map(Problem::to_string).collect();
        problems.join("; ")
    }

    /// What we say ourselves where amoCRM gave no reason.
    pub(super) fn ourselves(status: Option<u16>, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), ..Self::default() }
    }
}

fn problems(body: &Value) -> Vec<Problem> {
    let of_requests = body.get("validation-errors").and_then(Value::as_array).into_iter().flatten();
    let errors = of_requests.filter_map(|of| of.get("errors")?.as_array()).flatten();
    let problem = |error: &Value| {
        let text = |key| error.get(key).and_then(Value::as_str).and_then(name);
        Some(Problem { code: text("code").unwrap_or_default(), path: text("path")? })
    };
    errors.filter_map(problem).take(MOST_PROBLEMS).collect()
}

/// A sentence of amoCRM: plain words in Latin letters. Names and addresses of people have other signs in them.
fn word(text: &str) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_alphabetic() || matches!(c, ' ' | '.' | ',' | '-' | '\'');
    let is_said = !text.is_empty() && text.len() <= LONGEST && text.chars().all(is_plain);
    is_said.then(|| text.to_owned())
}

/// A code or the path of a field: `custom_fields_values.0.field_id`.
fn name(text: &str) -> Option<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '[' | ']');
    let is_name = !text.is_empty() && text.len() <= LONGEST && text.chars().all(is_part);
    is_name.then(|| text.to_owned())
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.code)
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(status) = self.status {
            write!(f, "HTTP {status}, ")?;
        }
        f.write_str(&self.message)?;
        if let Some(hint) = &self.hint {
            write!(f, " ({hint})")?;
        }
        for problem in &self.problems {
            write!(f, "; {problem}")?;
        }
        self.request_id.as_ref().map_or(Ok(()), |id| write!(f, " (request {id})"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_validation_error_names_codes_and_fields_and_no_values() {
        let body = json!({
            "title": "Bad Request", "type": "https://httpstatus.es/400", "status": 400,
            "detail": "Request validation failed for Айгуль",
            "validation-errors": [{"request_id": "0", "errors": [
                {"code": "NotSupportedChoice", "path": "custom_fields_values.0.field_id", "detail": "a@b.kz is no"},
                {"code": "Bad a@b.kz", "path": "name"},
                {"code": "X"},
            ]}],
        });
        let said = Said { request_id: Some("r-1".to_owned()), ..Said::of(400, &body) };
        let expected = "HTTP 400, Bad Request; custom_fields_values.0.field_id: NotSupportedChoice; name:  (request r-1)";
        assert_eq!(said.to_string(), expected);
        assert_eq!(said.what_is_wrong(), "custom_fields_values.0.field_id: NotSupportedChoice; name: ");
    }

    #[test]
    fn what_is_not_plain_words_is_not_repeated() {
        for title in ["Айгуль", "a@b.kz", "+77011234567", "", &"long ".repeat(20)] {
            assert_eq!(Said::of(400, &json!({ "title": title })).message, "no reason given", "{title}");
        }
        let spent = json!({"title": "Bad request", "hint": "Token has been revoked"});
        assert_eq!(Said::of(401, &spent).to_string(), "HTTP 401, Bad request (Token has been revoked)");
        assert_eq!(Said::of(500, &json!(["x"])).message, "no reason given");
    }
}
