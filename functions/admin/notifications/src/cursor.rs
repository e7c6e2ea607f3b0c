//! Where the next page begins, as callers carry it: opaque to them, checked by us.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::DateTime;
use shared::edge::errors::ApiError;
use shared::store::outbox::Place;

/// Writes a place.
pub fn write(place: &Place) -> String {
    URL_SAFE_NO_PAD.encode(place.as_str())
}

/// Reads what [`write`] wrote.
pub fn read(text: &str) -> Result<Place, ApiError> {
    let place = URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let is_place = |place: &String| {
        let parts = place.split_once('#');
        parts.is_some_and(|(time, id)| DateTime::parse_from_rfc3339(time).is_ok() && !id.is_empty())
    };
    let place = place.filter(is_place).map(Place::at);
    place.ok_or_else(|| ApiError::invalid("cursor", "is not a cursor that a page of this list gave"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_anything_else_is_refused() {
        let place = Place::at("2026-11-20T05:00:00.000Z#018f-sms".to_owned());
        assert_eq!(read(&write(&place)), Ok(place));
        let of = |text: &str| write(&Place::at(text.to_owned()));
        for text in ["x", "%%%", "YWJj", &of("2026-11-20#1"), &of("#1"), &of("2026-11-20T05:00:00.000Z#")] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
