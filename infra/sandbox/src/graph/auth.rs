//! Whether a call may be made at all: version, token, and the proof of the app's secret.

use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::Sha256;

use super::call::Call;
use super::errors::{GraphError, dead_token, no_token, old_version, unknown_path, unproven};
use super::world::{TokenState, World};

/// The one version that is played.
pub const VERSION: &str = "v26.0";

/// What became of the proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    Ok,
    Missing,
    Wrong,
}

/// Whether the call proves that it comes from who knows the app's secret.
pub fn proof(call: &Call, world: &World) -> Proof {
    let Some(given) = call.get("appsecret_proof") else { return Proof::Missing };
    let wanted = call.token.as_deref().map(|token| sign(token, &world.app.secret));
    if wanted.as_deref() == Some(given) { Proof::Ok } else { Proof::Wrong }
}

/// HMAC-SHA256 of the token under the app's secret, in hexadecimal.
pub fn sign(token: &str, secret: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(token.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

/// The app's own token, which may inspect other tokens.
pub fn app_token(world: &World) -> String {
    format!("{}|{}", world.app.id, world.app.secret)
}

/// Lets the call in, or says why not.
pub fn admit(call: &Call, world: &World) -> Result<(), GraphError> {
    match call.address.version.as_deref() {
        Some(VERSION) => {}
        Some(other) if newer(other) => return Err(unknown_path(&format!("/{other}{}", call.address.rest))),
        _ => return Err(old_version()),
    }
    let Some(token) = call.token.as_deref() else { return Err(no_token()) };
    let inspects = call.address.edge == super::address::Edge::DebugToken && token == app_token(world);
    if !inspects {
        if token != world.token.access_token {
            return Err(dead_token(None));
        }
        if world.token.state != TokenState::Valid {
            return Err(dead_token(Some(world.token.state)));
        }
    }
    match proof(call, world) {
        Proof::Ok => Ok(()),
        Proof::Missing => Err(unproven(true)),
        Proof::Wrong => Err(unproven(false)),
    }
}

fn newer(version: &str) -> bool {
    let major = version.trim_start_matches('v').split('.').next().and_then(|text| text.parse::<u32>().ok());
    major.is_none_or(|major| major >= 26)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proof_is_the_published_hmac() {
        // RFC 4231, test case 2.
        assert_eq!(
            sign("what do ya want for nothing?", "Jefe"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn versions_are_older_newer_or_the_one() {
        assert!(newer("v27.0") && newer("v26.1") && newer("v26x"));
        assert!(!newer("v25.0") && !newer("v9.0"));
    }
}
