//! Replaces an account's window of days as a whole.
//!
//! 1. A pull takes a generation, a text that grows with time, and notes it beside the lease.
//! 2. Rows are written page by page under that generation. Nobody reads them yet, so memory holds one page.
//! 3. After the last page the window's days are written in one transaction, each with its totals and the generation, on
//!    condition that the day holds no newer one. A day without rows is written too: it is zero now.
//! 4. Days that a later pull has meanwhile replaced stay as they are; the others are written.
//! 5. The rows that no day names any more are deleted. A window that is not pulled to its end discards what it wrote; a
//!    pull that died is cleaned up after by the next one of the account, which finds its generation beside the lease.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::builders::PutBuilder;
use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use backon::{BackoffBuilder, ExponentialBuilder};
use chrono::{DateTime, Utc};

use super::days::{day_item, partition};
use super::rows::{day_and_generation, row_items, row_key};
use super::{Ads, sort_key, text};
use crate::domain::ad_account::AdAccountId;
use crate::domain::day::{Day, Period};
use crate::domain::money::Currency;
use crate::domain::rates::Rates;
use crate::domain::spend::{AccountDay, AdDay, Delivery};
use crate::store::StoreError;
use crate::store::document::Item;

/// Other pulls of the account hold it for moments only.
const MOST_TRIES: usize = 6;

/// A window as it grows, page by page: no rows, only what they come to.
#[derive(Debug, Clone)]
pub struct Draft {
    account: AdAccountId,
    generation: String,
    period: Period,
    began_at: DateTime<Utc>,
    days: BTreeMap<Day, DraftDay>,
    /// The ads and days that were written, as hashes: a row that moves while pages are read may come twice.
    seen: HashSet<u64>,
    repeated: u64,
}

#[derive(Debug, Clone, Default)]
struct DraftDay {
    parts: u32,
    rows: u32,
    total: Delivery,
}

/// What became of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flip {
    /// Days that show this pull now.
    pub replaced: usize,
    /// Days that a later pull had already replaced.
    pub overtaken: usize,
    /// Rows that were written.
    pub rows: u64,
}

impl Draft {
    /// A window to fill. Generations are compared as texts: a later pull's must be greater.
    pub fn new(account: AdAccountId, generation: String, period: Period, began_at: DateTime<Utc>) -> Self {
        Self {
            account,
            generation,
            period,
            began_at,
            days: BTreeMap::new(),
            seen: HashSet::new(),
            repeated: 0,
        }
    }

    /// How many rows came a second time and were left out.
    pub fn repeated(&self) -> u64 {
        self.repeated
    }

    fn is_new(&mut self, day: Day, row: &AdDay) -> bool {
        let mut hasher = DefaultHasher::new();
        (day, &row.ad_id).hash(&mut hasher);
        let is_new = self.seen.insert(hasher.finish());
        self.repeated += u64::from(!is_new);
        is_new
    }

    /// Adds a page's rows to what the days come to, each row once, and returns them as items to be written.
    fn take(
        &mut self,
        rows: Vec<(Day, AdDay)>,
        currency: Currency,
        rates: &Rates,
    ) -> Result<Vec<Item>, StoreError> {
        let mut by_day: BTreeMap<Day, Vec<AdDay>> = BTreeMap::new();
        for (day, row) in rows {
            if self.is_new(day, &row) {
                by_day.entry(day).or_default().push(row);
            }
        }
        let mut items = vec![];
        for (day, rows) in by_day {
            let growing = self.days.entry(day).or_default();
            let written = row_items(&self.account, day, &self.generation, growing.parts, &rows)?;
            growing.parts += u32::try_from(written.len()).unwrap_or(u32::MAX);
            growing.rows += u32::try_from(rows.len()).unwrap_or(u32::MAX);
            let rate = rates.find(currency, day);
            for row in &rows {
                growing.total.add(&Delivery::of(row, currency, rate.as_ref()));
            }
            items.extend(written);
        }
        Ok(items)
    }

    fn day(&self, day: Day, currency: Currency, rates: &Rates) -> AccountDay {
        let draft = self.days.get(&day).cloned().unwrap_or_default();
        AccountDay {
            account_id: self.account.clone(),
            day,
            generation: self.generation.clone(),
            parts: draft.parts,
            rows: draft.rows,
            currency,
            rate: rates.find(currency, day),
            total: draft.total,
            pulled_at: self.began_at,
        }
    }

    fn row_keys(&self, day: Day) -> impl Iterator<Item = Item> {
        let parts = self.days.get(&day).map_or(0, |draft| draft.parts);
        (0..parts).map(move |part| row_key(&self.account, day, &self.generation, part))
    }
}

impl Ads {
    /// Writes a page's rows under the draft's generation. All of them lie in its window.
    pub async fn write_rows(
        &self,
        draft: &mut Draft,
        rows: Vec<(Day, AdDay)>,
        currency: Currency,
        rates: &Rates,
    ) -> Result<(), StoreError> {
        let items = draft.take(rows, currency, rates)?;
        self.put_all(items, &format!("writing rows of ad account {}", draft.account)).await
    }

