//! Counters against the sum of the sales and leads, by the day of the sale and by the day of the lead.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::words::{self, Change};
use crate::domain::counters::{self, Basis, CounterKey, ProductTally, Tallies};
use crate::domain::day::Day;
use crate::domain::lead::{Form, Lead};
use crate::domain::product::Product;
use crate::domain::sale::Sale;
use crate::domain::utm::UtmName;
use crate::domain::utm_key::UtmKey;
use crate::store::counters::{Days, UtmDay};

/// Counters by their keys: those of days, and those of days and UTM values.
pub type Held = BTreeMap<CounterKey, Tallies>;

/// One owner's counters of one day, of all sales and leads or of those with the same UTM values, that are not their sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CounterDifference {
    team: String,
    day: Day,
    /// Named where it is not the day of the sale.
    #[serde(skip_serializing_if = "Option::is_none")]
    basis: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    utm: Option<BTreeMap<UtmName, String>>,
    counted: Side,
    ledger: Side,
    #[serde(skip)]
    key: CounterKey,
    #[serde(skip)]
    delta: Tallies,
}

/// What one of the two says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Side {
    #[serde(flatten)]
    products: BTreeMap<Product, Figures>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    leads: BTreeMap<Form, i64>,
}

/// The figures of one product.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    count: i64,
    revenue_kzt: i64,
    cancelled: i64,
    cancelled_kzt: i64,
}

impl CounterDifference {
    /// Which counter.
    pub fn key(&self) -> &CounterKey {
        &self.key
    }

    /// Which counter, for people.
    pub fn name(&self) -> String {
        let utm = self.key.utm.as_ref().map(|utm| format!(" {}", utm.json())).unwrap_or_default();
        let basis = self.basis.map(|basis| format!(" by {basis}")).unwrap_or_default();
        format!("{} {}{basis}{utm}", self.team, self.day)
    }

    /// Which day's it is.
    pub fn day(&self) -> Day {
        self.day
    }

    /// The same for the sum in words.
    pub fn change(&self) -> Change {
        let products = self.counted.products.keys().chain(self.ledger.products.keys());
        let products: BTreeSet<Product> = products.copied().collect();
        let of = |side: &Side, product| side.products.get(&product).copied().unwrap_or_default();
        let sales = products.into_iter().flat_map(|product| {
            let (before, after) = (of(&self.counted, product), of(&self.ledger, product));
            let name = product.id();
            let active =
                words::figures(name, (before.count, before.revenue_kzt), (after.count, after.revenue_kzt));
            let cancelled = format!("{name} cancelled");
            let (was, is) =
                ((before.cancelled, before.cancelled_kzt), (after.cancelled, after.cancelled_kzt));
            active.into_iter().chain(words::figures(&cancelled, was, is))
        });
        let leads = Form::ALL.into_iter().filter_map(|form| {
            let of = |side: &Side| side.leads.get(&form).copied().unwrap_or_default();
            words::count(&format!("{} leads", form.as_str()), of(&self.counted), of(&self.ledger))
        });
        let mut what: Vec<String> = sales.chain(leads).collect();
        what.extend(self.key.utm.as_ref().map(|utm| format!("of {}", utm.json())));
        let basis = self.basis.map_or("counter", |_| "counter by the day of the lead");
        Change { owner: self.team.clone(), kind: basis, what: what.join(", ") }
    }

    /// Whether both miss the same: what came in meanwhile moves both sides and leaves the gap.
    pub fn is_same_gap(&self, other: &Self) -> bool {
        (&self.key, &self.delta) == (&other.key, &other.delta)
    }

    /// What has to be added to the counters.
    pub fn delta(&self) -> Tallies {
        self.delta.clone()
    }
}

/// The counters of days and those by UTM values under their keys.
pub fn held(basis: Basis, days: Days, utm_days: Vec<UtmDay>) -> Held {
    let days = days.into_iter().map(|((owner, day), tallies)| {
        let key = CounterKey { basis, owner, day, utm: None };
        (key, tallies)
    });
    let mut held: Held = days.collect();
    for UtmDay { owner, day, values, tallies } in utm_days {
        // The store gives no empty set of values; were it to, its figures would not be a day's.
        let Some(utm) = UtmKey::of(&values) else { continue };
        held.entry(CounterKey { basis, owner, day, utm: Some(utm) }).or_default().add(&tallies);
    }
    held
}

/// What the counters of these days should hold by the day of the sale, where these are all their sales and leads.
pub fn by_sale_day(sales: &[Sale], leads: &[Lead]) -> Held {
    let mut summed = counters::count(sales);
    summed.retain(|key, _| key.basis == Basis::SaleDate);
    for (key, tallies) in leads.iter().flat_map(|lead| counters::of_lead(lead, 1)) {
        summed.entry(key).or_default().add(&tallies);
    }
    summed
}

/// Compares what is counted with what should be.
pub fn counter_differences(summed: &Held, held: &Held) -> Vec<CounterDifference> {
    let keys: BTreeSet<&CounterKey> = summed.keys().chain(held.keys()).collect();
    let of = |counters: &Held, key| counters.get(key).cloned().unwrap_or_default().without_zeros();
    keys.into_iter()
        .map(|key| (of(held, key), of(summed, key), key))
        .filter(|(held, summed, _)| held != summed)
        .map(|(held, summed, key)| CounterDifference {
            team: key.owner.key().to_owned(),
            day: key.day,
            basis: (key.basis != Basis::SaleDate).then(|| key.basis.as_str()),
            utm: key.utm.as_ref().map(|utm| utm.values().clone()),
            counted: side(&held),
            ledger: side(&summed),
            delta: minus(&summed, &held),
            key: key.clone(),
        })
        .collect()
}

fn side(tallies: &Tallies) -> Side {
    let of = |tally: &ProductTally| Figures {
        count: tally.active.count,
        revenue_kzt: tally.active.sum.0,
        cancelled: tally.cancelled.count,
        cancelled_kzt: tally.cancelled.sum.0,
    };
    let leads = Form::ALL.map(|form| (form, tallies.leads.of(form)));
    Side {
        products: tallies.products.iter().map(|(product, tally)| (*product, of(tally))).collect(),
        leads: leads.into_iter().filter(|(_, count)| *count != 0).collect(),
    }
}

fn minus(one: &Tallies, other: &Tallies) -> Tallies {
    let mut difference = one.clone();
    difference.add(&-other.clone());
    difference.without_zeros()
}

#[cfg(test)]
#[path = "counters_tests.rs"]
mod tests;
