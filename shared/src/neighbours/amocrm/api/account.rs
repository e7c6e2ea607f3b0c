//! The account: whether amoCRM lets us in at all, and whose deals we see.

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
}
