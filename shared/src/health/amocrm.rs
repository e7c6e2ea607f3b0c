//! amoCRM, asked for its account within the limit that all functions share, and past its breaker.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::doors::{LONGEST_CALL, no_secret};
use crate::domain::crm::account::Pipeline;
use crate::domain::crm::slots::{Ending, Hold, Taking};
use crate::domain::diagnostics::Who;
use crate::domain::secret::Neighbour;
use crate::domain::token_health::Found;
use crate::edge::clock;
use crate::neighbours::amocrm::api::{Amocrm, Answer, Class, Credentials, Tokens, found, not_renewed};
use crate::store::StoreError;
use crate::store::amocrm_rate::RateLimit;
use crate::store::locked_secret::TokenPlace;
use crate::sync::crm::amocrm::Trouble;
use crate::sync::crm::stop::Stop;
use crate::sync::crm::token::{PAUSES, renewed};

/// So long is waited for a slot within the limit, and for another who renews.
const PATIENCE: TimeDelta = TimeDelta::seconds(2);

const WAITS: &str = "our requests use up its limit, or it wants to be left alone";

/// The account.
pub struct AmocrmDoor {
    pub(crate) http: reqwest::Client,
    pub(crate) base: String,
    pub(crate) limit: RateLimit,
}

impl AmocrmDoor {
    /// What it says to these credentials.
    pub(super) async fn by(&self, credentials: Credentials) -> Result<Found, StoreError> {
        if self.base.is_empty() {
            return Ok(no_address());
        }
        let answer = self.account(&credentials).await?;
        Ok(answer.map_or_else(waits, |answer| found(&answer, &credentials)))
    }

    /// A new pair for what stands in these credentials, or what is wrong with that. Whoever asks has the secret's lock and must
    /// not be broken off: what stands in them serves once.
    pub(super) async fn new_pair(
        &self,
        credentials: &Credentials,
    ) -> Result<Result<Tokens, Found>, StoreError> {
        if self.base.is_empty() {
            return Ok(Err(no_address()));
        }
        let amocrm = self.amocrm(credentials.clone());
        let answer = self.once(amocrm.new_tokens()).await?;
        Ok(answer.ok_or_else(waits).and_then(|answer| answer.map_err(|failure| not_renewed(&failure))))
    }

    /// What it says to the kept ones. An access token that has ended and can be renewed is renewed, as any other call would.
    ///
    /// Renewing has no limit but the client's own: a refresh token whose answer is not waited for is lost.
    pub(super) async fn kept<P: TokenPlace>(&self, place: &P) -> Result<Found, StoreError> {
        let secret = place.secret().await?;
        let Some(credentials) = secret.as_deref().and_then(Credentials::parse) else {
            return Ok(no_secret(Neighbour::Amocrm));
        };
        if self.base.is_empty() {
            return Ok(no_address());
        }
        let Some(answer) = self.account(&credentials).await? else { return Ok(waits()) };
        let is_refused = answer.as_ref().is_err_and(|failure| failure.class == Class::Unauthorized);
        if !is_refused || !credentials.can_be_renewed() {
            return Ok(found(&answer, &credentials));
        }
        let ask = |credentials| async move {
            let amocrm = self.amocrm(credentials);
            match self.once(amocrm.new_tokens()).await? {
                Some(tokens) => tokens.map_err(|failure| Trouble::Failed { failure, paused_until: None }),
                None => Err(Trouble::Stop(Stop::Later(WAITS.to_owned()))),
            }
        };
        match renewed(place, &credentials, clock::now() + PATIENCE, PAUSES, ask).await {
            Ok(credentials) => self.by(credentials).await,
            Err(Trouble::NoWay(problem)) => Ok(Found::bad(
                problem,
                "An admin of amoCRM connects the integration anew, and an admin stores the new tokens.",
            )
            .by(Who::CrmAdmin)),
            Err(Trouble::Failed { failure, .. }) => Ok(Found::down(format!("amoCRM: {failure}"))),
            Err(Trouble::Stop(stop)) => Ok(Found::down(format!("amoCRM: {stop}"))),
        }
    }

    fn amocrm(&self, credentials: Credentials) -> Amocrm {
        Amocrm::new(self.http.clone(), &self.base, credentials)
    }

    /// Whether anybody has said where it is.
    pub(crate) fn has_address(&self) -> bool {
        !self.base.is_empty()
    }

    /// Its pipelines, by these credentials; nothing where there is no slot for it now.
    pub(crate) async fn pipelines(
        &self,
        credentials: &Credentials,
    ) -> Result<Option<Answer<Vec<Pipeline>>>, StoreError> {
        let amocrm = self.amocrm(credentials.clone());
        self.once(amocrm.pipelines()).await
    }

    /// The account that these credentials are of, likewise.
    pub(crate) async fn account(&self, credentials: &Credentials) -> Result<Option<Answer<u64>>, StoreError> {
        let amocrm = self.amocrm(credentials.clone());
        self.once(amocrm.account_within(LONGEST_CALL)).await
    }

    /// One request in a slot of its own; nothing where there is none for now.
    async fn once<T>(&self, ask: impl Future<Output = Answer<T>>) -> Result<Option<Answer<T>>, StoreError> {
        let Some(hold) = self.slot(clock::now() + PATIENCE).await? else { return Ok(None) };
        sleep_until(hold.start_at).await;
        let answer = ask.await;
        let ending = match &answer {
            Err(failure) if failure.class == Class::SlowDown => Ending::TooOften,
            Err(failure) if failure.said.status.is_none() => Ending::Otherwise,
            _ => Ending::Answered,
        };
        // What was answered counts, whatever becomes of our books: the slot ends by its lease.
        if let Err(error) = self.limit.ended(clock::now(), &hold, ending).await {
            tracing::warn!(error = %error, "the end of a call to amoCRM could not be noted");
        }
        Ok(Some(answer))
    }

    async fn slot(&self, latest: DateTime<Utc>) -> Result<Option<Hold>, StoreError> {
        let ticket = Uuid::now_v7().to_string();
        loop {
            match self.limit.take(clock::now(), &ticket, latest).await? {
                Taking::Ours(hold) => return Ok(Some(hold)),
                Taking::AskAgain(at) => sleep_until(at).await,
                Taking::TooLate { .. } => return Ok(None),
            }
        }
    }
}

fn waits() -> Found {
    Found::down(format!("amoCRM: {WAITS}"))
}

fn no_address() -> Found {
    Found::unasked(
        "amoCRM: its address is not set",
        "Whoever runs the stack sets AMOCRM_BASE_URL to the account's own address.",
    )
    .by(Who::Deployer)
}

async fn sleep_until(at: DateTime<Utc>) {
    let pause: Duration = (at - clock::now()).to_std().unwrap_or_default();
    tokio::time::sleep(pause).await;
}
