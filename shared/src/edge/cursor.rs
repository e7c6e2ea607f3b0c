//! Where the next page begins, as callers carry it: opaque to them, checked by us.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Writes a place; nothing where it cannot be written, which no place of ours is.
pub fn write(place: &impl Serialize) -> Option<String> {
    serde_json::to_vec(place).ok().map(|json| URL_SAFE_NO_PAD.encode(json))
}

/// Reads what [`write`] wrote. Whether the place is one of the list is for the caller to check.
pub fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    let json = URL_SAFE_NO_PAD.decode(text).ok()?;
    serde_json::from_slice(&json).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_and_anything_else_is_none() {
        let text = write(&("a", 7)).unwrap();
        assert_eq!(read::<(String, u32)>(&text), Some(("a".to_owned(), 7)));
        for text in ["", "x", "%%%", "YWJj"] {
            assert_eq!(read::<(String, u32)>(text), None, "{text}");
        }
    }
}
