//! Whether the counters that dashboards add up are the sum of the sales. Leads are not looked at: they have nothing to do with
//! what amoCRM has won.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Total;
use crate::domain::counters::{self, Basis, CounterKey, Tallies, Tally};
use crate::domain::day::{Day, Period};
use crate::domain::product::Product;
use crate::domain::sale::{Sale, State};
use crate::domain::team::{Owner, TeamId};

/// So many are kept to be named.
const MOST_GAPS: usize = 20;

/// A counter that is not the sum of its sales.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CounterGap {
    /// By which day they are counted.
    pub basis: String,
    /// Whose; nobody's where it is not named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    /// Which day's.
    pub day: Day,
    /// Of which product.
    pub product: Product,
    /// Those that count, or those that were cancelled.
    pub state: State,
    /// What is counted.
    pub counted: Total,
    /// What the sales come to.
    pub ledger: Total,
}

impl CounterGap {
    /// Whether both miss the same: what came in meanwhile moves both sides and leaves the gap.
    pub fn is_same_gap(&self, other: &Self) -> bool {
        let gap = |gap: &Self| {
            let less = |one: Total, other: Total| (one.count - other.count, one.sum - other.sum);
            (
                less(gap.ledger, gap.counted),
                gap.product,
                gap.state,
                gap.day,
                gap.team.clone(),
                gap.basis.clone(),
            )
        };
        gap(self) == gap(other)
    }
}

/// What a run found out about the counters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountersCheck {
    /// Whether all of them are right.
    pub ok: bool,
    /// Those that are not, the first of them.
    pub differences: Vec<CounterGap>,
    /// How many more there are.
    #[serde(default)]
    pub more: usize,
    /// When they were looked at.
    pub checked_at: DateTime<Utc>,
}

impl CountersCheck {
    /// All of these were found.
    pub fn new(mut gaps: Vec<CounterGap>, checked_at: DateTime<Utc>) -> Self {
        let more = gaps.len().saturating_sub(MOST_GAPS);
        gaps.truncate(MOST_GAPS);
        Self { ok: gaps.is_empty(), differences: gaps, more, checked_at }
    }
}

/// The counters of a period's days that are not the sum of these sales, which are all of those days.
pub fn counter_gaps(
    basis: Basis,
    period: Period,
    sales: &[Sale],
    counted: &BTreeMap<(Owner, Day), Tallies>,
) -> Vec<CounterGap> {
    let is_in = |day: Day| period.from <= day && day <= period.to;
    let of_day = |(key, tallies): (CounterKey, Tallies)| {
        let is_wanted = key.basis == basis && key.utm.is_none() && is_in(key.day);
        is_wanted.then_some(((key.owner, key.day), tallies))
    };
    let summed: BTreeMap<(Owner, Day), Tallies> =
        counters::count(sales).into_iter().filter_map(of_day).collect();
    let places: BTreeSet<&(Owner, Day)> =
        summed.keys().chain(counted.keys().filter(|(_, day)| is_in(*day))).collect();
    let mut gaps = vec![];
    for place in places {
        let of =
            |counters: &BTreeMap<(Owner, Day), Tallies>| counters.get(place).cloned().unwrap_or_default();
        let (held, sum) = (of(counted), of(&summed));
        for product in Product::ALL {
            let (held, sum) = (held.of(product), sum.of(product));
            let states =
                [(State::Active, held.active, sum.active), (State::Cancelled, held.cancelled, sum.cancelled)];
            gaps.extend(states.into_iter().filter(|(_, held, sum)| held != sum).map(|(state, held, sum)| {
                CounterGap {
                    basis: basis.as_str().to_owned(),
                    team: place.0.team().cloned(),
                    day: place.1,
                    product,
                    state,
                    counted: total(held),
                    ledger: total(sum),
                }
            }));
        }
    }
    gaps
}

fn total(tally: Tally) -> Total {
    Total { count: tally.count, sum: tally.sum }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{at, sale};
    use super::*;
    use crate::domain::money::Tenge;

    fn counted(basis: Basis, sales: &[Sale]) -> BTreeMap<(Owner, Day), Tallies> {
        let keys =
            counters::count(sales).into_iter().filter(|(key, _)| key.basis == basis && key.utm.is_none());
        keys.map(|(key, tallies)| ((key.owner, key.day), tallies)).collect()
    }

    #[test]
    fn a_counter_that_somebody_wrecked_is_found_on_either_basis() {
        let sold = Sale { lead_day: Some(Day::of(at(-86_400))), ..sale(1, 5_000) };
        let period = Period { from: Day::of(at(-86_400)), to: sold.day };
        for basis in Basis::ALL {
            let mut counters = counted(basis, std::slice::from_ref(&sold));
            assert_eq!(counter_gaps(basis, period, std::slice::from_ref(&sold), &counters), []);
            let (place, tallies) = counters.iter_mut().next().unwrap();
            let place = place.clone();
            tallies.products.entry(Product::Express).or_default().active.sum += Tenge(1);
            let found = counter_gaps(basis, period, std::slice::from_ref(&sold), &counters);
            assert_eq!(
                (found.len(), found[0].day, found[0].counted.sum, found[0].ledger.sum),
                (1, place.1, Tenge(5_001), Tenge(5_000))
            );
            let without = counter_gaps(basis, period, &[], &counters);
            assert!(!without[0].is_same_gap(&found[0]) && found[0].is_same_gap(&found[0].clone()));
            let elsewhere = Period { from: period.to.plus(1), to: period.to.plus(1) };
            assert_eq!(counter_gaps(basis, elsewhere, std::slice::from_ref(&sold), &counters), []);
        }
    }
}
