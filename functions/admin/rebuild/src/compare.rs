//! What is, against what would be if everything were worked out anew.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use shared::domain::counters::{self, ProductTally, Tallies};
use shared::domain::day::Day;
use shared::domain::deal::Deal;
use shared::domain::event::DealId;
use shared::domain::ledger;
use shared::domain::product::Product;
use shared::domain::rules::Rules;
use shared::domain::sale::Sale;
use shared::domain::team::Owner;
use shared::store::counters::Days;

/// One owner's counters of one day that are not the sum of its sales.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CounterDifference {
    team: String,
    day: Day,
    counted: BTreeMap<Product, Figures>,
    ledger: BTreeMap<Product, Figures>,
    #[serde(skip)]
    owner: Owner,
    #[serde(skip)]
    delta: Tallies,
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
    /// Whose.
    pub fn owner(&self) -> &Owner {
        &self.owner
    }

    /// Which day's.
    pub fn day(&self) -> Day {
        self.day
    }

    /// Whether both miss the same: what came in meanwhile moves both sides and leaves the gap.
    pub fn is_same_gap(&self, other: &Self) -> bool {
        (&self.owner, self.day, &self.delta) == (&other.owner, other.day, &other.delta)
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

/// Compares counters with the sum of the sales.
pub fn counter_differences(sales: &[Sale], held: &Days) -> Vec<CounterDifference> {
    let summed: Days =
        counters::count(sales).into_iter().map(|(key, tallies)| ((key.owner, key.day), tallies)).collect();
    let places: BTreeSet<_> = summed.keys().chain(held.keys()).cloned().collect();
    let of = |days: &Days, place: &(Owner, Day)| days.get(place).cloned().unwrap_or_default().without_zeros();
    places
        .into_iter()
        .map(|place| (of(held, &place), of(&summed, &place), place))
        .filter(|(held, summed, _)| held != summed)
        .map(|(held, summed, (owner, day))| CounterDifference {
            team: owner.key().to_owned(),
            day,
            counted: figures(&held),
            ledger: figures(&summed),
            delta: minus(&summed, &held),
            owner,
        })
        .collect()
}

fn figures(tallies: &Tallies) -> BTreeMap<Product, Figures> {
    let of = |tally: &ProductTally| Figures {
        count: tally.active.count,
        revenue_kzt: tally.active.sum.0,
        cancelled: tally.cancelled.count,
        cancelled_kzt: tally.cancelled.sum.0,
    };
    tallies.0.iter().map(|(product, tally)| (*product, of(tally))).collect()
}

fn minus(one: &Tallies, other: &Tallies) -> Tallies {
    let mut difference = one.clone();
    for (product, tally) in &other.0 {
        let negative = ProductTally { active: -tally.active, cancelled: -tally.cancelled };
        difference.0.entry(*product).or_default().add(negative);
    }
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
