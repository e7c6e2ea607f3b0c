//! What a caller may see of the ads table.
//!
//! A [`Visible`] account can only be had for a [`Scope`], and outside this crate there is no other way to an account's
//! figures: a handler that forgets the check does not compile.

use super::rows::DayRows;
use super::{Ads, of_each};
use crate::domain::ad::{AdAccount, AdObject};
use crate::domain::ad_account::AdAccountId;
use crate::domain::day::Period;
use crate::domain::rules::Rules;
use crate::domain::spend::AccountDay;
use crate::domain::sync_state::AccountSync;
use crate::domain::team::Owner;
use crate::edge::caller::Scope;
use crate::store::StoreError;

/// An account that the caller may see.
#[derive(Debug, Clone)]
pub struct Visible {
    account: AdAccount,
    owner: Owner,
    sync: AccountSync,
}

impl Visible {
    /// The account.
    pub fn account(&self) -> &AdAccount {
        &self.account
    }

    /// Its id.
    pub fn id(&self) -> &AdAccountId {
        &self.account.account_id
    }

    /// Whose spend its spend is.
    pub fn owner(&self) -> &Owner {
        &self.owner
    }

    /// How its pulling stands.
    pub fn sync(&self) -> &AccountSync {
        &self.sync
    }
}

impl Ads {
    /// The accounts that a scope reaches, by their ids.
    pub async fn visible(&self, scope: &Scope, rules: &Rules) -> Result<Vec<Visible>, StoreError> {
        let (accounts, mut syncs) = futures::future::try_join(self.accounts(), self.syncs()).await?;
        let owned = accounts.into_iter().map(|account| (rules.owner_of(&account.account_id), account));
        let allowed = owned.filter(|(owner, _)| scope.allows(owner));
        let visible = allowed.map(|(owner, account)| {
            let sync = syncs.remove(&account.account_id).unwrap_or_default();
            Visible { account, owner, sync }
        });
        Ok(visible.collect())
    }

    /// The days of these accounts, without their ads.
    pub async fn visible_days(
        &self,
        accounts: &[Visible],
        period: Period,
    ) -> Result<Vec<AccountDay>, StoreError> {
        self.days_of(accounts.iter().map(Visible::id), period).await
    }

    /// The days of these accounts with their ads.
    pub async fn visible_rows(
        &self,
        accounts: &[Visible],
        period: Period,
    ) -> Result<Vec<DayRows>, StoreError> {
        of_each(accounts.iter().map(|account| self.day_rows(account.id(), period)).collect()).await
    }

    /// Every campaign, ad set and ad of these accounts that was ever seen.
    pub async fn visible_objects(&self, accounts: &[Visible]) -> Result<Vec<AdObject>, StoreError> {
        of_each(accounts.iter().map(|account| self.objects(account.id())).collect()).await
    }
}
