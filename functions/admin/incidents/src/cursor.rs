//! Where the next page begins, as callers carry it: opaque to them, checked by us.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use shared::edge::errors::ApiError;
use shared::store::incidents::Place;

/// Writes a place.
pub fn write(place: &Place) -> String {
    URL_SAFE_NO_PAD.encode(place.as_str())
}

/// Reads what [`write`] wrote.
pub fn read(text: &str) -> Result<Place, ApiError> {
    let place = URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let place = place.and_then(Place::at);
    place.ok_or_else(|| ApiError::invalid("cursor", "is not a cursor that a page of this list gave"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_anything_else_is_refused() {
        let place = Place::at("2026-11-20T05:00:00.000Z#018f".to_owned()).unwrap();
        assert_eq!(read(&write(&place)), Ok(place));
        for text in ["x", "%%%", "YWJj", &URL_SAFE_NO_PAD.encode("2026-11-20#1")] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
