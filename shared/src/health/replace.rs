//! Another secret in place of the kept one: tried first, kept only where the neighbour takes it.
//!
//! 1. Take the secret's lock: whoever else replaces it, an admin or a function that renews amoCRM's tokens, waits or is
//!    waited for.
//! 2. Under the lock read what is kept and lay over it what is given.
//! 3. Ask the neighbour with the outcome. What it refuses is not kept, and what it cannot be asked about is not either.
//! 4. Write the audit row, then the secret: no change is without its row. A secret that could not be written has a second row
//!    that says so.
//! 5. Hand the lock back. Whoever died holds it for 90 s.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::TimeDelta;
use uuid::Uuid;

use super::doors::Doors;
use crate::domain::audit::{Action, AuditRow, Who};
use crate::domain::secret::{Fields, Held, Neighbour, Wrong};
use crate::domain::token_health::{Found, Token, TokenCheck, Trouble};
use crate::edge::clock;
use crate::store::StoreError;
use crate::store::audit::Audit;
use crate::store::locked_secret::{LockedSecret, TokenPlace};
use crate::store::token_healths::TokenHealths;

/// Another holds the lock for a few seconds at most, while it asks the neighbour.
const PATIENCE: TimeDelta = TimeDelta::seconds(6);

const LOOK_AGAIN: Duration = Duration::from_millis(300);

const IN_USE: &str = "tried with a real call, and in use within a minute";
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
        let (found, key) = self.doors.test(neighbour, &value, given).await;
        match &found {
            Found::Good(_) => {}
            Found::Bad(trouble) => {
                let field = key.unwrap_or_else(|| neighbour.blamed(given));
                let problem = format!("{}. {}", trouble.problem, trouble.what_to_do);
                return Ok(Replaced::Refused(vec![Wrong { field: field.to_owned(), problem }]));
            }
            Found::Unasked(trouble) => return Ok(Replaced::Unasked(trouble.clone())),
        }
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
        self.audit.put(&row(IN_USE)).await?;
        if let Err(error) = secret.replace(&value).await {
            self.audit.put(&row(NOT_KEPT)).await?;
            return Err(error);
        }
        tracing::info!(neighbour = neighbour.as_str(), "a secret was replaced");
        self.note(neighbour, TokenCheck { checked_at, found }).await;
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
