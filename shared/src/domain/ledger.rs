//! What one event does to a deal: the single place where a sale is made, changed, cancelled and counted.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::attribution;
use super::counters::{self, CounterKey, Tallies};
use super::day::Day;
use super::deal::{Deal, Version};
use super::event::{Action, DealEvent, DealId};
use super::landing_lead::LandingLead;
use super::product::Product;
use super::rules::Rules;
use super::sale::{Sale, SaleId};
use super::stage::LOST;
use super::team::TeamId;
use super::timeline::{SaleFacts, product_on_sales_route, sales_of};
use super::utm;

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A new sale in the ledger.
    Recorded,
    /// A known sale gained or changed facts.
    Updated,
    /// This very event was seen before.
    Duplicate,
    /// Stored as an event; no sale came of it.
    Ignored,
    /// Kept raw with its problems.
    Quarantined,
    /// Kept in the retry queue.
    Queued,
}

/// Why an event made no sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ignored {
    /// The stage is none of a sale.
    Stage,
    /// The deal is lost.
    Lost,
    /// The deal is deleted.
    Deleted,
    /// It is no lead.
    NotALead,
    /// The sale is known and stays as it is.
    NoChange,
}

/// A verdict on an event, as the sender is told and the event's record keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// What became of it.
    pub outcome: Outcome,
    /// The sale it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale_id: Option<String>,
    /// Whose sale that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    /// Why it made no sale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Ignored>,
}

impl Verdict {
    /// No sale, for this reason.
    pub fn ignored(reason: Ignored) -> Self {
        Self { outcome: Outcome::Ignored, sale_id: None, team: None, reason: Some(reason) }
    }

    fn about(outcome: Outcome, sale: &Sale) -> Self {
        Self { outcome, sale_id: Some(sale.id().to_string()), team: sale.team.clone(), reason: None }
    }
}

/// All that an event changes, to be written together or not at all.
#[derive(Debug, Clone)]
pub struct Change {
    /// The deal as it is now.
    pub deal: Deal,
    /// What follows from it.
    pub writes: Writes,
    /// The verdict on the event.
    pub verdict: Verdict,
}

/// What has to be written beside a deal.
#[derive(Debug, Clone)]
pub struct Writes {
    /// Sales to write.
    pub put: Vec<Sale>,
    /// Sales that moved to another product and are to be removed.
    pub remove: Vec<SaleId>,
    /// What to add to the counters.
    pub counters: BTreeMap<CounterKey, Tallies>,
}

/// Works out what an event does to what is known of its deal.
///
/// The sales of the result depend only on the set of events, not on the order in which they came.
pub fn apply(prior: Option<&Deal>, event: &DealEvent, event_id: &str, rules: &Rules) -> Change {
    let mut deal = prior.cloned().unwrap_or_else(|| Deal::new(event.deal));
    let before = std::mem::take(&mut deal.sales);
    deal.learn(event, event_id);
    let (deal, writes) = follow(deal, &before, event_id, event.received_at, rules);
    let verdict = verdict(event, &deal, &before, &deal.sales, &writes.put, rules);
    Change { deal, writes, verdict }
}

/// Works out what a form does that turns out to be behind a deal; nothing where that is known already.
///
/// A deal that is not known yet is begun, so that its first event finds the form whichever of the two is stored first.
pub fn link(
    prior: Option<&Deal>,
    id: DealId,
    lead: &LandingLead,
    now: DateTime<Utc>,
    rules: &Rules,
) -> Option<(Deal, Writes)> {
    let mut deal = prior.cloned().unwrap_or_else(|| Deal::new(id));
    let before = std::mem::take(&mut deal.sales);
    deal.link(lead).then(|| follow(deal, &before, &format!("lead-{}", lead.lead_id), now, rules))
}

