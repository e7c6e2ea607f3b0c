//! Each neighbour, asked whether it takes a secret.

use std::future::Future;
use std::time::Duration;

use crate::domain::day::almaty_clock;
use crate::domain::secret::{Fields, Neighbour};
use crate::domain::sync_state::Calls;
use crate::domain::token_health::{Found, Worth};
use crate::edge::clock;
use crate::neighbours::facebook::Graph;
use crate::neighbours::openai::{self, OpenAi};
use crate::neighbours::sms::{self, Mobizon};
use crate::neighbours::supabase::{self, Class, Supabase};
use crate::neighbours::telegram::{self, Telegram};
use crate::neighbours::{amocrm, facebook};
use crate::store::StoreError;
use crate::store::chat_moves::ChatMoves;
use crate::store::gate::Gate;

use super::amocrm::AmocrmDoor;

/// So long a call may take.
pub(super) const LONGEST_CALL: Duration = Duration::from_secs(5);

/// So long a whole check may take, with what our own store is asked for it.
pub(super) const LONGEST_CHECK: Duration = Duration::from_secs(8);

const STORE: &str = "An admin stores it: PUT /api/admin/secrets/";

/// The neighbours.
pub struct Doors {
    pub(super) http: reqwest::Client,
    pub(super) facebook: String,
    pub(super) gate: Gate,
    pub(super) amocrm: AmocrmDoor,
    pub(super) openai: OpenAi,
    pub(super) telegram: Telegram,
    pub(super) moves: ChatMoves,
    pub(super) sms: Mobizon,
    pub(super) supabase: Option<SupabaseUrls>,
}

/// Where the databases of the system before this one are; empty where there is none.
pub(super) struct SupabaseUrls {
    pub(super) landing: String,
    pub(super) tripwire: String,
}

/// What came of trying a secret.
pub(super) struct Tried {
    /// What the neighbour says.
    pub(super) found: Found,
    /// Which field that is about, where it is known.
    pub(super) field: Option<&'static str>,
    /// The secret that is to be kept in its place, whatever is found: what was given is spent.
    pub(super) instead: Option<String>,
}

impl Tried {
    fn of((found, field): (Found, Option<&'static str>)) -> Self {
        Self { found, field, instead: None }
    }
}

impl Doors {
    /// Whether a neighbour takes this secret. Of the databases those are asked whose key is `given`.
    pub(super) async fn test(&self, neighbour: Neighbour, secret: &str, given: &Fields) -> Tried {
        if let Some(field) = neighbour.renews_by(given) {
            let tried = self.amocrm_anew(secret, field).await;
            return tried.unwrap_or_else(|error| Tried::of((of_store(&error), None)));
        }
        let asked = async {
            match neighbour {
                Neighbour::Facebook => self.facebook(secret).await.map(|found| {
                    let field = of_app(&found, given);
                    (found, field)
                }),
                Neighbour::Amocrm => self.amocrm(secret).await.map(|found| (found, None)),
                Neighbour::Openai => self.openai(secret).await.map(|found| (found, None)),
                Neighbour::Telegram => self.telegram(secret).await.map(|found| (found, None)),
                Neighbour::Sms => self.sms(secret).await.map(|found| (found, None)),
                Neighbour::Supabase => self.supabase(secret, given).await,
            }
        };
        Tried::of(match tokio::time::timeout(LONGEST_CHECK, asked).await {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => (of_store(&error), None),
            Err(_) => (too_slow(), None),
        })
    }

    pub(super) async fn facebook(&self, secret: &str) -> Result<Found, StoreError> {
        let Some(credentials) = facebook::Credentials::parse(secret) else {
            return Ok(no_secret(Neighbour::Facebook));
        };
        let now = clock::now();
        if let Some(pause) = self.gate.standing(None).await?.app.paused(Calls::Discovery, now) {
            let until = almaty_clock(pause.until, now);
            return Ok(Found::unasked(
                format!("Facebook: it wants to be left alone until {until}"),
                pause.reason.what_to_do(),
            ));
        }
        Ok(Graph::new(self.http.clone(), &self.facebook, credentials).check().await)
    }

    /// By the access token that stands in it alone: nothing is renewed.
    async fn amocrm(&self, secret: &str) -> Result<Found, StoreError> {
        let Some(credentials) = amocrm::api::Credentials::parse(secret) else {
            return Ok(no_secret(Neighbour::Amocrm));
        };
        self.amocrm.by(credentials).await
    }

    /// The access token may work whatever stands beside it, so a new pair is asked for. The one that comes is ours, and that
    /// before it is worth nothing: it is kept even where the account then does not let us in.
    async fn amocrm_anew(&self, secret: &str, field: &'static str) -> Result<Tried, StoreError> {
        let Some(credentials) = amocrm::api::Credentials::parse(secret) else {
            return Ok(Tried::of((no_secret(Neighbour::Amocrm), None)));
        };
        let tokens = match self.amocrm.new_pair(&credentials).await? {
            Ok(tokens) => tokens,
            Err(found) => return Ok(Tried::of((found, Some(field)))),
        };
        let instead = tokens.put_into(secret);
        let found = match instead.as_deref().and_then(amocrm::api::Credentials::parse) {
            Some(renewed) => self.amocrm.by(renewed).await.unwrap_or_else(|error| of_store(&error)),
            None => no_secret(Neighbour::Amocrm),
        };
        Ok(Tried { found, field: None, instead })
    }

    pub(super) async fn openai(&self, secret: &str) -> Result<Found, StoreError> {
        Ok(match openai::Credentials::parse(secret) {
            Some(credentials) => self.openai.check(&credentials).await,
            None => no_secret(Neighbour::Openai),
        })
    }

