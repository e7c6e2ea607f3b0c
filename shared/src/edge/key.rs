//! The keys that amoCRM sends with its hooks.
//!
//! Account hooks carry no signature, so a long random key in the address is what tells ours from a stranger's. Only
//! SHA-256 digests are configured: a digest of 32 random bytes cannot be turned back, so nothing secret is kept here.

use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};
use thiserror::Error;

/// The live keys: one, or two while a key is being rotated.
#[derive(Debug, Clone)]
pub struct WebhookKeys(Vec<[u8; 32]>);

/// The configured digests cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("must hold one or two SHA-256 digests in hex, comma-separated")]
pub struct BadDigests;

impl WebhookKeys {
    /// Reads one or two digests.
    pub fn parse(text: &str) -> Result<Self, BadDigests> {
        let digest = |part: &str| hex::decode(part.trim()).ok()?.try_into().ok();
        let digests: Option<Vec<[u8; 32]>> = text.split(',').map(digest).collect();
        digests.filter(|digests| digests.len() <= 2).map(Self).ok_or(BadDigests)
    }

    /// Whether a key is one of the live ones. Takes the same time for every key of a length.
    pub fn admit(&self, key: &str) -> bool {
        let digest: [u8; 32] = Sha256::digest(key.as_bytes()).into();
        self.0.iter().fold(Choice::from(0), |any, live| any | live.ct_eq(&digest)).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(key: &str) -> String {
        hex::encode(Sha256::digest(key.as_bytes()))
    }

    #[test]
    fn either_live_key_is_admitted_and_no_other() {
        let keys = WebhookKeys::parse(&format!("{},{}", digest("new"), digest("old"))).unwrap();
        assert!(keys.admit("new") && keys.admit("old"));
        assert!(!keys.admit("") && !keys.admit("older") && !keys.admit(&digest("new")));
    }

    #[test]
    fn only_one_or_two_whole_digests_are_taken() {
        let one = digest("a");
        for text in ["", "abc", &one[1..], &format!("{one},"), &format!("{one},{one},{one}")] {
            assert!(WebhookKeys::parse(text).is_err(), "{text}");
        }
    }
}
