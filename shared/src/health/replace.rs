//! Another secret in place of the kept one: tried first, kept only where the neighbour takes it.
//!
//! 1. Take the secret's lock: whoever else replaces it, an admin or a function that renews amoCRM's tokens, waits or is
//!    waited for.
//! 2. Under the lock read what is kept and lay over it what is given.
//! 3. Ask the neighbour with the outcome. What it refuses is not kept, what has ended is not, and what it cannot be asked about
//!    is not either. amoCRM's refresh token and keys can be tried by asking for a new pair alone: that pair is kept.
//! 4. Write the audit row, then the secret: no change is without its row. A secret that could not be written has a second row
//!    that says so. A new pair is kept though its row could not be written: there is no other that works.
//! 5. Hand the lock back. Whoever died holds it for 90 s.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::doors::{Doors, Tried};
use crate::domain::audit::{Action, AuditRow, Who};
use crate::domain::day::almaty_clock;
use crate::domain::secret::{Fields, Held, Neighbour, Wrong};
use crate::domain::token_health::{Found, RENEW, Token, TokenCheck, Trouble};
use crate::edge::clock;
use crate::store::StoreError;
use crate::store::audit::Audit;
use crate::store::locked_secret::{LockedSecret, TokenPlace};
use crate::store::token_healths::TokenHealths;
use crate::sync::crm::token::{PAUSES, store};

/// Another holds the lock for a few seconds at most, while it asks the neighbour.
const PATIENCE: TimeDelta = TimeDelta::seconds(6);

const LOOK_AGAIN: Duration = Duration::from_millis(300);

const IN_USE: &str = "tried with a real call, and in use within a minute";
const RENEWED: &str = "tried by asking amoCRM for new tokens with it, and these in use within a minute";
const NOT_KEPT: &str = "it could not be stored: the one before stays";

/// What came of replacing a secret.
pub enum Replaced {
    /// It is kept.
    Kept(Held),
    /// It is not: these fields have to change.
    Refused(Vec<Wrong>),
    /// It is not: the neighbour could not be asked.
    Unasked(Trouble),
    /// It is not: somebody else is at it.
    Busy,
}

/// Reads and replaces secrets.
pub struct Secrets {
    pub(super) doors: Doors,
    pub(super) secrets: BTreeMap<&'static str, LockedSecret>,
    pub(super) audit: Audit,
    pub(super) store: TokenHealths,
}

