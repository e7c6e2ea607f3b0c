//! What a run finds out, sale by sale, until it is stored day by day.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{DayCheck, Listed, Listing, Pair, Row, Sides, Total};
use crate::domain::day::{Day, Period};
use crate::domain::product::Product;
use crate::domain::team::Owner;

/// A day's list names so many deals of each kind; of the others it keeps how many there are.
const MOST_LISTED: usize = 200;

impl Listing {
    fn push(&mut self, listed: Listed) {
        if self.deals.len() < MOST_LISTED {
            self.deals.push(listed);
        } else {
            self.more += 1;
        }
    }
}

/// What a run finds out, as it finds it out.
#[derive(Debug, Clone)]
pub struct Days(BTreeMap<Day, Gathered>);

#[derive(Debug, Clone, Default)]
struct Gathered {
    rows: BTreeMap<(Owner, Product), Sides>,
    missing: Vec<Listed>,
    extra: Vec<Listed>,
    different: Vec<Listed>,
}

impl Gathered {
    fn sides(&mut self, pair: &Pair, product: Product) -> &mut Sides {
        self.rows.entry((pair.owner.clone(), product)).or_default()
    }
}

impl Days {
    /// Nothing yet, of every day of a period.
    pub fn new(period: Period) -> Self {
        Self(period.days().map(|day| (day, Gathered::default())).collect())
    }

    /// A sale as it is at the end of the run.
    pub fn count(&mut self, pair: &Pair) {
        let Some(day) = self.0.get_mut(&pair.day) else { return };
        let is_apart = i64::from(pair.why.is_some());
        if let Some(crm) = &pair.crm {
            let sides = day.sides(pair, crm.product);
            sides.crm.add(Total::one(crm.amount));
            sides.missing += if pair.ledger.is_none() { is_apart } else { 0 };
        }
        if let Some(ledger) = &pair.ledger {
            let sides = day.sides(pair, ledger.product);
            sides.ledger.add(Total::one(ledger.amount));
            *if pair.crm.is_none() { &mut sides.extra } else { &mut sides.different } += is_apart;
        }
        self.list(pair, None);
    }

    /// A sale that was not alike and is now: it is named, and not counted.
    pub fn healed(&mut self, pair: &Pair, at: DateTime<Utc>) {
        self.list(pair, Some(at));
    }

    fn list(&mut self, pair: &Pair, healed_at: Option<DateTime<Utc>>) {
        let Some((day, reason)) = self.0.get_mut(&pair.day).zip(pair.why) else { return };
        let Some(product) = pair.product() else { return };
        let (crm, ledger) = (pair.crm.clone(), pair.ledger.clone());
        let list = match (&crm, &ledger) {
            (_, None) => &mut day.missing,
            (None, _) => &mut day.extra,
            _ => &mut day.different,
        };
        let team = pair.owner.team().cloned();
        list.push(Listed { lead_id: pair.lead, product, team, crm, ledger, reason, healed_at });
    }

    /// What was found out, day by day.
    pub fn checked(self, checked_at: DateTime<Utc>) -> Vec<DayCheck> {
        let listing = |mut deals: Vec<Listed>| {
            // What still stands is for a person, and is named before what was put right.
            deals.sort_by_key(|listed| (listed.healed_at.is_some(), listed.lead_id, listed.product));
            deals.into_iter().fold(Listing::default(), |mut listing, listed| {
                listing.push(listed);
                listing
            })
        };
        let row = |((owner, product), sides): ((Owner, Product), Sides)| Row {
            team: owner.team().cloned(),
            product,
            sides,
        };
        let check = |(day, gathered): (Day, Gathered)| DayCheck {
            day,
            checked_at,
            rows: gathered.rows.into_iter().map(row).collect(),
            missing: listing(gathered.missing),
            extra: listing(gathered.extra),
            different: listing(gathered.different),
        };
        self.0.into_iter().map(check).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{at, day, pair};
    use super::*;
    use crate::domain::money::Tenge;

    #[test]
    fn a_list_names_what_still_stands_first_and_no_more_than_fit() {
        let mut days = Days::new(Period { from: day(), to: day() });
        days.healed(&pair(1, Some(5_000), None), at(60));
        (2..=MOST_LISTED as u64 + 3).rev().for_each(|lead| days.count(&pair(lead, Some(5_000), None)));
        let checked = days.checked(at(0)).remove(0);
        let named: Vec<u64> = checked.missing.deals.iter().map(|listed| listed.lead_id).collect();
        assert_eq!((named.len(), named[0], checked.missing.more), (MOST_LISTED, 2, 3));
        assert_eq!(
            checked.rows[0].sides.missing,
            MOST_LISTED as i64 + 2,
            "what was put right is not counted"
        );
    }

    #[test]
    fn another_product_counts_for_each_side_under_its_own() {
        let mut days = Days::new(Period { from: day(), to: day() });
        let mut other = pair(1, Some(490_000), Some(5_000));
        other.crm.as_mut().unwrap().product = Product::Flagship;
        days.count(&other);
        let rows = days.checked(at(0)).remove(0).rows;
        let told: Vec<_> = rows.iter().map(|row| (row.product, row.sides.crm, row.sides.ledger)).collect();
        let (none, one) = (Total::default(), |sum| Total { count: 1, sum: Tenge(sum) });
        assert_eq!(told, [(Product::Express, none, one(5_000)), (Product::Flagship, one(490_000), none)]);
    }
}
