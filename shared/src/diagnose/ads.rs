//! What is known of Facebook and of what its ads spend, from our own store: Facebook is not asked.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::limit::unread;
use crate::domain::day::Day;
use crate::domain::diagnostics::spend::Pulled;
use crate::domain::diagnostics::{Diagnostic, Unchecked, rates, spend, utm};
use crate::domain::money::Currency;
use crate::edge::caller::Scope;
use crate::edge::{freshness, utm_accounts};
use crate::store::ads::Ads;
use crate::store::gate::Gate;
use crate::store::rates::RateBook;
use crate::store::rules::RuleBooks;
use crate::sync::rates::for_days;

/// Where it is kept.
pub struct AdsKept {
    pub(super) ads: Ads,
    pub(super) gate: Gate,
    pub(super) rates: RateBook,
}

/// The accounts that are pulled.
pub struct Accounts {
    pulled: Vec<Pulled>,
    currencies: Vec<Currency>,
    in_the_way: Option<String>,
}

impl AdsKept {
    /// The accounts that are pulled, and what keeps them from it.
    pub async fn accounts(&self, rules: &RuleBooks, now: DateTime<Utc>) -> Result<Arc<Accounts>, Unchecked> {
        let book = rules.fresh().await.map_err(unread)?;
        let scope = Scope::everything(book.now());
        let visible = self.ads.visible(&scope, book.now());
        let (visible, standing) = tokio::try_join!(visible, self.gate.standing(None)).map_err(unread)?;
        let accounts = freshness::pulled(&standing, &visible);
        let pulled = accounts.iter().map(|account| Pulled {
            account_id: account.id().clone(),
            name: account.account().name.clone(),
            sync: account.sync().clone(),
            foreign_limit: standing.decided.foreign_limit(account.id(), account.account().currency),
        });
        Ok(Arc::new(Accounts {
            pulled: pulled.collect(),
            currencies: accounts.iter().filter_map(|account| account.account().currency).collect(),
            in_the_way: freshness::of_spend(&standing, &visible, now)
                .remove("spend")
                .and_then(|spend| spend.reason),
        }))
    }

    /// How new their rates are.
    pub async fn rates(&self, accounts: &Accounts, now: DateTime<Utc>) -> Result<Diagnostic, Unchecked> {
        let today = Day::of(now);
        let known = for_days(&self.rates, [today]).await.map_err(unread)?;
        Ok(rates::check(&rates::currencies(accounts.currencies.iter().copied()), &known, today))
    }

    /// What the last check of their UTM tags has found.
    pub async fn utm(&self, rules: &RuleBooks, now: DateTime<Utc>) -> Result<Diagnostic, Unchecked> {
        let book = rules.fresh().await.map_err(unread)?;
        let scope = Scope::everything(book.now());
        let accounts =
            utm_accounts::read(&self.ads, &self.gate, &scope, book.now(), now).await.map_err(unread)?;
        Ok(utm::check(&accounts, now))
    }
}

impl Accounts {
    /// How old their figures are.
    pub fn checked(&self, now: DateTime<Utc>) -> Diagnostic {
        spend::check(self.pulled.clone(), self.in_the_way.as_deref(), now)
    }
}