/// The sales that now follow from a deal, and what has to be written for them to replace those before.
fn follow(mut deal: Deal, before: &[Sale], cause: &str, now: DateTime<Utc>, rules: &Rules) -> (Deal, Writes) {
    let after = versioned(before, sales(&deal, rules));
    let put: Vec<Sale> = after.iter().filter(|sale| !before.contains(sale)).cloned().collect();
    deal.versions.extend(put.iter().map(|sale| Version {
        version: sale.versions,
        product: sale.product,
        moved_from: moved_from(sale, before, &after),
        state: sale.state,
        amount: sale.amount,
        team: sale.team.clone(),
        sold_at: sale.sold_at,
        event_id: cause.to_owned(),
        recorded_at: now,
    }));
    let writes = Writes { put, remove: gone(before, &after), counters: counters::change(before, &after) };
    deal.sales = after;
    (deal, writes)
}

/// The sales that follow from a deal's events under these rules, each as its first version.
pub fn sales(deal: &Deal, rules: &Rules) -> Vec<Sale> {
    let values = deal.values();
    let trail = attribution::decide(&values, &deal.leads, &rules.teams);
    // A deal that carries no value of its own shows those of the form that decided: they tell which ad the sale came from.
    let form = trail.landing_lead.as_ref().filter(|_| values.is_empty());
    let form = form.and_then(|id| deal.leads.iter().find(|lead| lead.lead_id == *id));
    let utm = utm::shown(form.map_or(&values, |form| &form.readings));
    sales_of(&deal.history, rules)
        .into_iter()
        .map(|SaleFacts { product, state, amount, amount_source, sold_at, received_at }| Sale {
            account: deal.account,
            lead_id: deal.lead,
            product,
            team: trail.team.clone(),
            state,
            amount,
            amount_source,
            sold_at,
            day: Day::of(sold_at),
            received_at,
            verified: false,
            utm: utm.clone(),
            trail: trail.clone(),
            versions: 1,
        })
        .collect()
}

fn versioned(before: &[Sale], mut after: Vec<Sale>) -> Vec<Sale> {
    let followed: Vec<Option<Sale>> =
        after.iter().map(|sale| predecessor(sale, before, &after).cloned()).collect();
    for (sale, old) in after.iter_mut().zip(followed) {
        if let Some(old) = old {
            sale.versions = if sale.same_facts(&old) { old.versions } else { old.versions + 1 };
        }
    }
    after
}

/// The sale that this one continues: of the same product, else the one that moved.
fn predecessor<'a>(sale: &Sale, before: &'a [Sale], after: &[Sale]) -> Option<&'a Sale> {
    let with = |product: Product| before.iter().find(move |old| old.product == product);
    with(sale.product)
        .or_else(|| before.iter().find(|old| !after.iter().any(|new| new.product == old.product)))
}

fn moved_from(sale: &Sale, before: &[Sale], after: &[Sale]) -> Option<Product> {
    predecessor(sale, before, after).map(|old| old.product).filter(|product| *product != sale.product)
}

fn gone(before: &[Sale], after: &[Sale]) -> Vec<SaleId> {
    before.iter().filter(|old| !after.iter().any(|new| new.product == old.product)).map(Sale::id).collect()
}

fn verdict(
    event: &DealEvent,
    deal: &Deal,
    before: &[Sale],
    after: &[Sale],
    changed: &[Sale],
    rules: &Rules,
) -> Verdict {
    let about = event.route.product().unwrap_or_else(|| product_on_sales_route(&deal.history, rules));
    let pick = |sales: &[Sale]| sales.iter().find(|sale| sale.product == about).or(sales.first()).cloned();
    let new: Vec<Sale> =
        changed.iter().filter(|sale| predecessor(sale, before, after).is_none()).cloned().collect();
    if let Some(sale) = pick(&new) {
        return Verdict::about(Outcome::Recorded, &sale);
    }
    if let Some(sale) = pick(changed) {
        return Verdict::about(Outcome::Updated, &sale);
    }
    if let Some(sale) = pick(after) {
        return Verdict { reason: Some(Ignored::NoChange), ..Verdict::about(Outcome::Ignored, &sale) };
    }
    Verdict::ignored(match (event.action, event.stage) {
        (Action::Delete, _) => Ignored::Deleted,
        (_, Some(LOST)) => Ignored::Lost,
        _ => Ignored::Stage,
    })
}

/// How long an event without a time of its own stands for identical ones.
pub const TIMELESS_WINDOW_SECONDS: i64 = 300;

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