    pub(super) async fn telegram(&self, secret: &str) -> Result<Found, StoreError> {
        let Some(credentials) = telegram::Credentials::parse(secret) else {
            return Ok(no_secret(Neighbour::Telegram));
        };
        let moved = self.moves.present(credentials.chat()).await?;
        Ok(self.telegram.check(&credentials, moved.as_deref().unwrap_or(credentials.chat())).await)
    }

    pub(super) async fn sms(&self, secret: &str) -> Result<Found, StoreError> {
        Ok(match sms::Credentials::parse(secret) {
            Some(credentials) => self.sms.check(&credentials).await,
            None => no_secret(Neighbour::Sms),
        })
    }

    /// Each database whose key is given, side by side; what is wrong with the first that refuses, and which key that is.
    async fn supabase(
        &self,
        secret: &str,
        given: &Fields,
    ) -> Result<(Found, Option<&'static str>), StoreError> {
        let (Some(keys), Some(urls)) = (supabase::Credentials::parse(secret), &self.supabase) else {
            return Ok((no_secret(Neighbour::Supabase), None));
        };
        let landing = ("landing_key", &urls.landing, "landing_leads", keys.clone().landing());
        let tripwire = ("tripwire_key", &urls.tripwire, "unified_lead_tracking", keys.tripwire());
        let is_given = |name: &str| given.get(name).is_some_and(|value| !value.is_null());
        let asked = [landing, tripwire].into_iter().filter(|(name, ..)| is_given(name));
        let asked = asked.map(|(name, url, table, key)| async move {
            let found = match key {
                Some(key) if !url.is_empty() => self.database(url, table, key).await,
                Some(_) => Found::bad(
                    "the address of this database is not set, so the key cannot be tried",
                    "Whoever runs the stack sets SUPABASE_LANDING_URL and SUPABASE_TRIPWIRE_URL.",
                ),
                None => no_secret(Neighbour::Supabase),
            };
            (found, Some(name))
        });
        Ok(worst(futures::future::join_all(asked).await))
    }

    async fn database(&self, url: &str, table: &str, key: supabase::Key) -> Found {
        match Supabase::new(self.http.clone(), url, key).reads(table).await {
            Ok(()) => Found::Good(Worth::default()),
            Err(failure) => {
                let what_to_do = failure.hint.clone().unwrap_or_else(|| "Try again in a minute.".to_owned());
                let said = format!("Supabase: {}", failure.message);
                match failure.class {
                    Class::BadKey | Class::MissingTable | Class::Forbidden | Class::Refused => {
                        Found::bad(said, what_to_do)
                    }
                    Class::Paused | Class::Again | Class::Unreadable => Found::unasked(said, what_to_do),
                }
            }
        }
    }
}

/// What is told of several keys: the first refusal, else what could not be asked. Where none was tried nothing is to be
/// refused: a key was taken out.
fn worst(told: Vec<(Found, Option<&'static str>)>) -> (Found, Option<&'static str>) {
    let rank = |(found, _): &(Found, Option<&'static str>)| match found {
        Found::Bad(_) => 0,
        Found::Unasked(_) => 1,
        Found::Good(_) => 2,
    };
    told.into_iter().min_by_key(rank).unwrap_or_else(|| (Found::Good(Worth::default()), None))
}

/// The field of Facebook's app to blame where that is refused, and not the token.
fn of_app(found: &Found, given: &Fields) -> Option<&'static str> {
    let is_of_app = matches!(found, Found::Good(worth) if worth.obstacle().is_some());
    let is_given = |name: &str| given.get(name).is_some_and(|value| !value.is_null());
    let field = if is_given("app_id") && !is_given("app_secret") { "app_id" } else { "app_secret" };
    is_of_app.then_some(field)
}

/// Nothing is stored, or what is stored cannot be read.
pub(super) fn no_secret(neighbour: Neighbour) -> Found {
    let name = neighbour.as_str();
    Found::bad(format!("no usable secret of {name} is stored"), format!("{STORE}{name}"))
}

/// The check took longer than it may.
pub(super) fn too_slow() -> Found {
    Found::down("it does not answer in time")
}

/// Our own store is in the way. Its words are for the log.
pub(super) fn of_store(error: &StoreError) -> Found {
    tracing::error!(error = %error, "a check of a token could not read the store");
    Found::down("our own store did not answer")
}

/// A check that takes no longer than it may, whatever becomes of it.
pub(super) async fn within(check: impl Future<Output = Result<Found, StoreError>>) -> Found {
    match tokio::time::timeout(LONGEST_CHECK, check).await {
        Ok(found) => found.unwrap_or_else(|error| of_store(&error)),
        Err(_) => too_slow(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_keys_the_first_refusal_is_told() {
        let good = || (Found::Good(Worth::default()), Some("landing_key"));
        let bad = |key| (Found::bad("no", "do"), Some(key));
        let down = || (Found::down("down"), Some("landing_key"));
        assert_eq!(worst(vec![good(), bad("tripwire_key")]), bad("tripwire_key"));
        assert_eq!(worst(vec![down(), bad("tripwire_key")]), bad("tripwire_key"));
        assert_eq!(worst(vec![bad("landing_key"), bad("tripwire_key")]), bad("landing_key"));
        assert_eq!(worst(vec![good(), down()]), down());
        assert_eq!(worst(vec![good(), good()]).1, Some("landing_key"));
        assert!(matches!(worst(vec![]), (Found::Good(_), None)));
    }

    #[tokio::test]
    async fn a_check_that_hangs_or_fails_is_no_answer() {
        let failed = std::future::ready(Err(StoreError::OutOfTime { doing: "a test".to_owned() }));
        assert!(!within(failed).await.is_answer());
        let good = Found::Good(Worth::default());
        assert_eq!(within(std::future::ready(Ok(good.clone()))).await, good);
    }
}
