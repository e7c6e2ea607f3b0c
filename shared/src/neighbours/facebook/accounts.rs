//! Businesses and their ad accounts.
//!
//! The fields asked for are those that every token with `ads_read` may see: one field too many fails the whole page.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Deserialize;

use super::classify::Asked;
use super::graph::{Answer, Graph};
use super::page::{Cursor, Page};
use super::scalar;
use crate::domain::ad_account::AdAccountId;
use crate::domain::money::Currency;

const PAGE: &str = "100";

const ACCOUNT_FIELDS: &str =
    "account_id,name,currency,timezone_name,timezone_offset_hours_utc,account_status,disable_reason";

/// A business that the token's person belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Business {
    /// Its id.
    #[serde(deserialize_with = "scalar::id")]
    pub id: String,
    /// Its name.
    #[serde(default, deserialize_with = "scalar::text")]
    pub name: Option<String>,
}

/// Whose ad accounts. No single list is complete: the union of all three is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountsOf {
    /// Those assigned to the token's person.
    Me,
    /// Those that the business with this id owns.
    Owned(String),
    /// Those that others let the business with this id work with.
    Client(String),
}

/// What an ad account says of itself. All but its id may be missing, since a bad account must not hide the others.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "AsSent")]
pub struct AccountFacts {
    /// Its id.
    pub account_id: AdAccountId,
    /// Its name.
    pub name: Option<String>,
    /// What it pays in.
    pub currency: Option<Currency>,
    /// The zone whose days its figures are by, as in `Asia/Almaty`.
    pub timezone_name: Option<String>,
    /// The minutes that its zone is ahead of UTC now, for a zone whose name we do not know.
    pub timezone_offset_minutes: Option<i32>,
    /// 1 active, 2 disabled, 3 unsettled, 7 pending risk review, 8 pending settlement, 9 grace period, 100 pending
    /// closure, 101 closed; others are kept as they come.
    pub account_status: Option<i64>,
    /// Why it is disabled; 0 for no reason.
    pub disable_reason: Option<i64>,
}

#[derive(Deserialize)]
struct AsSent {
    #[serde(default, deserialize_with = "scalar::text")]
    id: Option<String>,
    #[serde(default, deserialize_with = "scalar::text")]
    account_id: Option<String>,
    #[serde(default, deserialize_with = "scalar::text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "scalar::text")]
    currency: Option<String>,
    #[serde(default, deserialize_with = "scalar::text")]
    timezone_name: Option<String>,
    #[serde(default, deserialize_with = "scalar::maybe_amount")]
    timezone_offset_hours_utc: Option<Decimal>,
    #[serde(default, deserialize_with = "scalar::maybe_whole")]
    account_status: Option<i64>,
    #[serde(default, deserialize_with = "scalar::maybe_whole")]
    disable_reason: Option<i64>,
}

impl TryFrom<AsSent> for AccountFacts {
    type Error = &'static str;

    fn try_from(sent: AsSent) -> Result<Self, Self::Error> {
        let id = sent.account_id.or(sent.id);
        let account_id = id.as_deref().and_then(AdAccountId::parse).ok_or("an ad account without an id")?;
        let minutes = |hours: Decimal| hours.checked_mul(Decimal::from(60))?.round().to_i32();
        Ok(Self {
            account_id,
            name: sent.name,
            currency: sent.currency.as_deref().and_then(Currency::parse),
            timezone_name: sent.timezone_name,
            timezone_offset_minutes: sent.timezone_offset_hours_utc.and_then(minutes),
            account_status: sent.account_status,
            disable_reason: sent.disable_reason,
        })
    }
}

impl Graph {
    /// The businesses of the token's person. Needs `business_management`.
    pub async fn businesses(&self, after: Option<&Cursor>) -> Answer<Page<Business>> {
        self.page(Asked::Object, "me/businesses", &[("fields", "id,name"), ("limit", PAGE)], after).await
    }

    /// Ad accounts, whatever their status.
    pub async fn ad_accounts(&self, of: &AccountsOf, after: Option<&Cursor>) -> Answer<Page<AccountFacts>> {
        let path = match of {
            AccountsOf::Me => "me/adaccounts".to_owned(),
            AccountsOf::Owned(id) | AccountsOf::Client(id) if !scalar::is_id(id) => {
                return Err(self.no_path());
            }
            AccountsOf::Owned(id) => format!("{id}/owned_ad_accounts"),
            AccountsOf::Client(id) => format!("{id}/client_ad_accounts"),
        };
        self.page(Asked::Object, &path, &[("fields", ACCOUNT_FIELDS), ("limit", PAGE)], after).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(json: &str) -> Result<AccountFacts, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn an_account_is_read_as_recorded() {
        let facts = account(
            r#"{"id":"act_1017000000000001","account_id":"1017000000000001","name":"Client KZ 1","account_status":1,
                "currency":"USD","timezone_name":"Asia/Almaty","timezone_offset_hours_utc":5,"disable_reason":0,
                "amount_spent":"523411","spend_cap":"0","balance":"0"}"#,
        );
        let expected = AccountFacts {
            account_id: AdAccountId::parse("1017000000000001").unwrap(),
            name: Some("Client KZ 1".to_owned()),
            currency: Currency::parse("USD"),
            timezone_name: Some("Asia/Almaty".to_owned()),
            timezone_offset_minutes: Some(300),
            account_status: Some(1),
            disable_reason: Some(0),
        };
        assert_eq!(facts.unwrap(), expected);
    }

    #[test]
    fn an_account_needs_nothing_but_an_id() {
        let facts = account(r#"{"id":"act_7","currency":"?","account_status":"999","name":""}"#).unwrap();
        assert_eq!((facts.account_id.digits(), facts.account_status), ("7", Some(999)));
        assert_eq!((facts.currency, facts.name, facts.timezone_offset_minutes), (None, None, None));
        assert!(account(r#"{"name":"nobody"}"#).is_err());
    }

    #[test]
    fn zones_between_the_hours_are_exact() {
        for (hours, minutes) in [("5.5", 330), ("-3.5", -210), ("\"5.75\"", 345), ("-8", -480)] {
            let facts =
                account(&format!(r#"{{"account_id":7,"timezone_offset_hours_utc":{hours}}}"#)).unwrap();
            assert_eq!(facts.timezone_offset_minutes, Some(minutes), "{hours}");
        }
    }
}
