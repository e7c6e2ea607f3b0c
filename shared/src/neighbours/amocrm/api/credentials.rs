//! What we prove to amoCRM who we are with.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use reqwest::header::HeaderValue;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// An access token and, for OAuth, what a new one is asked for with. Printing one shows nothing.
#[derive(Clone, Deserialize)]
pub struct Credentials {
    #[serde(deserialize_with = "token")]
    access_token: String,
    #[serde(flatten)]
    renewal: Option<Renewal>,
}

/// What a new access token is asked for with.
#[derive(Clone, Deserialize)]
pub(super) struct Renewal {
    /// Can be used once.
    pub refresh_token: String,
    /// The integration.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// Has to be the one that the integration was made with.
    pub redirect_uri: String,
}

/// A new pair of tokens. The ones before it are worth nothing any more.
#[derive(Clone, Deserialize)]
pub struct Tokens {
    #[serde(deserialize_with = "token")]
    access_token: String,
    #[serde(deserialize_with = "token")]
    refresh_token: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials")
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens")
    }
}

/// A token stands in a header, so what cannot stand there is none. The error does not repeat it.
fn token<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let token = String::deserialize(deserializer)?.trim().to_owned();
    let is_token = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
    is_token.then_some(token).ok_or_else(|| serde::de::Error::custom("a token is empty or not a token"))
}

impl Credentials {
    /// Reads `{"access_token"}`, or the same with `refresh_token`, `client_id`, `client_secret` and `redirect_uri`.
    pub fn parse(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// Tells one access token from another without telling it.
    pub fn fingerprint(&self) -> String {
        let mut digest = hex::encode(Sha256::digest(self.access_token.as_bytes()));
        digest.truncate(16);
        digest
    }

    /// Whether a new token can be asked for.
    pub fn can_be_renewed(&self) -> bool {
        self.renewal.is_some()
    }

    /// When the access token ends, as far as it says so itself: it is a JWT, whose claims anyone can read.
    pub fn expires_at(&self) -> Option<DateTime<Utc>> {
        #[derive(Deserialize)]
        struct Claims {
            exp: i64,
        }
        let claims = URL_SAFE_NO_PAD.decode(self.access_token.split('.').nth(1)?).ok()?;
        let claims: Claims = serde_json::from_slice(&claims).ok()?;
        DateTime::from_timestamp(claims.exp, 0)
    }

    pub(super) fn renewal(&self) -> Option<&Renewal> {
        self.renewal.as_ref()
    }

    /// The `Authorization` header.
    pub(super) fn bearer(&self) -> HeaderValue {
        // A token is nothing but visible ASCII, which can stand in any header.
        let mut bearer = HeaderValue::from_str(&format!("Bearer {}", self.access_token))
            .unwrap_or_else(|_| HeaderValue::from_static("Bearer"));
        bearer.set_sensitive(true);
        bearer
    }
}

impl Tokens {
    /// The secret with these tokens in place of its own; whatever else stands in it stays. Nothing where it is no secret
    /// of ours.
    pub fn put_into(&self, secret: &str) -> Option<String> {
        let mut secret: Map<String, Value> = serde_json::from_str(secret).ok()?;
        secret.insert("access_token".to_owned(), Value::from(self.access_token.as_str()));
        secret.insert("refresh_token".to_owned(), Value::from(self.refresh_token.as_str()));
        Some(Value::Object(secret).to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OAUTH: &str = r#"{"access_token":"a-1","refresh_token":"r-1","client_id":"c","client_secret":"s-1","redirect_uri":"https://x"}"#;

    #[test]
    fn a_long_lived_token_stands_alone_and_an_oauth_one_can_be_renewed() {
        assert!(!Credentials::parse(r#"{"access_token":" t\n"}"#).unwrap().can_be_renewed());
        assert!(Credentials::parse(OAUTH).unwrap().can_be_renewed());
        let half = r#"{"access_token":"t","refresh_token":"r"}"#;
        assert!(!Credentials::parse(half).unwrap().can_be_renewed());
        for json in ["", "{}", "[]", r#"{"access_token":" "}"#, r#"{"access_token":"a\nb"}"#] {
            assert!(Credentials::parse(json).is_none(), "{json}");
        }
    }

    #[test]
    fn new_tokens_take_the_place_of_the_old_ones_alone() {
        let tokens: Tokens =
            serde_json::from_str(r#"{"access_token":"a-2","refresh_token":"r-2","expires_in":86400}"#)
                .unwrap();
        let secret: Value = serde_json::from_str(&tokens.put_into(OAUTH).unwrap()).unwrap();
        let expected = serde_json::json!({"access_token": "a-2", "refresh_token": "r-2", "client_id": "c",
            "client_secret": "s-1", "redirect_uri": "https://x"});
        assert_eq!(secret, expected);
        assert_eq!(tokens.put_into("no secret"), None);
    }

    #[test]
    fn nothing_secret_is_printed() {
        let tokens: Tokens = serde_json::from_str(OAUTH).unwrap();
        let credentials = Credentials::parse(OAUTH).unwrap();
        let printed = format!("{credentials:?} {tokens:?} {:?}", credentials.bearer());
        for secret in ["a-1", "r-1", "s-1"] {
            assert!(!printed.contains(secret), "{printed}");
        }
        assert_eq!(credentials.fingerprint().len(), 16);
        let other = Credentials::parse(r#"{"access_token":"a-2"}"#).unwrap();
        assert_ne!(credentials.fingerprint(), other.fingerprint());
    }
}
