//! Where the next page begins, as callers carry it: opaque to them, checked by us.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use shared::domain::utm_check::at_risk::Place;
use shared::edge::errors::ApiError;

/// Writes a place.
pub fn write(place: &Place) -> Option<String> {
    // A place is a number and a text, so this always writes.
    serde_json::to_vec(place).ok().map(|json| URL_SAFE_NO_PAD.encode(json))
}

/// Reads what [`write`] wrote.
pub fn read(text: &str) -> Result<Place, ApiError> {
    let json = URL_SAFE_NO_PAD.decode(text).ok();
    let place = json.and_then(|json| serde_json::from_slice(&json).ok());
    place.ok_or_else(|| ApiError::invalid("cursor", "is not a cursor that a page of this list gave"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_anything_else_is_refused() {
        let place: Place = serde_json::from_str(r#"{"rank":-4700,"ad_id":"120210000000000003"}"#).unwrap();
        assert_eq!(read(&write(&place).unwrap()), Ok(place));
        for text in ["x", "%%%", "YWJj", "e30"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
