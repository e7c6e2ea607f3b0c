//! The ads of an account's days.

use std::collections::BTreeMap;

use super::days::partition;
use super::{Ads, document, key, sort_key};
use crate::domain::ad_account::AdAccountId;
use crate::domain::day::{Day, Period};
use crate::domain::spend::{AccountDay, AdDay};
use crate::store::StoreError;
use crate::store::document::Item;

/// An item holds 400 KB; names may be long, so a part is closed early.
const BYTES_A_PART: usize = 200_000;

/// A pull that replaces days while they are read makes the read begin anew; more pulls than this do not come so fast.
const MOST_READS: usize = 4;

/// One account's day with its ads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayRows {
    /// The day.
    pub day: AccountDay,
    /// Its ads.
    pub rows: Vec<AdDay>,
}

pub(super) fn row_key(account: &AdAccountId, day: Day, generation: &str, part: u32) -> Item {
    key(partition(account), format!("rows#{day}#{generation}#{part:05}"))
}

/// Which day's and which pull's rows stand under a sort key.
pub(super) fn day_and_generation(sort_key: &str) -> Option<(&str, &str)> {
    let mut words = sort_key.strip_prefix("rows#")?.split('#');
    Some((words.next()?, words.next()?))
}

/// The rows of one day as items, from the part with this number on.
pub(super) fn row_items(
    account: &AdAccountId,
    day: Day,
    generation: &str,
    first_part: u32,
    rows: &[AdDay],
) -> Result<Vec<Item>, StoreError> {
    let mut items = vec![];
    for (part, rows) in (first_part..).zip(parts(rows)) {
        let mut item = document::item(&rows, [])?;
        item.extend(row_key(account, day, generation, part));
        items.push(item);
    }
    Ok(items)
}

fn parts(rows: &[AdDay]) -> impl Iterator<Item = &[AdDay]> {
    let mut left = rows;
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let count = left.iter().take_while(|row| {
            bytes += size(row);
            bytes <= BYTES_A_PART
        });
        let (part, rest) = left.split_at(count.count().max(1).min(left.len()));
        left = rest;
        (!part.is_empty()).then_some(part)
    })
}

/// At most so many bytes as JSON.
fn size(row: &AdDay) -> usize {
    let names = [&row.ad_name, &row.adset_name, &row.campaign_name];
    let names: usize = names.into_iter().flatten().map(|name| 2 * name.len()).sum();
    500 + names
}

impl Ads {
    /// An account's days of a period, each with its ads: those of one pull, never half of one and half of the next.
    pub(crate) async fn day_rows(
        &self,
        account: &AdAccountId,
        period: Period,
    ) -> Result<Vec<DayRows>, StoreError> {
        for _ in 0..MOST_READS {
            let days = self.days(account, period).await?;
            let (from, to) = (format!("rows#{}", period.from), format!("rows#{}~", period.to));
            let items = self.items(&partition(account), &from, &to, None).await?;
            if let Some(rows) = matched(days, &items)? {
                return Ok(rows);
            }
        }
        Err(StoreError::Contended { doing: format!("rows of ad account {account}"), attempts: MOST_READS })
    }
}

/// The rows of each day's own generation; nothing where a part is missing, since a pull replaced it meanwhile.
fn matched(days: Vec<AccountDay>, items: &[Item]) -> Result<Option<Vec<DayRows>>, StoreError> {
    let mut parts: BTreeMap<(&str, &str), Vec<&Item>> = BTreeMap::new();
    for item in items {
        if let Some(place) = day_and_generation(sort_key(item)) {
            parts.entry(place).or_default().push(item);
        }
    }
    let mut all = vec![];
    for day in days {
        let label = day.day.to_string();
        let items = parts.get(&(label.as_str(), day.generation.as_str())).map_or(&[][..], Vec::as_slice);
        if items.len() != day.parts as usize {
            return Ok(None);
        }
        let mut rows = vec![];
        for item in items {
            rows.extend(document::read::<Vec<AdDay>>(item)?);
        }
        all.push(DayRows { day, rows });
    }
    Ok(Some(all))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::domain::money::Currency;
    use crate::domain::spend::Delivery;

    fn row(name: &str) -> AdDay {
        AdDay {
            ad_id: "1".to_owned(),
            ad_name: Some(name.to_owned()),
            adset_id: None,
            adset_name: None,
            campaign_id: None,
            campaign_name: None,
            spend: 1,
            impressions: 1,
            reach: None,
            clicks: 0,
            link_clicks: 0,
        }
    }

    #[test]
    fn no_part_outgrows_an_item_and_no_row_is_left_out() {
        let rows: Vec<AdDay> = (0..900).map(|_| row(&"имя \"".repeat(100))).collect();
        let parts: Vec<&[AdDay]> = parts(&rows).collect();
        assert!(parts.len() > 1);
        assert_eq!(parts.concat(), rows);
        for part in parts {
            assert!(serde_json::to_string(part).unwrap().len() < 400_000);
        }
        let one = [row(&"x".repeat(BYTES_A_PART))];
        assert_eq!(super::parts(&one).count(), 1);
        assert_eq!(super::parts(&[]).count(), 0);
    }
    fn held(generation: &str, parts: u32) -> AccountDay {
        AccountDay {
            account_id: AdAccountId::parse("91").unwrap(),
            day: Day::parse("2026-11-19").unwrap(),
            generation: generation.to_owned(),
            parts,
            rows: parts,
            currency: Currency::parse("USD").unwrap(),
            rate: None,
            total: Delivery::default(),
            pulled_at: DateTime::UNIX_EPOCH,
        }
    }

    fn stored(generation: &str, part: u32, name: &str) -> Item {
        let day = held(generation, 0);
        row_items(&day.account_id, day.day, generation, part, &[row(name)]).unwrap().remove(0)
    }

    #[test]
    fn a_day_has_the_rows_of_its_own_pull_and_all_of_them() {
        let items = [stored("a", 0, "old"), stored("b", 0, "first"), stored("b", 1, "second")];
        let names = |day: AccountDay| {
            let rows = matched(vec![day], &items).unwrap()?.remove(0).rows;
            Some(rows.into_iter().filter_map(|row| row.ad_name).collect::<Vec<_>>())
        };
        assert_eq!(names(held("b", 2)).unwrap(), ["first", "second"]);
        assert_eq!(names(held("a", 1)).unwrap(), ["old"]);
        assert_eq!(names(held("c", 0)).unwrap(), Vec::<String>::new(), "a day without rows");
        assert_eq!(names(held("a", 2)), None, "a pull has deleted a part meanwhile");
        assert_eq!(names(held("c", 1)), None);
    }
}
