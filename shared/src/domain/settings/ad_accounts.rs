//! What people decide about ad accounts, besides whose they are.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Problem;
use crate::domain::ad_account::AdAccountId;
use crate::domain::money::{Currency, Money};

const MOST_ACCOUNTS: usize = 500;

/// The accounts that something was decided about. Of the others everything is pulled.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AdAccounts(pub BTreeMap<AdAccountId, AdAccountSettings>);

/// What was decided about one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AdAccountSettings {
    /// Whether it is pulled.
    pub enabled: bool,
    /// What it should not spend more than in a day of its own, in its own currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub daily_limit: Option<Money>,
}

impl Default for AdAccountSettings {
    fn default() -> Self {
        Self { enabled: true, daily_limit: None }
    }
}

impl AdAccounts {
    /// The section of the settings that holds them.
    pub const SECTION: &str = "ad_accounts";

    /// Whether an account is pulled.
    pub fn is_on(&self, account: &AdAccountId) -> bool {
        self.0.get(account).is_none_or(|settings| settings.enabled)
    }

    /// The currency of an account's daily limit, where it is another than this one of the account.
    pub fn foreign_limit(&self, account: &AdAccountId, own: Option<Currency>) -> Option<Currency> {
        let limit = self.0.get(account)?.daily_limit?.currency;
        (limit != own?).then_some(limit)
    }
}

/// `value` is what the accounts were read from: one that is named in both ways is a single one here.
pub(super) fn check(accounts: &mut AdAccounts, value: &Value) -> Vec<Problem> {
    let is_none =
        |settings: &AdAccountSettings| settings.daily_limit.as_ref().is_some_and(|limit| limit.amount <= 0);
    let wrong = accounts.0.iter().filter(|(_, settings)| is_none(settings));
    let wrong = wrong.map(|(account, _)| Problem::new(format!("{account}.daily_limit"), "must be above 0"));
    let mut problems: Vec<Problem> = wrong.collect();
    let names = value.as_object().into_iter().flat_map(Map::keys);
    let twice = names.filter_map(|name| {
        let digits = AdAccountId::parse(name)?.digits().to_owned();
        (digits != *name && value.get(&digits).is_some()).then_some((name, digits))
    });
    problems.extend(
        twice.map(|(name, digits)| Problem::new(name.as_str(), format!("is the same account as {digits}"))),
    );
    if accounts.0.len() > MOST_ACCOUNTS {
        problems.push(Problem::new("value", format!("must not name more than {MOST_ACCOUNTS} accounts")));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_in_another_currency_than_the_accounts_is_known() {
        let id = AdAccountId::parse("839340528712304").unwrap();
        let (usd, kzt) = (Currency::parse("USD").unwrap(), Currency::parse("KZT").unwrap());
        let limit = AdAccountSettings {
            daily_limit: Some(Money { amount: 5_000, currency: usd }),
            ..Default::default()
        };
        let accounts = AdAccounts([(id.clone(), limit)].into());
        assert_eq!(accounts.foreign_limit(&id, Some(kzt)), Some(usd));
        assert_eq!(accounts.foreign_limit(&id, Some(usd)), None);
        assert_eq!(accounts.foreign_limit(&id, None), None, "nobody knows the account's own");
        assert_eq!(AdAccounts::default().foreign_limit(&id, Some(kzt)), None);
    }
}
