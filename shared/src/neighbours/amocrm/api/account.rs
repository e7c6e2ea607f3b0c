//! The account: whether amoCRM lets us in at all.

use serde::Deserialize;

use super::classify::Asked;
use super::client::{Amocrm, Answer, Call};
use super::failure::{Class, Failure, Said};

#[derive(Deserialize)]
struct Account {
    #[expect(dead_code, reason = "an answer without it is not an account")]
    id: u64,
}

impl Amocrm {
    /// Asks for the account. That there is one is all that is asked.
    pub async fn account(&self) -> Answer<()> {
        let account = self.call::<Account>(Call::get(Asked::Always, "account", &[])).await?;
        let none = || Failure { class: Class::Again, said: Said::ourselves(Some(204), "no account") };
        account.map(drop).ok_or_else(none)
    }
}
