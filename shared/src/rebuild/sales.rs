//! Sales as they are listed, against what their deals tell of them and what follows from the deals' events.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::words::{Change, figures};
use crate::domain::day::Day;
use crate::domain::deal::Deal;
use crate::domain::event::DealId;
use crate::domain::ledger;
use crate::domain::money::Tenge;
use crate::domain::product::Product;
use crate::domain::rulebook::Rulebook;
use crate::domain::sale::{Sale, State};
use crate::domain::team::TeamId;

/// A deal whose sales in the ledger are not what its events make of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SaleDifference {
    deal: String,
    problem: &'static str,
    /// As they are listed, of those that were looked at.
    held: Vec<Facts>,
    /// As they should be.
    follows: Vec<Facts>,
    #[serde(skip)]
    id: DealId,
}

/// What is told of a sale here.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Facts {
    product: Product,
    state: &'static str,
    amount: i64,
    team: Option<TeamId>,
    day: Day,
    lead_day: Option<Day>,
}

impl SaleDifference {
    /// Which deal.
    pub fn id(&self) -> DealId {
        self.id
    }

    /// Which deal, for people.
    pub fn name(&self) -> String {
        format!("deal {}", self.deal)
    }

    /// The day on which the sale is looked for; nothing where none is.
    pub fn day(&self) -> Option<Day> {
        self.held.first().or(self.follows.first()).map(|sale| sale.day)
    }

    /// Whether following the deal anew mends it: a deal that is not there has to be found first.
    pub fn is_mendable(&self) -> bool {
        ![NO_DEAL, NO_RULES].contains(&self.problem)
    }

    /// The same for the sum in words.
    pub fn change(&self) -> Change {
        let products: BTreeSet<Product> =
            self.held.iter().chain(&self.follows).map(|sale| sale.product).collect();
        let of = |sales: &[Facts], product: Product| {
            let of_product: Vec<&Facts> = sales.iter().filter(|sale| sale.product == product).collect();
            (of_product.len() as i64, of_product.iter().map(|sale| sale.amount).sum())
        };
        let told = products
            .into_iter()
            .filter_map(|product| figures(product.id(), of(&self.held, product), of(&self.follows, product)));
        let mut what = vec![self.problem.to_owned()];
        what.extend(told);
        Change { owner: self.name(), kind: "sale", what: what.join(", ") }
    }
}

const NO_RULES: &str = "the rules that its deal stands by are not kept";
const NO_DEAL: &str = "the ledger holds a sale of a deal that it does not hold";

/// Compares the sales with what follows from their deals' events by the rules that
/// these stand by. Sales of a deal that were sold on other days may be missing
/// among them; where all sales of the deals are there, `is_all` also finds the ones that should be listed and are not.
pub fn sale_differences(
    sales: &[Sale],
    deals: &[Deal],
    book: &Rulebook,
    is_all: bool,
) -> Vec<SaleDifference> {
    let mut by_deal: BTreeMap<DealId, Vec<&Sale>> = BTreeMap::new();
    if is_all {
        by_deal.extend(deals.iter().map(|deal| (deal.id(), vec![])));
    }
    for sale in sales {
        by_deal.entry(sale.id().deal).or_default().push(sale);
    }
    let deals: BTreeMap<DealId, &Deal> = deals.iter().map(|deal| (deal.id(), deal)).collect();
    by_deal
        .into_iter()
        .filter_map(|(id, sales)| {
            let (problem, follows) = match deals.get(&id) {
                None => (NO_DEAL, vec![]),
                Some(deal) => {
                    match book.work(Some(deal.rules), |rules| ledger::sales(deal, rules.standing)) {
                        Some(follows) => (problem_of(&sales, deal, &follows, is_all)?, follows),
                        None => (NO_RULES, vec![]),
                    }
                }
            };
            let held = sales.iter().copied().map(facts).collect();
            let follows = follows.iter().map(facts).collect();
            Some(SaleDifference { deal: id.to_string(), problem, held, follows, id })
        })
        .collect()
}

fn problem_of(sales: &[&Sale], deal: &Deal, follows: &[Sale], is_all: bool) -> Option<&'static str> {
    let agrees = |sale: &Sale, others: &[Sale]| others.iter().any(|other| other.same_facts(sale));
    if !sales.iter().all(|sale| agrees(sale, &deal.sales)) {
        return Some("a sale is not as its deal has it");
    }
    if !sales.iter().all(|sale| agrees(sale, follows)) {
        return Some("a sale is not what its deal's events make of it");
    }
    let is_short = is_all && (sales.len() < deal.sales.len() || sales.len() < follows.len());
    is_short.then_some("a sale of the deal is not listed")
}

fn facts(sale: &Sale) -> Facts {
    let Tenge(amount) = sale.amount;
    let state = match sale.state {
        State::Active => "active",
        State::Cancelled => "cancelled",
    };
    let (team, day, lead_day) = (sale.team.clone(), sale.day, sale.lead_day);
    Facts { product: sale.product, state, amount, team, day, lead_day }
}

#[cfg(test)]
#[path = "sales_tests.rs"]
mod tests;
