//! Where the next page begins, as callers carry it: opaque to them, checked by us.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::errors::ApiError;

/// Writes a place; nothing where it cannot be written, which no place of ours is.
pub fn write(place: &impl Serialize) -> Option<String> {
    serde_json::to_vec(place).ok().map(|json| URL_SAFE_NO_PAD.encode(json))
}

/// Reads what [`write`] wrote. Whether the place is one of the list is for the caller to check.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, ApiError> {
    let json = URL_SAFE_NO_PAD.decode(text).ok();
    json.and_then(|json| serde_json::from_slice(&json).ok()).ok_or_else(foreign)
}

/// A cursor that no page of the list gave.
pub fn foreign() -> ApiError {
    ApiError::invalid("cursor", "is not a cursor that a page of this list gave")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::place::Place;

    #[test]
    fn a_place_reads_back_and_anything_else_is_refused() {
        let place = Place::new("2026-11-20T05:00:00Z".parse().unwrap(), "1-2-express");
        assert_eq!(read(&write(&place).unwrap()), Ok(place));
        for text in ["", "x", "%%%", "YWJj", &write(&"2026-11-20#1").unwrap(), &write(&"#").unwrap()] {
            assert_eq!(read::<Place>(text), Err(foreign()), "{text}");
        }
    }
}