impl Secrets {
    /// Lays these fields over the secret of a neighbour, if the neighbour takes the outcome.
    pub async fn replace(
        &self,
        neighbour: Neighbour,
        given: &Fields,
        who: Who,
    ) -> Result<Replaced, StoreError> {
        let Some(secret) = self.secrets.get(neighbour.as_str()) else {
            let doing = format!("the secret of {}", neighbour.as_str());
            return Err(StoreError::item(doing, &"it is not configured"));
        };
        let ticket = Uuid::now_v7().to_string();
        let latest = clock::now() + PATIENCE;
        while !secret.lock(&ticket, clock::now()).await? {
            if clock::now() >= latest {
                return Ok(Replaced::Busy);
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        let replaced = self.under_lock(neighbour, secret, given, who).await;
        if let Err(error) = secret.unlock(&ticket).await {
            tracing::warn!(error = %error, "the lock of a secret could not be handed back");
        }
        replaced
    }

    async fn under_lock(
        &self,
        neighbour: Neighbour,
        secret: &LockedSecret,
        given: &Fields,
        who: Who,
    ) -> Result<Replaced, StoreError> {
        let before = Held::of(secret.secret().await?.as_deref(), None).fields;
        let merged = match neighbour.merged(&before, given) {
            Ok(merged) => merged,
            Err(wrong) => return Ok(Replaced::Refused(wrong)),
        };
        let value = serde_json::to_string(&merged);
        let value = value.map_err(|error| StoreError::item("writing a secret", &error))?;
        let checked_at = clock::now();
        let tried = self.doors.test(neighbour, &value, given).await;
        if let Some(refused) = refused(&tried, neighbour.blamed(given), checked_at) {
            return Ok(refused);
        }
        let Tried { found, instead, .. } = tried;
        let merged = instead.as_deref().map_or(merged, |instead| Held::of(Some(instead), None).fields);
        let row = |effect: &str| AuditRow {
            id: Uuid::now_v7().to_string(),
            at: clock::now(),
            who: who.clone(),
            action: Action::SecretReplaced,
            subject: neighbour.as_str().to_owned(),
            before: neighbour.traced(&before),
            after: neighbour.traced(&merged),
            effect: Some(effect.to_owned()),
        };
        let (noted, kept) = match &instead {
            Some(instead) => {
                (self.audit.put(&row(RENEWED)).await, store(secret, instead, PAUSES.store_again).await)
            }
            None => {
                self.audit.put(&row(IN_USE)).await?;
                (Ok(()), secret.replace(&value).await)
            }
        };
        if let Err(error) = kept {
            self.audit.put(&row(NOT_KEPT)).await?;
            return Err(error);
        }
        tracing::info!(neighbour = neighbour.as_str(), "a secret was replaced");
        self.note(neighbour, TokenCheck { checked_at, found }).await;
        noted?;
        Ok(Replaced::Kept(Held { fields: merged, since: Some(clock::now()) }))
    }

    /// The check by which it was tried is as good as the next one, which finds it out anew where this cannot be kept.
    async fn note(&self, neighbour: Neighbour, check: TokenCheck) {
        let token = Token::ALL.into_iter().find(|token| token.as_str() == neighbour.as_str());
        if let Some(token) = token
            && let Err(error) = self.store.keep(token, &check).await
        {
            tracing::warn!(error = %error, "what a check found could not be kept");
        }
    }
}

/// Why what was tried is not kept; nothing where it is.
fn refused(tried: &Tried, blamed: &'static str, now: DateTime<Utc>) -> Option<Replaced> {
    if tried.instead.is_some() {
        return None;
    }
    let refused = |problem: &str, what_to_do: &str| {
        let field = tried.field.unwrap_or(blamed).to_owned();
        Some(Replaced::Refused(vec![Wrong { field, problem: format!("{problem}. {what_to_do}") }]))
    };
    match &tried.found {
        Found::Bad(trouble) => refused(&trouble.problem, &trouble.what_to_do),
        Found::Unasked(trouble) => Some(Replaced::Unasked(trouble.clone())),
        Found::Good(worth) => match (worth.expires_at.filter(|end| *end <= now), worth.obstacle()) {
            (Some(end), _) => refused(&format!("it ended at {}", almaty_clock(end, now)), RENEW),
            // What is in the way may be something that was given.
            (None, Some(trouble)) if tried.field.is_some() => refused(&trouble.problem, &trouble.what_to_do),
            (None, _) => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::token_health::Worth;

    fn of(found: Found, field: Option<&'static str>, instead: Option<&str>) -> String {
        let tried = Tried { found, field, instead: instead.map(str::to_owned) };
        match refused(&tried, "access_token", "2026-11-20T05:00:00Z".parse().unwrap()) {
            None => "kept".to_owned(),
            Some(Replaced::Refused(wrong)) => format!("{} {}", wrong[0].field, wrong[0].problem),
            Some(Replaced::Unasked(trouble)) => format!("unasked {}", trouble.problem),
            Some(Replaced::Kept(_) | Replaced::Busy) => panic!("nothing was kept yet"),
        }
    }

    #[test]
    fn what_is_refused_or_over_is_not_kept_and_a_good_token_of_an_unpaid_account_is() {
        let ends = |end: &str| Found::Good(Worth { expires_at: end.parse().ok(), ..Worth::default() });
        assert_eq!(of(Found::Good(Worth::default()), None, None), "kept");
        assert_eq!(of(ends("2026-11-21T05:00:00Z"), None, None), "kept");
        assert!(of(ends("2026-11-20T04:00:00Z"), None, None).starts_with("access_token it ended at 09:00."));
        assert_eq!(
            of(Found::bad("HTTP 401", "make another"), None, None),
            "access_token HTTP 401. make another"
        );
        assert_eq!(of(Found::down("down"), None, None), "unasked down");
        assert_eq!(of(Found::hindered(None, "HTTP 402", "pay"), None, None), "kept");
        let of_app = of(Found::hindered(None, "no such app", "look it up"), Some("app_secret"), None);
        assert_eq!(of_app, "app_secret no such app. look it up");
    }

    #[test]
    fn a_new_pair_is_kept_whatever_is_said_of_it_since_there_is_no_other() {
        for found in [Found::bad("HTTP 403", ""), Found::down(""), Found::Good(Worth::default())] {
            assert_eq!(of(found, None, Some("{}")), "kept");
        }
    }
}
