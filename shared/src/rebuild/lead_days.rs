//! The counters by the day of the lead. A sale of a lead may come any day after it, so they are summed up on a walk through all
//! sales since; what is kept of it on the way is as large as the period, whatever was sold.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::counters::{CounterDifference, Held};
use super::pairs;
use crate::domain::counters::{Basis, CounterKey, ProductTally, Tallies, Tally};
use crate::domain::day::{Day, Period};
use crate::domain::money::Tenge;
use crate::domain::product::Product;
use crate::domain::sale::{Sale, State};
use crate::domain::team::{Owner, TeamId};

/// Of one team, or nobody, one day of leads and one product: count and sum of active sales, count and sum of cancelled ones.
type Row = ((Option<TeamId>, Day, Product), [i64; 4]);

/// Sums by the day of the lead.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadSums(#[serde(with = "pairs")] BTreeMap<(Option<TeamId>, Day, Product), [i64; 4]>);

impl FromIterator<Row> for LeadSums {
    fn from_iter<I: IntoIterator<Item = Row>>(rows: I) -> Self {
        Self(rows.into_iter().collect())
    }
}

impl LeadSums {
    /// These sales are counted too, where their lead is of the period.
    pub fn add(&mut self, sales: &[Sale], period: Period) {
        for sale in sales {
            let Some(day) = sale.day_by(Basis::LeadDate) else { continue };
            if (period.from..=period.to).contains(&day) {
                let [count, sum, cancelled, cancelled_sum] =
                    self.0.entry((sale.team.clone(), day, sale.product)).or_default();
                let (count, sum) = match sale.state {
                    State::Active => (count, sum),
                    State::Cancelled => (cancelled, cancelled_sum),
                };
                *count += 1;
                *sum += sale.amount.0;
            }
        }
    }

    /// The counters that they make.
    pub fn counters(&self) -> Held {
        let mut counters = Held::new();
        for ((team, day, product), [count, sum, cancelled, cancelled_sum]) in &self.0 {
            let owner = Owner::from(team.clone());
            let key = CounterKey { basis: Basis::LeadDate, owner, day: *day, utm: None };
            let tally = |count: &i64, sum: &i64| Tally { count: *count, sum: Tenge(*sum) };
            let tally =
                ProductTally { active: tally(count, sum), cancelled: tally(cancelled, cancelled_sum) };
            counters.entry(key).or_default().add(&Tallies::from([(*product, tally)]));
        }
        counters
    }

    /// The keys of those counters, each once.
    pub fn keys(&self) -> BTreeSet<CounterKey> {
        self.counters().into_keys().collect()
    }

    /// What these differences miss.
    pub fn of_gaps(differences: &[CounterDifference]) -> Self {
        differences.iter().flat_map(rows).collect()
    }

    /// Whether a difference is among them, by as much.
    pub fn has_gap(&self, difference: &CounterDifference) -> bool {
        rows(difference).all(|(place, figures)| self.0.get(&place) == Some(&figures))
    }
}

fn rows(difference: &CounterDifference) -> impl Iterator<Item = Row> {
    let key = difference.key();
    let (team, day) = (key.owner.team().cloned(), key.day);
    difference.delta().products.into_iter().map(move |(product, tally)| {
        let figures = [tally.active.count, tally.active.sum.0, tally.cancelled.count, tally.cancelled.sum.0];
        ((team.clone(), day, product), figures)
    })
}

#[cfg(test)]
mod tests {
    use super::super::counters::counter_differences;
    use super::super::sample::sale;
    use super::*;
    use crate::domain::counters;

    /// A sale of the 20th whose lead came so many days before.
    fn sale_of_lead(lead: u64, before: u64) -> Sale {
        let sale = sale(lead, None);
        Sale { lead_day: Some(sale.day.minus(before)), ..sale }
    }

    fn period() -> Period {
        let to = sale(1, None).day;
        Period { from: to.minus(2), to }
    }

    #[test]
    fn a_sale_is_summed_on_the_day_of_its_lead_if_that_is_of_the_period() {
        let cancelled = Sale { state: State::Cancelled, ..sale_of_lead(4, 1) };
        let sales =
            [sale_of_lead(1, 0), sale_of_lead(2, 2), sale_of_lead(3, 3), cancelled, sale(5, Some("one"))];
        let mut sums = LeadSums::default();
        sums.add(&sales[..2], period());
        sums.add(&sales[2..], period());
        let mut expected = counters::count(&sales);
        expected.retain(|key, _| key.basis == Basis::LeadDate && key.day >= period().from);
        assert_eq!((sums.counters(), expected.len()), (expected, 3));
    }

    #[test]
    fn only_the_same_gap_is_the_same() {
        let mut sums = LeadSums::default();
        sums.add(&[sale_of_lead(1, 1), sale_of_lead(2, 2)], period());
        let found = counter_differences(&sums.counters(), &Held::new());
        let gaps = LeadSums::of_gaps(&found);
        assert!(found.iter().all(|difference| gaps.has_gap(difference)));
        sums.add(&[sale_of_lead(3, 1)], period());
        let found = counter_differences(&sums.counters(), &Held::new());
        let same: Vec<bool> = found.iter().map(|difference| gaps.has_gap(difference)).collect();
        assert_eq!(same, [true, false]);
        assert_eq!(found[1].name(), "unattributed 2026-11-19 by lead_date");
    }
}
