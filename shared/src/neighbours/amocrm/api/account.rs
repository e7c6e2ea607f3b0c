//! The account: whether amoCRM lets us in at all, and whose deals we see.

use std::time::Duration;

use serde::Deserialize;

use super::classify::Asked;
use super::client::{Amocrm, Answer, Call};
use super::failure::{Class, Failure, Said};

#[derive(Deserialize)]
struct Account {
    id: u64,
}

impl Amocrm {
    /// The id of the account that the token is of.
    pub async fn account(&self) -> Answer<u64> {
        let account = self.call::<Account>(Call::get(Asked::Always, "account", &[])).await?;
        let none = || Failure { class: Class::Again, said: Said::ourselves(Some(204), "no account") };
        account.map(|account| account.id).ok_or_else(none)
    }

    /// The same, for who waits no longer than this.
    pub async fn account_within(&self, limit: Duration) -> Answer<u64> {
        let late =
            || Failure { class: Class::Again, said: Said::ourselves(None, "it does not answer in time") };
        tokio::time::timeout(limit, self.account()).await.unwrap_or_else(|_| Err(late()))
    }
}
