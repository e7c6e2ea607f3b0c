//! Why a call gave nothing. A caller acts on [`Class`] alone; [`Said`] is for logs and people.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use thiserror::Error;

use super::said::Said;
use super::usage::Usage;

/// A call that gave nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{said}")]
pub struct Failure {
    /// What to do about it.
    pub class: Class,
    /// What the refusal's own headers say of the quota: the waits stand there.
    pub usage: Usage,
    /// Whether we gave up waiting: for insights that is the plainest sign that it was too much at once.
    pub timed_out: bool,
    /// What was said.
    pub said: Said,
}

/// What a failure means to the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Soon, with backoff.
    Again,
    /// The answer would be too large: ask for less.
    Shrink,
    /// The report's run is lost: start another.
    ReportAgain,
    /// Too many calls: wait, all that the scope covers.
    Throttled(ThrottleScope),
    /// The token will not work again: a person has to connect anew.
    TokenDead,
    /// The token may not see this. Nothing is wrong with it otherwise.
    PermissionMissing,
    /// Our question or our configuration is wrong: repeating it changes nothing.
    Misconfigured,
    /// The API version that we speak is no longer answered.
    VersionGone,
    /// Facebook wants a person to look.
    Blocked,
    /// A good answer whose body is not what we expect.
    Unreadable,
}

/// What a throttle holds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ThrottleScope {
    /// Every call of the app.
    App,
    /// Every call for insights.
    Insights,
    /// The calls for one ad account.
    Account,
    /// Every call, and a person should look: Facebook takes us for an abuser.
    Abuse,
}

/// The `error` object of an answer. Everything in it may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ErrorBody {
    /// What happened; its words may change any time.
    pub message: Option<String>,
    /// `OAuthException` and its like.
    pub kind: Option<String>,
    /// What kind of failure it is.
    pub code: Option<i32>,
    /// Which one of that kind.
    pub subcode: Option<i32>,
    /// Meta's hint that repeating may help. Not to be relied on: throttles come with `false`.
    pub is_transient: Option<bool>,
    /// A title for people.
    pub user_title: Option<String>,
    /// A text for people.
    pub user_message: Option<String>,
    /// Meta's name for the call.
    pub trace: Option<String>,
}

impl ErrorBody {
    /// Reads what there is; nothing in an error may hide the error.
    pub(super) fn of(value: &Value) -> Self {
        let text = |key| value.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
        let number = |key| {
            let number = value.get(key)?;
            let number = number.as_i64().or_else(|| number.as_str()?.trim().parse().ok())?;
            i32::try_from(number).ok().filter(|number| *number != 0)
        };
        Self {
            message: text("message").or_else(|| value.as_str()).map(str::to_owned),
            kind: text("type").map(str::to_owned),
            code: number("code"),
            subcode: number("error_subcode").or_else(|| number("subcode")),
            is_transient: value.get("is_transient").and_then(Value::as_bool),
            user_title: text("error_user_title").map(str::to_owned),
            user_message: text("error_user_msg").map(str::to_owned),
            trace: text("fbtrace_id").map(str::to_owned),
        }
    }
}

impl<'de> Deserialize<'de> for ErrorBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(|value| Self::of(&value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_read_from_whatever_there_is_of_it() {
        for (json, code, subcode, message) in [
            (r#"{"code":190,"error_subcode":463,"message":"m"}"#, Some(190), Some(463), Some("m")),
            (r#"{"code":"190","error_subcode":"463"}"#, Some(190), Some(463), None),
            (r#"{"code":-3,"error_subcode":0,"message":""}"#, Some(-3), None, None),
            (r#"{"code":99999999999,"message":{"a":1}}"#, None, None, None),
            (r#""down""#, None, None, Some("down")),
            ("{}", None, None, None),
            ("[1]", None, None, None),
        ] {
            let error: ErrorBody = serde_json::from_str(json).unwrap();
            assert_eq!(
                (error.code, error.subcode, error.message.as_deref()),
                (code, subcode, message),
                "{json}"
            );
        }
    }
}
