//! Tokens as a stranger would forge them, and as the pool itself would have signed them.

use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};

use crate::env::{env, root};

/// The header of a token.
pub fn header(token: &str) -> Value {
    part(token, 0)
}

/// The claims of a token.
pub fn claims(token: &str) -> Value {
    part(token, 1)
}

fn part(token: &str, place: usize) -> Value {
    let text = token.split('.').nth(place).expect("a token of three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
}

/// The same token with other claims and the old signature.
pub fn tampered(token: &str, claims: &Value) -> String {
    let parts: Vec<&str> = token.split('.').collect();
    format!("{}.{}.{}", parts[0], encode(claims), parts[2])
}

/// A token that says it needs no signature.
pub fn unsigned(claims: &Value, kid: &Value) -> String {
    format!("{}.{}.", encode(&json!({"alg": "none", "kid": kid})), encode(claims))
}

/// A token signed with a shared secret, which anyone can make up.
pub fn with_secret(claims: &Value, kid: &Value, secret: &[u8]) -> String {
    let signed = format!("{}.{}", encode(&json!({"alg": "HS256", "kid": kid})), encode(claims));
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret);
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(ring::hmac::sign(&key, signed.as_bytes())))
}

/// A token signed with one of the pool's own keys: `access` signs what the functions take, `id` is another key.
pub fn signed(claims: &Value, kid: &Value, key: &str) -> String {
    let signed = format!("{}.{}", encode(&json!({"alg": "RS256", "kid": kid})), encode(claims));
    let pair = RsaKeyPair::from_pkcs8(&private_key(key)).expect("a private key in PKCS #8");
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn encode(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

/// The local AWS keeps a pool's keys in the folder of its stack, which only the pool's random id tells from another's.
fn private_key(key: &str) -> Vec<u8> {
    let name = format!("state/cognito-pool-keys/{}-{key}.pem", env().get("USER_POOL_ID"));
    let local = root().join(".local");
    let others = std::fs::read_dir(&local).expect(".local").map(|entry| entry.unwrap().path());
    let found: Option<PathBuf> =
        std::iter::once(local).chain(others).map(|folder| folder.join(&name)).find(|file| file.is_file());
    let file = found.unwrap_or_else(|| panic!("no stack below .local keeps {name}"));
    let text = std::fs::read_to_string(&file).unwrap();
    let lines: String = text.lines().filter(|line| !line.starts_with("-----")).collect();
    STANDARD.decode(lines).unwrap()
}