    /// Makes the draft what its days are.
    pub async fn flip(&self, draft: &Draft, currency: Currency, rates: &Rates) -> Result<Flip, StoreError> {
        let doing = format!("replacing days of ad account {}", draft.account);
        let before = self.days(&draft.account, draft.period).await?;
        let all: Vec<AccountDay> = draft.period.days().map(|day| draft.day(day, currency, rates)).collect();
        let is_newer = |day: &AccountDay| {
            before.iter().any(|held| held.day == day.day && held.generation > draft.generation)
        };
        let (mut overtaken, mut left): (Vec<_>, Vec<_>) = all.into_iter().partition(is_newer);
        let mut pauses = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(20))
            .with_max_delay(Duration::from_millis(500))
            .without_max_times()
            .with_jitter()
            .build();
        for _ in 0..MOST_TRIES {
            match self.write_days(&left, &doing).await? {
                Written::All => {
                    let superseded = before.iter().filter(|held| left.iter().any(|day| day.day == held.day));
                    let mut unread: Vec<Item> = superseded.flat_map(row_keys).collect();
                    unread.extend(overtaken.iter().flat_map(|day| draft.row_keys(day.day)));
                    self.delete_all(unread, &doing).await?;
                    let rows = draft.days.values().map(|day| u64::from(day.rows)).sum();
                    return Ok(Flip { replaced: left.len(), overtaken: overtaken.len(), rows });
                }
                Written::Overtaken(days) => {
                    let (gone, kept) = left.into_iter().partition(|day| days.contains(&day.day));
                    overtaken.extend::<Vec<_>>(gone);
                    left = kept;
                }
                Written::Busy => tokio::time::sleep(pauses.next().unwrap_or_default()).await,
            }
        }
        Err(StoreError::Contended { doing, attempts: MOST_TRIES })
    }

    /// Deletes what a pull that died has left of a window: its own rows if no day names them, and those that it had
    /// superseded. What a later pull has written or is writing is not touched.
    pub async fn clean_up(
        &self,
        account: &AdAccountId,
        generation: &str,
        period: Period,
    ) -> Result<(), StoreError> {
        let named = self.days(account, period).await?;
        let (from, to) = (format!("rows#{}", period.from), format!("rows#{}~", period.to));
        let items = self.items(&partition(account), &from, &to, Some("pk, sk")).await?;
        let left = items.into_iter().filter(|item| is_left_over(sort_key(item), generation, &named));
        self.delete_all(left.collect(), &format!("cleaning up after a pull of ad account {account}")).await
    }

    /// Deletes what was written of a window that is not pulled to its end.
    pub async fn discard(&self, draft: &Draft) -> Result<(), StoreError> {
        let written = draft.days.keys().flat_map(|day| draft.row_keys(*day)).collect();
        self.delete_all(written, &format!("discarding rows of ad account {}", draft.account)).await
    }

    async fn write_days(&self, days: &[AccountDay], doing: &str) -> Result<Written, StoreError> {
        if days.is_empty() {
            return Ok(Written::All);
        }
        let mut writes = vec![];
        for day in days {
            let put =
                put(&self.table, day).and_then(|put| put.build().map_err(|e| StoreError::item(doing, &e)))?;
            writes.push(TransactWriteItem::builder().put(put).build());
        }
        let sent = self.client.transact_write_items().set_transact_items(Some(writes)).send().await;
        let Err(error) = sent else { return Ok(Written::All) };
        let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error()
        else {
            return Err(StoreError::call(doing, &error));
        };
        let is_overtaken = |code: Option<&str>| code == Some("ConditionalCheckFailed");
        let overtaken: Vec<Day> = days
            .iter()
            .zip(cancelled.cancellation_reasons())
            .filter(|(_, reason)| is_overtaken(reason.code()))
            .map(|(day, _)| day.day)
            .collect();
        let is_busy =
            cancelled.cancellation_reasons().iter().any(|r| r.code() == Some("TransactionConflict"));
        match (overtaken.is_empty(), is_busy) {
            (false, _) => Ok(Written::Overtaken(overtaken)),
            (true, true) => Ok(Written::Busy),
            (true, false) => Err(StoreError::call(doing, &error)),
        }
    }
}

/// A day that takes the place of an older one. It takes its own place too: should a write whose answer was lost be made
/// again, its rows are not taken for superseded ones.
fn put(table: &str, day: &AccountDay) -> Result<PutBuilder, StoreError> {
    Ok(Put::builder()
        .table_name(table)
        .set_item(Some(day_item(day)?))
        .condition_expression("attribute_not_exists(pk) OR generation <= :generation")
        .expression_attribute_values(":generation", text(&day.generation)))
}

/// Whether a row is of this generation or an older one, and no day names it.
fn is_left_over(sort_key: &str, generation: &str, named: &[AccountDay]) -> bool {
    let Some((day, of)) = day_and_generation(sort_key) else { return false };
    let is_named = named.iter().any(|held| held.generation == of && held.day.to_string() == day);
    of <= generation && !is_named
}

fn row_keys(day: &AccountDay) -> impl Iterator<Item = Item> {
    (0..day.parts).map(|part| row_key(&day.account_id, day.day, &day.generation, part))
}

enum Written {
    All,
    Overtaken(Vec<Day>),
    Busy,
}

#[cfg(test)]
#[path = "replace_tests.rs"]
mod tests;
