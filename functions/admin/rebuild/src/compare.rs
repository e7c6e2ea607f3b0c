//! What is, against what would be if everything were worked out anew.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use shared::domain::counters::{self, Basis, CounterKey, ProductTally, Tallies};
use shared::domain::day::Day;
use shared::domain::deal::Deal;
use shared::domain::event::DealId;
use shared::domain::lead::{Form, Lead};
use shared::domain::ledger;
use shared::domain::product::Product;
use shared::domain::rules::Rules;
use shared::domain::sale::Sale;
use shared::domain::utm::UtmName;
use shared::domain::utm_key::UtmKey;
use shared::store::counters::{Days, UtmDay};

/// Counters by their keys: those of days, and those of days and UTM values.
pub type Held = BTreeMap<CounterKey, Tallies>;

/// One owner's counters of one day, of all sales and leads or of those with the same UTM values, that are not their sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CounterDifference {
    team: String,
    day: Day,
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
        format!("{} {}{utm}", self.team, self.day)
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

/// A deal whose sales in the ledger are not what its events make of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SaleDifference {
    deal: String,
    problem: &'static str,
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

/// Compares counters with the sum of the sales and leads.
pub fn counter_differences(sales: &[Sale], leads: &[Lead], held: &Held) -> Vec<CounterDifference> {
    let mut summed = counters::count(sales);
    for (key, tallies) in leads.iter().flat_map(|lead| counters::of_lead(lead, 1)) {
        summed.entry(key).or_default().add(&tallies);
    }
    let keys: BTreeSet<&CounterKey> = summed.keys().chain(held.keys()).collect();
    let of = |counters: &Held, key| counters.get(key).cloned().unwrap_or_default().without_zeros();
    keys.into_iter()
        .map(|key| (of(held, key), of(&summed, key), key))
        .filter(|(held, summed, _)| held != summed)
        .map(|(held, summed, key)| CounterDifference {
            team: key.owner.key().to_owned(),
            day: key.day,
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

/// Compares the sales with what follows from their deals' events.
pub fn sale_differences(sales: &[Sale], deals: &[Deal], rules: &Rules) -> Vec<SaleDifference> {
    let mut by_deal: BTreeMap<DealId, Vec<&Sale>> = BTreeMap::new();
    for sale in sales {
        by_deal.entry(sale.id().deal).or_default().push(sale);
    }
    let deals: BTreeMap<DealId, &Deal> = deals.iter().map(|deal| (deal.id(), deal)).collect();
    by_deal
        .into_iter()
        .filter_map(|(id, sales)| {
            let problem = match deals.get(&id) {
                None => Some("the ledger holds a sale of a deal that it does not hold"),
                Some(deal) => problem_of(&sales, deal, rules),
            };
            problem.map(|problem| SaleDifference { deal: id.to_string(), problem })
        })
        .collect()
}

fn problem_of(sales: &[&Sale], deal: &Deal, rules: &Rules) -> Option<&'static str> {
    let follows = ledger::sales(deal, rules);
    let agrees = |sale: &&&Sale, others: &[Sale]| others.iter().any(|other| other.same_facts(sale));
    if !sales.iter().all(|sale| agrees(&sale, &deal.sales)) {
        return Some("a sale is not as its deal has it");
    }
    (!sales.iter().all(|sale| agrees(&sale, &follows)))
        .then_some("a sale is not what its deal's events make of it")
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
