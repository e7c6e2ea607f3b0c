//! By which rules a deal is decided of which something was known before.
//!
//! What stands is moved by nothing but its own facts. Whatever is told of it anew is decided by the rules in force, each part of
//! them by itself: the teams by what names a team, the products by what tells a product and whether it is sold.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use crate::domain::deal::{Deal, Entry};
use crate::domain::money::Tenge;
use crate::domain::product::Product;
use crate::domain::rules::{Rules, RulesFor};
use crate::domain::sale::State;
use crate::domain::standing::Standing;
use crate::domain::timeline::sales_of;

/// The rules that decide about a deal of which this was known before.
pub(super) fn decided<'a>(deal: &Deal, prior: Option<&Deal>, rules: RulesFor<'a>) -> Cow<'a, Rules> {
    let Some(prior) = prior.filter(|prior| !prior.sales.is_empty()) else { return Cow::Borrowed(rules.now) };
    if rules.standing.version == rules.now.version {
        return Cow::Borrowed(rules.now);
    }
    let teams = !says_the_same(prior, deal) || prior.leads != deal.leads;
    rules.mixed(teams, is_sold_anew(&prior.history, &deal.history, rules))
}

/// Whether the UTM values are the same, whatever has become known of the ads that they name.
fn says_the_same<'a>(prior: &'a Deal, deal: &'a Deal) -> bool {
    let said = |deal: &'a Deal| deal.readings.iter().map(|stamped| stamped.reading.said());
    said(prior).eq(said(deal))
}

/// Whether another stage or price was told, or what was told makes another sale of it. Rules that were saved since may count
/// what those it stands by do not, so both are asked.
fn is_sold_anew(before: &[Entry], after: &[Entry], rules: RulesFor<'_>) -> bool {
    let differs_by = |rules| sold(before, rules) != sold(after, rules);
    place(before) != place(after) || differs_by(rules.standing) || differs_by(rules.now)
}

/// The pipeline, the stage and the price that a deal has.
fn place(entries: &[Entry]) -> (Option<u64>, Option<u64>, Option<Tenge>) {
    let Standing { pipeline, stage, price, is_deleted: _ } = Standing::of(entries);
    (pipeline, stage, price)
}

/// What was sold, for how much, and since when. Who said so is no decision.
fn sold(entries: &[Entry], rules: &Rules) -> Vec<(Product, State, Tenge, DateTime<Utc>)> {
    let sales = sales_of(entries, rules).into_iter();
    sales.map(|sale| (sale.product, sale.state, sale.amount, sale.sold_at)).collect()
}
