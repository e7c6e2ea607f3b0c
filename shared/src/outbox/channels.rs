//! Hands a letter to its provider, with the credentials that are stored now.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::compose::Letter;
use crate::domain::notification::Delivery;
use crate::edge::clock;
use crate::edge::recent::Recent;
use crate::neighbours::email::Ses;
use crate::neighbours::sms::{self, Mobizon};
use crate::neighbours::telegram::{self, Said, Telegram};
use crate::store::StoreError;
use crate::store::chat_moves::ChatMoves;
use crate::store::secrets::Secret;

/// Credentials that were exchanged are noticed after so long.
const KEPT: TimeDelta = TimeDelta::minutes(1);

/// So long a provider may take.
pub const LONGEST_CALL: Duration = Duration::from_secs(10);

const TIME_TO_NOTE: TimeDelta = TimeDelta::seconds(2);

/// The providers.
pub struct Channels {
    /// The Bot API.
    pub telegram: Telegram,
    /// Its token and chat.
    pub telegram_secret: Kept<telegram::Credentials>,
    /// Where the chat has moved.
    pub moves: ChatMoves,
    /// Mobizon.
    pub sms: Mobizon,
    /// Its key.
    pub sms_secret: Kept<sms::Credentials>,
    /// Amazon SES.
    pub email: Ses,
}

impl Channels {
    /// Hands it over, once. No provider is called who might not answer by `until`: what is read before that takes its time.
    pub async fn send(&self, letter: &Letter, until: DateTime<Utc>) -> Result<Delivery, StoreError> {
        let now = clock::now();
        match letter {
            Letter::Telegram(text) => match self.telegram_secret.get(now).await? {
                Some(credentials) => self.to_chat(&credentials, text, until).await,
                None => Ok(Delivery::fails_without_person(
                    "no bot is configured: store {\"bot_token\", \"chat_id\"} in the secret telegram",
                )),
            },
            Letter::Sms(phone, text) => match self.sms_secret.get(now).await? {
                Some(credentials) => {
                    in_time(until)?;
                    Ok(self.sms.send(&credentials, phone, text).await)
                }
                None => Ok(Delivery::fails_without_person(
                    "no SMS account is configured: store {\"api_key\"} in the secret sms",
                )),
            },
            Letter::Email(address, mail) => {
                in_time(until)?;
                Ok(self.email.send(address, mail).await)
            }
        }
    }

    /// A group that has moved is written to where it is now; that it has is kept before anything else can fail.
    async fn to_chat(
        &self,
        credentials: &telegram::Credentials,
        text: &str,
        until: DateTime<Utc>,
    ) -> Result<Delivery, StoreError> {
        let moved = self.moves.present(credentials.chat()).await?;
        let chat = moved.as_deref().unwrap_or(credentials.chat());
        in_time(until)?;
        match self.telegram.send(credentials, chat, text).await {
            Said::Of(delivery) => Ok(delivery),
            Said::Moved(to) => {
                self.moves.moved(credentials.chat(), &to).await?;
                if !has_time(until, clock::now()) {
                    return Ok(Delivery::later("the chat has moved"));
                }
                match self.telegram.send(credentials, &to, text).await {
                    Said::Of(delivery) => Ok(delivery),
                    Said::Moved(_) => Ok(Delivery::later("the chat moves on and on")),
                }
            }
        }
    }
}

/// Whether a call that begins now ends by then, and its result can be noted.
fn has_time(until: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    TimeDelta::from_std(LONGEST_CALL).is_ok_and(|call| now + call + TIME_TO_NOTE <= until)
}

/// Leaves the claim to end by itself where a call would outlast it.
fn in_time(until: DateTime<Utc>) -> Result<(), StoreError> {
    let too_late = || StoreError::OutOfTime { doing: "handing a message over".to_owned() };
    has_time(until, clock::now()).then_some(()).ok_or_else(too_late)
}

/// A secret that is read again only after a while.
pub struct Kept<T> {
    secret: Secret,
    parse: fn(&str) -> Option<T>,
    kept: Recent<T>,
}

impl<T: Clone> Kept<T> {
    /// Over this secret, which is read by `parse`.
    pub fn new(secret: Secret, parse: fn(&str) -> Option<T>) -> Self {
        Self { secret, parse, kept: Recent::new(KEPT) }
    }

    /// What it holds; nothing where it is empty or not what it should be, and then it is read again next time.
    async fn get(&self, now: DateTime<Utc>) -> Result<Option<T>, StoreError> {
        if let Some(kept) = self.kept.get(now) {
            return Ok(Some(kept));
        }
        let read = self.secret.value().await?.as_deref().and_then(self.parse);
        if let Some(read) = &read {
            self.kept.put(read.clone(), now);
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_would_outlast_the_lease_is_not_begun() {
        let now: DateTime<Utc> = "2026-11-20T10:00:00Z".parse().unwrap();
        assert!(has_time(now + TimeDelta::seconds(12), now));
        assert!(!has_time(now + TimeDelta::milliseconds(11_999), now));
    }
}
