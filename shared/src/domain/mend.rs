//! A deal's sales worked out anew: somebody has changed them by hand, the rules were others, or less was kept of a sale when
//! it was written.

use chrono::{DateTime, Utc};

use super::deal::Deal;
use super::ledger::{self, Writes};
use super::rules::Rules;
use super::sale::Sale;

/// What the versions that come of it name as their cause.
const CAUSE: &str = "rebuild";

/// What has to be written for the sales that are `held` to be those that follow from their deal; nothing where they are.
///
/// It is worked out by the rules that the deal stands by. The counters move by what the deal says it had. Where somebody has changed that too they are wrong afterwards, as they
/// were before: to be mended from the sales.
pub fn mend(prior: &Deal, held: &[Sale], now: DateTime<Utc>, rules: &Rules) -> Option<(Deal, Writes)> {
    if is_right(prior, held, rules) {
        return None;
    }
    let (mut deal, mut writes) = ledger::follow_by(prior.clone(), Some(prior), CAUSE, now, rules);
    let before = &prior.sales;
    let as_it_is = |sale: &&Sale| before.contains(sale) && held.contains(sale);
    writes.put = deal.sales.iter().filter(|sale| !as_it_is(sale)).cloned().collect();
    let gone = |sale: &&Sale| !deal.sales.iter().any(|other| other.product == sale.product);
    let strays = held.iter().filter(gone).map(Sale::id);
    writes.remove.extend(strays);
    writes.remove.sort_unstable();
    writes.remove.dedup();
    deal.version += 1;
    Some((deal, writes))
}

/// Whether the sales that are held, those that the deal tells of and those that follow from its history are the same.
pub fn is_right(deal: &Deal, held: &[Sale], rules: &Rules) -> bool {
    let follows = ledger::sales(deal, rules);
    are_same(held, &deal.sales) && are_same(&deal.sales, &follows)
}

fn are_same(some: &[Sale], others: &[Sale]) -> bool {
    some.len() == others.len() && some.iter().all(|sale| others.iter().any(|other| other.same_facts(sale)))
}

#[cfg(test)]
#[path = "mend_tests.rs"]
mod tests;
