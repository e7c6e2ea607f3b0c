//! What we prove to Facebook who we are with.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use reqwest::header::HeaderValue;
use serde::{Deserialize, Deserializer};
use sha2::{Digest, Sha256};

use super::scalar;

/// A token and, where it is known, the app that it was given to. Printing one shows nothing.
#[derive(Clone, Deserialize)]
pub struct Credentials {
    #[serde(deserialize_with = "token")]
    access_token: String,
    #[serde(default, deserialize_with = "scalar::text")]
    app_id: Option<String>,
    #[serde(default, deserialize_with = "scalar::text")]
    app_secret: Option<String>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials")
    }
}

/// A token stands in a header, so what cannot stand there is none. The error does not repeat it.
fn token<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let token = String::deserialize(deserializer)?.trim().to_owned();
    let is_token = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
    is_token
        .then_some(token)
        .ok_or_else(|| serde::de::Error::custom("the access token is empty or not a token"))
}

impl Credentials {
    /// Reads `{"access_token", "app_id", "app_secret"}`; the app is optional.
    pub fn parse(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// Tells one token from another without telling it: what was learned of one says nothing of the next.
    pub fn fingerprint(&self) -> String {
        let mut digest = hex::encode(Sha256::digest(self.access_token.as_bytes()));
        digest.truncate(16);
        digest
    }

    /// The token as such.
    pub(super) fn token(&self) -> &str {
        &self.access_token
    }

    /// What authorises a call for the token's person.
    pub(super) fn of_token(&self) -> Authority {
        self.authority(&self.access_token)
    }

    /// What authorises a call for the app itself. Nothing where the app is not known.
    pub(super) fn of_app(&self) -> Option<Authority> {
        let (id, secret) = (self.app_id.as_deref()?, self.app_secret.as_deref()?);
        Some(self.authority(&format!("{id}|{secret}")))
    }

    fn authority(&self, token: &str) -> Authority {
        let proof = self.app_secret.as_deref().and_then(|secret| proof(token, secret));
        // An app's id or secret that cannot stand in a header is refused by Facebook like any other wrong one.
        let mut bearer = HeaderValue::from_str(&format!("Bearer {token}"))
            .unwrap_or_else(|_| HeaderValue::from_static("Bearer"));
        bearer.set_sensitive(true);
        Authority { bearer, proof }
    }

    /// What must never be repeated.
    pub(super) fn secrets(&self) -> impl Iterator<Item = &str> + Clone {
        [Some(self.access_token.as_str()), self.app_secret.as_deref()].into_iter().flatten()
    }
}

/// What a call carries to be allowed. Printing one shows nothing.
#[derive(Clone)]
pub(super) struct Authority {
    /// The `Authorization` header.
    pub bearer: HeaderValue,
    /// The `appsecret_proof` parameter.
    pub proof: Option<String>,
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authority")
    }
}

/// Shows that whoever holds the token also knows the app's secret: HMAC-SHA256 of the token, keyed with the secret.
fn proof(token: &str, secret: &str) -> Option<String> {
    // A key of any length will do, so there is always a proof.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(token.as_bytes());
    Some(hex::encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proof_is_the_hmac_of_the_token() {
        // The second vector of RFC 4231.
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(proof("what do ya want for nothing?", "Jefe").as_deref(), Some(expected));
    }

    #[test]
    fn only_a_token_that_can_be_sent_is_taken() {
        for json in
            ["", "{}", "[]", r#"{"access_token":" "}"#, r#"{"access_token":"a\nb"}"#, r#"{"access_token":7}"#]
        {
            assert!(Credentials::parse(json).is_none(), "{json}");
        }
        let told = serde_json::from_str::<Credentials>(r#"{"access_token":"geheim нет"}"#).unwrap_err();
        assert!(!told.to_string().contains("geheim"), "{told}");
    }

    #[test]
    fn the_app_may_be_missing_and_is_then_not_spoken_for() {
        for json in [
            r#"{"access_token":"t"}"#,
            r#"{"access_token":"t","app_id":null,"app_secret":null}"#,
            r#"{"access_token":"t","app_id":"","app_secret":""}"#,
        ] {
            let credentials = Credentials::parse(json).unwrap();
            assert_eq!(credentials.of_token().proof, None, "{json}");
            assert!(credentials.of_app().is_none(), "{json}");
        }
    }

    #[test]
    fn an_app_speaks_with_its_id_and_secret_and_proves_that_pair() {
        let credentials = Credentials::parse(r#"{"access_token":"t","app_id":22,"app_secret":"s"}"#).unwrap();
        let app = credentials.of_app().unwrap();
        assert_eq!(app.bearer, "Bearer 22|s");
        assert_eq!(app.proof, proof("22|s", "s"));
    }

    #[test]
    fn a_fingerprint_follows_the_token_alone() {
        let of = |json| Credentials::parse(json).unwrap().fingerprint();
        // The first half of the first half of SHA-256 of "abc".
        assert_eq!(of(r#"{"access_token":" abc\n"}"#), "ba7816bf8f01cfea");
        assert_eq!(of(r#"{"access_token":"abc","app_id":"1","app_secret":"s"}"#), "ba7816bf8f01cfea");
        assert_ne!(of(r#"{"access_token":"abd"}"#), "ba7816bf8f01cfea");
    }

    #[test]
    fn nothing_secret_is_printed() {
        let credentials =
            Credentials::parse(r#"{"access_token":"tok-1","app_id":"2","app_secret":"sec-3"}"#).unwrap();
        let printed = format!("{credentials:?} {:?} {:?}", credentials.of_token(), credentials.of_app());
        assert!(!printed.contains("tok-1") && !printed.contains("sec-3"), "{printed}");
    }
}
