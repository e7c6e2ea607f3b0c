//! What Mobizon knows us by.

use std::fmt;

use serde::Deserialize;

/// A key and, where one is registered, the sender's name. Printing one shows nothing.
#[derive(Clone, Deserialize)]
pub struct Credentials {
    api_key: String,
    #[serde(default)]
    from: Option<String>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials")
    }
}

impl Credentials {
    /// Reads `{"api_key", "from"}`; the sender's name is optional.
    pub fn parse(json: &str) -> Option<Self> {
        let stored: Self = serde_json::from_str(json).ok()?;
        (!stored.api_key.trim().is_empty()).then_some(stored)
    }

    pub(super) fn key(&self) -> &str {
        self.api_key.trim()
    }

    pub(super) fn from(&self) -> Option<&str> {
        self.from.as_deref().map(str::trim).filter(|from| !from.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_senders_name_may_be_missing_the_key_may_not() {
        for (json, from) in [
            (r#"{"api_key":" k\n"}"#, None),
            (r#"{"api_key":"k","from":null}"#, None),
            (r#"{"api_key":"k","from":" "}"#, None),
            (r#"{"api_key":"k","from":"School"}"#, Some("School")),
        ] {
            let credentials = Credentials::parse(json).unwrap();
            assert_eq!((credentials.key(), credentials.from()), ("k", from), "{json}");
            assert_eq!(format!("{credentials:?}"), "Credentials");
        }
        for json in ["", "{}", r#"{"api_key":" "}"#, r#"{"api_key":7}"#] {
            assert!(Credentials::parse(json).is_none(), "{json}");
        }
    }
}
