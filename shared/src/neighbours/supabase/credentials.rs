//! What the old databases let us in with.

use std::fmt;

use reqwest::header::HeaderValue;
use serde::{Deserialize, Deserializer};

/// A key of each database; either may be missing. Printing them shows nothing.
#[derive(Clone, Default, Deserialize)]
pub struct Credentials {
    #[serde(default, deserialize_with = "key")]
    landing_key: Option<Key>,
    #[serde(default, deserialize_with = "key")]
    tripwire_key: Option<Key>,
}

/// The key of one database.
#[derive(Clone)]
pub struct Key(String);

impl Credentials {
    /// Reads `{"landing_key", "tripwire_key"}`; nothing where it is no JSON of ours.
    pub fn parse(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// The Landing database's.
    pub fn landing(self) -> Option<Key> {
        self.landing_key
    }

    /// The Tripwire database's.
    pub fn tripwire(self) -> Option<Key> {
        self.tripwire_key
    }
}

/// A key stands in headers: what cannot stand there is none.
fn key<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Key>, D::Error> {
    let key = Option::<String>::deserialize(deserializer)?.unwrap_or_default().trim().to_owned();
    let is_key = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic());
    Ok(is_key.then_some(Key(key)))
}

impl Key {
    /// The headers `apikey` and `Authorization`.
    pub(super) fn headers(&self) -> (HeaderValue, HeaderValue) {
        // A key is nothing but visible ASCII, which can stand in any header.
        let header = |text: &str| {
            let mut value = HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""));
            value.set_sensitive(true);
            value
        };
        (header(&self.0), header(&format!("Bearer {}", self.0)))
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials")
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_may_be_missing_and_is_never_printed() {
        let both = Credentials::parse(r#"{"landing_key":" k-1\n","tripwire_key":"k-2"}"#).unwrap();
        let printed = format!("{both:?} {:?} {:?}", both.clone().landing(), both.clone().tripwire());
        assert!(!printed.contains("k-"), "{printed}");
        let (apikey, bearer) = both.landing().unwrap().headers();
        assert_eq!((apikey.to_str().unwrap(), bearer.to_str().unwrap()), ("k-1", "Bearer k-1"));
        assert!(apikey.is_sensitive() && bearer.is_sensitive());
        for json in ["{}", r#"{"landing_key":null}"#, r#"{"landing_key":" "}"#, r#"{"landing_key":"a\nb"}"#] {
            assert!(Credentials::parse(json).unwrap().landing().is_none(), "{json}");
        }
        assert!(Credentials::parse("no json").is_none());
    }
}
