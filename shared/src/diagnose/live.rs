//! What only a neighbour itself can say: amoCRM whether it lets us in and what its pipelines are, the old databases whether
//! our keys read their tables. Each is asked once, past its breaker, which is not told; nothing is renewed, nothing changed.

use std::sync::Arc;
use std::time::Duration;

use super::limit::unread;
use crate::domain::crm::account::Pipeline;
use crate::domain::diagnostics::Unchecked;
use crate::domain::diagnostics::crm::Said;
use crate::domain::diagnostics::old_sync::Live;
use crate::domain::token_health::{Found, Trouble};
use crate::health::AmocrmDoor;
use crate::neighbours::amocrm::api::{Answer, Class, Credentials, found};
use crate::neighbours::supabase::{self, Supabase};
use crate::store::secrets::Secret;
use crate::sync::old::{Database, Table};

/// So long the pipelines are waited for. Where they do not come, those of the last check do.
const PIPELINES: Duration = Duration::from_secs(6);

/// amoCRM.
pub struct LiveCrm {
    pub(super) door: AmocrmDoor,
    pub(super) secret: Secret,
}

/// What it lets us in with; nothing where none is stored.
pub type Kept = Result<Option<Arc<Credentials>>, Unchecked>;

impl LiveCrm {
    /// What it lets us in with.
    pub async fn credentials(&self) -> Kept {
        let secret = self.secret.value().await.map_err(unread)?;
        Ok(secret.as_deref().and_then(Credentials::parse).map(Arc::new))
    }

    /// What it says of its account.
    pub async fn says(&self, kept: impl Future<Output = Kept>) -> Result<Said, Unchecked> {
        if !self.door.has_address() {
            return Ok(Said::NoAddress);
        }
        let Some(credentials) = kept.await? else {
            let what_to_do = "An admin stores it: PUT /api/admin/secrets/amocrm.";
            return Ok(Said::Refused(Trouble::new("amoCRM: no usable token is stored", what_to_do)));
        };
        Ok(match self.door.account(&credentials).await.map_err(unread)? {
            Some(answer) => said(&answer, &credentials),
            None => Said::Busy,
        })
    }

    /// Its pipelines, if they come in time.
    pub async fn pipelines(&self, kept: impl Future<Output = Kept>) -> Option<Vec<Pipeline>> {
        let asking = async {
            let credentials = kept.await.ok()??;
            self.door.has_address().then_some(())?;
            self.door.pipelines(&credentials).await.ok()??.ok()
        };
        tokio::time::timeout(PIPELINES, asking).await.ok().flatten()
    }
}

fn said(answer: &Answer<u64>, credentials: &Credentials) -> Said {
    match answer {
        Ok(account) => Said::Account(*account),
        Err(failure) if failure.class == Class::SlowDown => Said::Busy,
        Err(failure) if failure.class == Class::Unauthorized && credentials.can_be_renewed() => {
            Said::Ended(failure.to_string())
        }
        Err(failure) => match found(answer, credentials) {
            Found::Bad(trouble) => Said::Refused(trouble),
            Found::Good(worth) => worth
                .obstacle()
                .map_or_else(|| Said::Silent(failure.to_string()), |trouble| Said::Refused(trouble.clone())),
            Found::Unasked(_) => Said::Silent(failure.to_string()),
        },
    }
}

/// The databases of the system before this one.
pub struct LiveDatabases {
    pub(super) http: reqwest::Client,
    pub(super) landing: String,
    pub(super) tripwire: String,
    pub(super) secret: Secret,
}

/// What they let us in with.
pub type Keys = Result<supabase::Credentials, Unchecked>;

impl LiveDatabases {
    /// What they let us in with.
    pub async fn keys(&self) -> Keys {
        let secret = self.secret.value().await.map_err(unread)?;
        Ok(secret.as_deref().and_then(supabase::Credentials::parse).unwrap_or_default())
    }

    /// What the database of a table says when a row of it is read.
    pub async fn says(&self, table: Table, keys: impl Future<Output = Keys>) -> Result<Live, Unchecked> {
        let (url, database) = match table {
            Table::Tripwire => (&self.tripwire, Database::Tripwire),
            Table::Landing | Table::Proftest | Table::ExpressSales | Table::MainSales => {
                (&self.landing, Database::Landing)
            }
        };
        if url.is_empty() {
            return Ok(Live::Unasked);
        }
        let Some(key) = database.key(keys.await?) else { return Ok(Live::Fails(database.no_key())) };
        let read = Supabase::new(self.http.clone(), url, key).reads(table.table()).await;
        Ok(read.map_or_else(|failure| Live::Fails(failure.problem()), |()| Live::Reads))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::neighbours::amocrm::api;

    fn of(class: Class, secret: &str) -> Said {
        let said = api::Said { status: Some(400), message: "no".to_owned(), ..api::Said::default() };
        super::said(&Err(api::Failure { class, said }), &Credentials::parse(secret).unwrap())
    }

    #[test]
    fn what_amocrm_says_is_told_by_who_can_mend_it() {
        let long_lived = r#"{"access_token":"t"}"#;
        let oauth = r#"{"access_token":"t","refresh_token":"r","client_id":"c","client_secret":"s","redirect_uri":"u"}"#;
        assert_eq!(said(&Ok(7), &Credentials::parse(long_lived).unwrap()), Said::Account(7));
        assert_eq!(of(Class::SlowDown, long_lived), Said::Busy);
        assert_eq!(of(Class::Unauthorized, oauth), Said::Ended("HTTP 400, no".to_owned()));
        assert_eq!(of(Class::Again, oauth), Said::Silent("HTTP 400, no".to_owned()));
        for class in [Class::Unauthorized, Class::Unpaid, Class::Forbidden, Class::Misconfigured] {
            assert!(matches!(of(class, long_lived), Said::Refused(_)), "{class:?}");
        }
    }
}
