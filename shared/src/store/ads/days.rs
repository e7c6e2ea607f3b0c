//! An account's days: what a funnel needs, without the ads.

use super::{Ads, document, key, of_each};
use crate::domain::ad_account::AdAccountId;
use crate::domain::day::{Day, Period};
use crate::domain::spend::AccountDay;
use crate::store::StoreError;
use crate::store::document::Item;

pub(super) fn partition(account: &AdAccountId) -> String {
    format!("spend#{account}")
}

pub(super) fn day_key(account: &AdAccountId, day: Day) -> Item {
    key(partition(account), format!("day#{day}"))
}

pub(super) fn day_item(day: &AccountDay) -> Result<Item, StoreError> {
    let mut item = document::item(day, [("generation", day.generation.clone())])?;
    item.extend(day_key(&day.account_id, day.day));
    Ok(item)
}

impl Ads {
    /// An account's days of a period, in order. A day that was never pulled is not among them.
    pub(crate) async fn days(
        &self,
        account: &AdAccountId,
        period: Period,
    ) -> Result<Vec<AccountDay>, StoreError> {
        let (from, to) = (format!("day#{}", period.from), format!("day#{}", period.to));
        self.documents(&partition(account), &from, &to).await
    }

    /// The days of several accounts.
    pub(crate) async fn days_of<'a>(
        &self,
        accounts: impl IntoIterator<Item = &'a AdAccountId>,
        period: Period,
    ) -> Result<Vec<AccountDay>, StoreError> {
        of_each(accounts.into_iter().map(|account| self.days(account, period)).collect()).await
    }
}
