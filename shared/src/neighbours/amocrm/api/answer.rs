//! From an answer's status and body to its value, or to why there is none. A good status proves nothing.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::classify::{Asked, classify};
use super::failure::{Class, Failure, Said};

/// Reads a body into its value; an empty list, and a thing that is missing, have none at all.
pub(super) fn read<T: DeserializeOwned>(
    asked: Asked,
    is_write: bool,
    status: u16,
    body: &[u8],
) -> Result<Option<T>, Failure> {
    let failure = |class, said| Err(Failure { class, said });
    match status {
        204 => Ok(None),
        200..=299 => match serde_json::from_slice(body) {
            Ok(value) => Ok(Some(value)),
            // Something between us and amoCRM has answered, or the connection broke.
            Err(_) => failure(Class::Again, Said::ourselves(Some(status), glance(body))),
        },
        _ => {
            let said = match serde_json::from_slice::<Value>(body) {
                Ok(reason) => Said::of(status, &reason),
                Err(_) => Said::ourselves(Some(status), glance(body)),
            };
            failure(classify(asked, status, is_write && !said.problems.is_empty()), said)
        }
    }
}

/// What a body is that is not what was asked for, without a word of it: it may be about a person.
fn glance(body: &[u8]) -> &'static str {
    match body.trim_ascii().first() {
        None => "an empty body",
        Some(b'<') => "a page of HTML",
        Some(b'{' | b'[') => "an answer that is not what was asked for",
        Some(_) => "a body that is no JSON",
    }
}
