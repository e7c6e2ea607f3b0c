//! Who may ask: the long-lived tokens of the world, and OAuth's pairs, whose refresh token serves once.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::call::Call;
use super::problem::{Problem, not_played, oauth, unreadable};

/// The tokens as a world names them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wanted {
    long_lived: Vec<String>,
    oauth: Option<OAuth>,
}

/// An integration with OAuth and its first pair.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OAuth {
    client_id: String,
    client_secret: String,
    redirect_uri: String,
    access_token: String,
    refresh_token: String,
}

/// One pair that was issued.
struct Pair {
    access: String,
    refresh: String,
    expired: bool,
    spent: bool,
}

/// The tokens as they are now.
#[derive(Default)]
pub struct Tokens {
    wanted: Wanted,
    pairs: Vec<Pair>,
}

/// Which token a call carries, by a name that may be told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(into = "String")]
pub enum Carried {
    LongLived,
    OAuth { nth: usize, expired: bool },
    Wrong,
    None,
}

impl From<Carried> for String {
    fn from(carried: Carried) -> Self {
        match carried {
            Carried::LongLived => "long_lived".to_owned(),
            Carried::OAuth { nth, .. } => format!("oauth_{nth}"),
            Carried::Wrong => "wrong".to_owned(),
            Carried::None => "none".to_owned(),
        }
    }
}

impl Carried {
    /// Whether it opens the door.
    pub fn opens(&self) -> bool {
        matches!(self, Self::LongLived | Self::OAuth { expired: false, .. })
    }
}

impl Tokens {
    /// As a world names them.
    pub fn new(wanted: Wanted) -> Self {
        let first = wanted.oauth.as_ref().map(|oauth| Pair {
            access: oauth.access_token.clone(),
            refresh: oauth.refresh_token.clone(),
            expired: false,
            spent: false,
        });
        Self { pairs: first.into_iter().collect(), wanted }
    }

    /// Which token this is.
    pub fn carried(&self, token: Option<&str>) -> Carried {
        let Some(token) = token else { return Carried::None };
        if self.wanted.long_lived.iter().any(|known| known == token) {
            return Carried::LongLived;
        }
        let found = self.pairs.iter().enumerate().find(|(_, pair)| pair.access == token);
        found.map_or(Carried::Wrong, |(n, pair)| Carried::OAuth { nth: n + 1, expired: pair.expired })
    }

    /// No access token issued so far is accepted any more.
    pub fn expire(&mut self) {
        self.pairs.iter_mut().for_each(|pair| pair.expired = true);
    }

    /// A new pair for a refresh token that was not used before.
    pub fn refresh(&mut self, call: &Call, now: i64) -> Result<Value, Problem> {
        let body = call.body.as_ref().ok_or_else(|| unreadable("the body is no JSON"))?;
        if body["grant_type"] != "refresh_token" {
            return Err(not_played("another grant_type than refresh_token"));
        }
        let Some(app) = &self.wanted.oauth else { return Err(oauth("Client authentication failed")) };
        if body["client_id"] != app.client_id || body["client_secret"] != app.client_secret {
            return Err(oauth("Client authentication failed"));
        }
        if body["redirect_uri"] != app.redirect_uri {
            return Err(oauth("Redirect uri does not match"));
        }
        let given = self.pairs.iter_mut().find(|pair| body["refresh_token"] == pair.refresh);
        let given = given.ok_or_else(|| oauth("Cannot decrypt the refresh token"))?;
        if given.spent {
            return Err(oauth("Token has been revoked"));
        }
        given.spent = true;
        let nth = (self.pairs.len() + 1).to_string();
        let word =
            |kind| format!("sandbox-{kind}-{:016x}", crate::dice::throw(&[kind, &nth, &app.client_id]));
        let (access, refresh) = (word("access"), word("refresh"));
        let answer = json!({
            "token_type": "Bearer", "expires_in": 86_400, "server_time": now,
            "access_token": access, "refresh_token": refresh,
        });
        self.pairs.push(Pair { access, refresh, expired: false, spent: false });
        Ok(answer)
    }
}
