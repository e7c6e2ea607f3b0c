//! All tokens, checked side by side. Each check has its own limit: one that hangs or fails is an entry, and keeps no other from
//! being told.

use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt;
use futures::future::{BoxFuture, join_all};

use super::doors::{Doors, no_secret, of_store, within};
use crate::domain::secret::Neighbour;
use crate::domain::token_health::{Found, Token, TokenCheck, TokenHealth};
use crate::store::StoreError;
use crate::store::locked_secret::{LockedSecret, TokenPlace};
use crate::store::token_healths::TokenHealths;

/// Nobody has the neighbours asked more often.
const PAUSE: TimeDelta = TimeDelta::seconds(30);

/// Checks tokens and tells how they stand.
pub struct TokenChecks {
    pub(super) doors: Doors,
    pub(super) secrets: [(Token, LockedSecret); 5],
    pub(super) store: TokenHealths,
}

impl TokenChecks {
    /// Asks every neighbour, and keeps what it said.
    pub async fn run(&self, now: DateTime<Utc>) -> Vec<(Token, TokenCheck)> {
        let checks = self.secrets.iter().map(|(token, secret)| async move {
            let check = TokenCheck { checked_at: now, found: self.check(*token, secret).await };
            if let Err(error) = self.store.keep(*token, &check).await {
                tracing::error!(token = token.as_str(), error = %error, "what a check found could not be kept");
            }
            (*token, check)
        });
        join_all(checks).await
    }

    /// Asks every neighbour, unless somebody just did.
    pub async fn run_for_people(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        if self.store.begin(now, PAUSE).await? {
            self.run(now).await;
        }
        Ok(())
    }

    /// How the tokens stand by what is kept; nobody is asked.
    pub async fn told(&self, now: DateTime<Utc>) -> Result<Vec<TokenHealth>, StoreError> {
        let kept = self.store.kept().await?;
        Ok(kept.iter().map(|(token, kept)| TokenHealth::of(*token, kept, now)).collect())
    }

    async fn check(&self, token: Token, secret: &LockedSecret) -> Found {
        let doors = &self.doors;
        let check: BoxFuture<'_, Result<Found, StoreError>> = match token {
            // It limits each of its calls, and must not be broken off between them.
            Token::Amocrm => {
                let found = doors.amocrm.kept(secret).await;
                return found.unwrap_or_else(|error| of_store(&error));
            }
            Token::Facebook => {
                by(secret, Neighbour::Facebook, |value| async move { doors.facebook(&value).await })
            }
            Token::Openai => by(secret, Neighbour::Openai, |value| async move { doors.openai(&value).await }),
            Token::Telegram => {
                by(secret, Neighbour::Telegram, |value| async move { doors.telegram(&value).await })
            }
            Token::Sms => by(secret, Neighbour::Sms, |value| async move { doors.sms(&value).await }),
        };
        within(check).await
    }
}

/// A check by the secret that is kept now.
fn by<'a, F>(
    secret: &'a LockedSecret,
    neighbour: Neighbour,
    check: impl FnOnce(String) -> F + Send + 'a,
) -> BoxFuture<'a, Result<Found, StoreError>>
where
    F: Future<Output = Result<Found, StoreError>> + Send + 'a,
{
    async move {
        match secret.secret().await? {
            Some(value) => check(value).await,
            None => Ok(no_secret(neighbour)),
        }
    }
    .boxed()
}
