//! One deal on both sides.
//!
//! amoCRM's side is what the ledger's rules make of the deal's history with one more entry, the deal as it was read: so a deal
//! that a product route has made a sale stays one while it is open, and one that only the sales route knows does not.

use chrono::{DateTime, Utc};

use super::{CrmSide, LedgerSide, Pair, Why};
use crate::domain::crm::sight::Sight;
use crate::domain::day::{Day, Period};
use crate::domain::deal::{Deal, Entry};
use crate::domain::delivery::Counted;
use crate::domain::event::{Action, DealId, Origin, Route};
use crate::domain::ledger;
use crate::domain::rules::Rules;
use crate::domain::sale::{Sale, State};
use crate::domain::stage::LOST;
use crate::domain::standing::Standing;
use crate::domain::team::Owner;
use crate::domain::timeline::{SaleFacts, sales_of};

/// What is compared.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// The days.
    pub period: Period,
    /// When it began. What changed later may be known to one side only.
    pub began_at: DateTime<Utc>,
}

/// One deal, as both sides have it.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// The deal.
    pub id: DealId,
    /// Its sales as the ledger lists them: what dashboards show.
    pub sales: &'a [Sale],
    /// All that the ledger knows of it.
    pub deal: Option<&'a Deal>,
    /// The deal as amoCRM has it; nothing where amoCRM shows none.
    pub sight: Option<&'a Sight>,
}

/// Compares the sales of a deal. Of those that are not alike each is told once; sales of other days are left out.
pub fn compare(look: &Look<'_>, run: &Run, rules: &Rules) -> Vec<Pair> {
    let mut ledger: Vec<&Sale> = look.sales.iter().filter(|sale| sale.state == State::Active).collect();
    ledger.sort_by_key(|sale| sale.product);
    let mut pairs = if is_in_flight(look, run) {
        let alike = |sale: &&Sale| Pair { crm: Some(mirrored(look, sale)), ..of_sale(look, sale) };
        ledger.iter().map(alike).collect()
    } else {
        paired(look, ledger, rules)
    };
    pairs.retain(|pair| run.period.from <= pair.day && pair.day <= run.period.to);
    pairs
}

/// Whether the deal has changed since the run began, so that it depends on the moment what each side knows of it.
fn is_in_flight(look: &Look<'_>, run: &Run) -> bool {
    let is_new = |entry: &Entry| entry.at.max(entry.received_at) >= run.began_at;
    look.sight.is_some_and(|sight| sight.updated_at >= run.began_at)
        || look.deal.is_some_and(|deal| deal.history.iter().any(is_new))
}

fn paired(look: &Look<'_>, mut ledger: Vec<&Sale>, rules: &Rules) -> Vec<Pair> {
    let (mut pairs, mut unpaired) = (vec![], vec![]);
    for facts in crm_sales(look, rules) {
        match ledger.iter().position(|sale| sale.product == facts.product) {
            Some(place) => pairs.push(both(look, ledger.remove(place), &facts)),
            None => unpaired.push(facts),
        }
    }
    let mut unpaired = unpaired.into_iter();
    for sale in ledger {
        pairs.push(match unpaired.next() {
            Some(facts) => both(look, sale, &facts),
            None => Pair { why: Some(why_extra(look)), ..of_sale(look, sale) },
        });
    }
    pairs.extend(unpaired.filter_map(|facts| missing(look, &facts, rules)));
    pairs
}

/// The sales of the deal as amoCRM has it now.
fn crm_sales(look: &Look<'_>, rules: &Rules) -> Vec<SaleFacts> {
    let Some(sight) = look.sight else { return vec![] };
    let mut history = look.deal.map(|deal| deal.history.clone()).unwrap_or_default();
    let action = match (sight.is_deleted, Standing::of(&history).is_deleted) {
        (true, _) => Action::Delete,
        (false, true) => Action::Restore,
        (false, false) => Action::Update,
    };
    history.push(Entry {
        id: String::new(),
        route: Route::Sales,
        origin: Origin::Read,
        action,
        stage: (!sight.is_deleted).then_some(sight.stage),
        old_stage: None,
        pipeline: (!sight.is_deleted).then_some(sight.pipeline),
        price: sight.price,
        at: sight.read_at,
        received_at: sight.read_at,
        counted: Counted::Never,
    });
    let mut facts = sales_of(&history, rules);
    facts.retain(|facts| facts.state == State::Active);
    facts
}

fn both(look: &Look<'_>, sale: &Sale, facts: &SaleFacts) -> Pair {
    let why = match () {
        () if sale.product != facts.product => Some(Why::Product),
        () if sale.amount != facts.amount => Some(Why::Amount),
        () => None,
    };
    Pair { crm: crm_side(look, facts), why, ..of_sale(look, sale) }
}

fn of_sale(look: &Look<'_>, sale: &Sale) -> Pair {
    let side = LedgerSide { product: sale.product, amount: sale.amount, sold_at: sale.sold_at };
    Pair { lead: look.id.lead, day: sale.day, owner: sale.owner(), crm: None, ledger: Some(side), why: None }
}

fn mirrored(look: &Look<'_>, sale: &Sale) -> CrmSide {
    let (pipeline, stage) = look.sight.map(|sight| (sight.pipeline, sight.stage)).unwrap_or_default();
    CrmSide { product: sale.product, amount: sale.amount, pipeline, stage }
}

fn crm_side(look: &Look<'_>, facts: &SaleFacts) -> Option<CrmSide> {
    let Sight { pipeline, stage, .. } = *look.sight?;
    Some(CrmSide { product: facts.product, amount: facts.amount, pipeline, stage })
}

/// A sale that the ledger does not list. One that its deal has on a day that is not compared is not missing.
fn missing(look: &Look<'_>, facts: &SaleFacts, rules: &Rules) -> Option<Pair> {
    let sight = look.sight?;
    let known = look.deal.map(|deal| deal.sales.as_slice()).unwrap_or_default();
    let known = look.sales.iter().chain(known).find(|sale| sale.product == facts.product);
    let why = match known {
        Some(sale) if sale.state == State::Cancelled => Why::Cancelled,
        _ if look.deal.is_none_or(|deal| deal.history.is_empty()) => Why::UnknownDeal,
        _ => Why::NoSale,
    };
    let closed = Day::of(sight.closed_at.unwrap_or(sight.updated_at));
    Some(Pair {
        lead: look.id.lead,
        // What it counts for begins where the ledger had it, whenever somebody closed the deal.
        day: known.map_or(closed, |sale| sale.day),
        owner: known.map_or_else(|| owner(look, sight, rules), Sale::owner),
        crm: crm_side(look, facts),
        ledger: None,
        why: Some(why),
    })
}

fn owner(look: &Look<'_>, sight: &Sight, rules: &Rules) -> Owner {
    let unknown = Deal::new(look.id);
    let deal = look.deal.unwrap_or(&unknown);
    let values = deal.values();
    let values = if values.is_empty() { &sight.readings } else { &values };
    Owner::from(ledger::trail(deal, values, rules).team)
}

fn why_extra(look: &Look<'_>) -> Why {
    match look.sight {
        None if look.deal.is_some_and(|deal| deal.read.is_some()) => Why::Gone,
        None => Why::NeverShown,
        Some(sight) if sight.is_deleted => Why::Deleted,
        Some(sight) if sight.stage == LOST => Why::Lost,
        Some(_) => Why::NotASale,
    }
}
