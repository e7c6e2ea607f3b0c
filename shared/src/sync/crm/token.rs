//! New tokens for ones that amoCRM no longer takes, asked for by one function however many have noticed.
//!
//! 0. Look first: a person, or another function, may have stored other ones. A long-lived token ends here.
//! 1. Take the lock. Held by another: look after a moment whether the secret has another token; then that is the new one.
//! 2. Under the lock look first: someone may have renewed just before.
//! 3. Ask with the refresh token, which can be used once, and store both new tokens before either is used.
//! 4. Hand the lock back. Whoever died holds it for 90 s, which is longer than a function runs.
//!
//! Limitation: a function that dies between amoCRM's answer and the stored secret, and an answer that is lost, cost the
//! refresh token. Then a person has to connect anew; a long-lived token knows no such trouble.

use std::time::Duration;

use backon::{BackoffBuilder, ConstantBuilder};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::amocrm::Trouble;
use super::stop::Stop;
use crate::edge::clock;
use crate::neighbours::amocrm::api::{Class, Credentials, Tokens};
use crate::store::StoreError;
use crate::store::locked_secret::TokenPlace;

/// How long is waited for what takes a moment.
#[derive(Debug, Clone, Copy)]
pub struct Pauses {
    /// Another renews: that takes less than a second.
    pub look_again: Duration,
    /// New tokens could not be stored.
    pub store_again: Duration,
}

/// The pauses of functions.
pub const PAUSES: Pauses =
    Pauses { look_again: Duration::from_millis(300), store_again: Duration::from_millis(500) };

const NO_TOKEN: &str = "amoCRM's secret holds no access token any more: store one";

/// New tokens that are not stored are lost, and the old ones with them.
const STORE_TRIES: usize = 6;

/// The credentials that took the place of refused ones, renewed here if nobody else has.
pub async fn renewed<P: TokenPlace, F: Future<Output = Result<Tokens, Trouble>>>(
    place: &P,
    refused: &Credentials,
    latest: DateTime<Utc>,
    pauses: Pauses,
    ask: impl Fn(Credentials) -> F,
) -> Result<Credentials, Trouble> {
    let gone = || Trouble::NoWay(NO_TOKEN.to_owned());
    let (_, present) = read(place).await?.ok_or_else(gone)?;
    if present.fingerprint() != refused.fingerprint() {
        return Ok(present);
    }
    if !present.can_be_renewed() {
        let problem = "amoCRM does not take the access token (HTTP 401): store a new one in the secret";
        return Err(Trouble::NoWay(problem.to_owned()));
    }
    let ticket = Uuid::now_v7().to_string();
    while clock::now() < latest {
        if place.lock(&ticket, clock::now()).await? {
            let renewed = under_lock(place, refused, pauses, ask).await;
            // A lock that is not handed back ends by itself.
            if let Err(error) = place.unlock(&ticket).await {
                tracing::warn!(error = %error, "the lock of amoCRM's token could not be handed back");
            }
            return renewed;
        }
        tokio::time::sleep(pauses.look_again).await;
        if let Some((_, present)) = read(place).await?
            && present.fingerprint() != refused.fingerprint()
        {
            return Ok(present);
        }
    }
    Err(Trouble::Stop(Stop::OutOfTime))
}

async fn under_lock<P: TokenPlace, F: Future<Output = Result<Tokens, Trouble>>>(
    place: &P,
    refused: &Credentials,
    pauses: Pauses,
    ask: impl Fn(Credentials) -> F,
) -> Result<Credentials, Trouble> {
    let gone = || Trouble::NoWay(NO_TOKEN.to_owned());
    let (secret, present) = read(place).await?.ok_or_else(gone)?;
    if present.fingerprint() != refused.fingerprint() {
        return Ok(present);
    }
    let tokens = match ask(present).await {
        Err(Trouble::Failed { failure, .. }) if is_final(failure.class) => {
            return Err(Trouble::NoWay(format!(
                "amoCRM does not take the refresh token: connect anew and store the new tokens ({failure})"
            )));
        }
        asked => asked?,
    };
    let secret = tokens.put_into(&secret).ok_or_else(gone)?;
    store(place, &secret, pauses.store_again).await?;
    tracing::info!("amoCRM's tokens were renewed");
    Credentials::parse(&secret).ok_or_else(gone)
}

/// Whether asking again with the same refresh token would be refused too.
fn is_final(class: Class) -> bool {
    matches!(class, Class::Invalid | Class::Unauthorized)
}

async fn read<P: TokenPlace>(place: &P) -> Result<Option<(String, Credentials)>, StoreError> {
    let secret = place.secret().await?;
    Ok(secret.and_then(|secret| Some((secret.clone(), Credentials::parse(&secret)?))))
}

/// Keeps new tokens, with tries: where that fails they are lost.
pub(crate) async fn store<P: TokenPlace>(place: &P, secret: &str, pause: Duration) -> Result<(), StoreError> {
    let pauses = ConstantBuilder::default().with_delay(pause).with_max_times(STORE_TRIES - 1);
    let mut pauses = pauses.with_jitter().build();
    loop {
        match (place.replace(secret).await, pauses.next()) {
            (Ok(()), _) => return Ok(()),
            (Err(error), None) => {
                tracing::error!(error = %error, "amoCRM's new tokens are lost: connect anew");
                return Err(error);
            }
            (Err(error), Some(pause)) => {
                tracing::warn!(error = %error, "amoCRM's new tokens could not be stored yet");
                tokio::time::sleep(pause).await;
            }
        }
    }
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
