//! Rows: objects that delivered, one for each span of days. An object without delivery has none.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::query::{Level, Query};
use crate::graph::world::{Account, Ad, AdSet, Campaign, Figures, World};

/// What an object delivered in some days.
pub struct Row<'a> {
    pub campaign: Option<&'a Campaign>,
    pub adset: Option<&'a AdSet>,
    pub ad: Option<&'a Ad>,
    pub figures: Figures,
    pub start: NaiveDate,
    pub stop: NaiveDate,
}

/// All rows of the answer: by object, then by day.
pub fn rows<'a>(world: &World, account: &'a Account, query: &Query, now: DateTime<Utc>) -> Vec<Row<'a>> {
    let mut rows: Vec<Row<'a>> = Vec::new();
    let ads = account.ads().collect::<Vec<_>>();
    let same = |one: &(&Campaign, &AdSet, &Ad), other: &(&Campaign, &AdSet, &Ad)| match query.level {
        Level::Account => true,
        Level::Campaign => one.0.id == other.0.id,
        Level::AdSet => one.1.id == other.1.id,
        Level::Ad => one.2.id == other.2.id,
    };
    for object in ads.chunk_by(same) {
        let (campaign, adset, ad) = object[0];
        for (start, stop) in spans(query) {
            let days = start.iter_days().take_while(|day| *day <= stop);
            let delivered = days.flat_map(|day| {
                object.iter().filter_map(move |(_, _, ad)| world.delivered(account, ad, day, now))
            });
            let (parts, sum) = delivered
                .fold((0_u32, Figures::default()), |(parts, sum), figures| (parts + 1, sum.plus(figures)));
            if parts == 0 {
                continue;
            }
            rows.push(Row {
                campaign: (query.level >= Level::Campaign).then_some(campaign),
                adset: (query.level >= Level::AdSet).then_some(adset),
                ad: (query.level >= Level::Ad).then_some(ad),
                figures: if parts > 1 { sum.overlapped() } else { sum },
                start,
                stop,
            });
        }
    }
    rows
}

fn spans(query: &Query) -> impl Iterator<Item = (NaiveDate, NaiveDate)> {
    let (until, whole) = (query.until, (query.until - query.since).num_days().unsigned_abs() + 1);
    let length = query.increment.unwrap_or(whole);
    let count = whole.div_ceil(length);
    let since = query.since;
    (0..count).filter_map(move |number| {
        let start = since.checked_add_days(Days::new(number * length))?;
        let stop = start.checked_add_days(Days::new(length - 1))?.min(until);
        Some((start, stop))
    })
}
