//! What OpenAI knows us by.

use std::fmt;

use reqwest::header::HeaderValue;
use serde::Deserialize;

/// A key. Printing one shows nothing.
#[derive(Clone)]
pub struct Credentials {
    key: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials")
    }
}

#[derive(Deserialize)]
struct Stored {
    api_key: String,
}

impl Credentials {
    /// Reads `{"api_key"}`. A key stands in a header: what cannot stand there is none.
    pub fn parse(json: &str) -> Option<Self> {
        let stored: Stored = serde_json::from_str(json).ok()?;
        let key = stored.api_key.trim();
        let is_key = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic());
        is_key.then(|| Self { key: key.to_owned() })
    }

    /// The `Authorization` header.
    pub(super) fn bearer(&self) -> HeaderValue {
        // A key is nothing but visible ASCII, which can stand in any header.
        let mut bearer = HeaderValue::from_str(&format!("Bearer {}", self.key))
            .unwrap_or_else(|_| HeaderValue::from_static("Bearer"));
        bearer.set_sensitive(true);
        bearer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_can_stand_in_a_header_and_is_never_printed() {
        let credentials = Credentials::parse(r#"{"api_key":" sk-1\n"}"#).unwrap();
        assert_eq!(credentials.bearer(), "Bearer sk-1");
        assert!(!format!("{credentials:?} {:?}", credentials.bearer()).contains("sk-1"));
        for json in ["", "{}", r#"{"api_key":" "}"#, r#"{"api_key":"a\nb"}"#, r#"{"api_key":"ключ"}"#] {
            assert!(Credentials::parse(json).is_none(), "{json}");
        }
    }
}
