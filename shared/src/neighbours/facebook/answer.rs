//! From an answer's status and body to its value, or to why there is none. A good status proves nothing.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::classify::{Asked, classify};
use super::credentials::Credentials;
use super::failure::{Class, ErrorBody};
use super::said::Said;

/// Reads a body into its value.
///
/// A good answer is gone through twice, first for an error in it: that costs no memory, whereas a tree of the page
/// would take several times what its rows take.
pub(super) fn read<T: DeserializeOwned>(
    asked: Asked,
    status: u16,
    body: &[u8],
    credentials: &Credentials,
) -> Result<T, (Class, Said)> {
    let envelope = serde_json::from_slice::<Envelope>(body);
    if let Ok(Envelope { error: Some(error) }) = &envelope {
        return Err((classify(asked, status, error), Said::of(Some(status), error, credentials.secrets())));
    }
    let said = |message: &str| Said::ourselves(Some(status), message, credentials.secrets());
    let is_good = (200..=299).contains(&status);
    if !is_good {
        return Err((classify(asked, status, &ErrorBody::default()), said(&glance(body))));
    }
    let unreadable =
        |error: &serde_json::Error| said(&format!("the answer is not what was asked for: {error}"));
    match envelope {
        Ok(_) => serde_json::from_slice(body).map_err(|error| (Class::Unreadable, unreadable(&error))),
        Err(error) if error.classify() == Category::Data => Err((Class::Unreadable, unreadable(&error))),
        // No JSON, or half of one: what stands between us and Facebook has answered, or the connection broke.
        Err(_) => Err((Class::Again, said(&glance(body)))),
    }
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    error: Option<ErrorBody>,
}

/// Enough of a body that is no JSON object to tell what it is.
fn glance(body: &[u8]) -> String {
    let start = &body[..body.len().min(1_000)];
    match String::from_utf8_lossy(start).trim() {
        "" => "an empty body".to_owned(),
        text if text.starts_with('<') => "a page of HTML".to_owned(),
        text if text.starts_with(['{', '[']) => "a body without a reason".to_owned(),
        text => text.to_owned(),
    }
}
