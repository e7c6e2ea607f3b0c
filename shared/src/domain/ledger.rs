//! What one event does to a deal: the single place where a sale is made, changed, cancelled and counted.

mod decision;
mod succession;
mod verdict;

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::attribution::{self, Reason, Trail};
use super::counters::{self, CounterKey, Tallies};
use super::day::Day;
use super::deal::{Deal, Entry, Version};
use super::deal_counts::{self, DealCountKey, DealCounters};
use super::delivery::{Counted, Deliveries, Delivery};
use super::event::{Action, DealEvent, DealId};
use super::landing_lead::LandingLead;
use super::rules::{Rules, RulesFor};
use super::sale::{Sale, SaleId};
use super::timeline::{SaleFacts, sales_of};
use super::utm::{self, Reading};
use decision::decided;
use succession::{changed, gone, moved_from, versioned};
pub(super) use verdict::of_change;
use verdict::verdict;
pub use verdict::{Ignored, Outcome, Verdict};

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
#[derive(Debug, Clone, Default)]
pub struct Writes {
    /// Sales to write.
    pub put: Vec<Sale>,
    /// Sales that moved to another product and are to be removed.
    pub remove: Vec<SaleId>,
    /// What to add to the counters.
    pub counters: BTreeMap<CounterKey, Tallies>,
    /// What to add to the measure of amoCRM's delivery.
    pub deliveries: Deliveries,
    /// What to add to the counts of amoCRM's deals by stage.
    pub deals: DealCounters,
}

/// Works out what an event does to what is known of its deal.
///
/// The sales of the result depend only on the set of events, not on the order in which they came.
pub fn apply<'a>(
    prior: Option<&Deal>,
    event: &DealEvent,
    event_id: &str,
    rules: impl Into<RulesFor<'a>>,
) -> Change {
    let rules = rules.into();
    let mut deal = prior.cloned().unwrap_or_else(|| Deal::new(event.deal));
    deal.learn(event, event_id);
    let late = late_hook(&mut deal);
    let (deal, mut writes) = follow(deal, prior, event_id, event.received_at, rules);
    writes.deliveries.extend(late.map(|day| (day, Delivery::LATE)));
    let verdict = verdict(event, &deal, sales_before(prior), &rules_of(&deal, rules));
    Change { deal, writes, verdict }
}

/// amoCRM tells a whole second, and different clocks of its own may say the next one.
pub(super) const SAME_CHANGE: TimeDelta = TimeDelta::seconds(2);

/// Whether two entries tell of the same change.
pub(super) fn is_same_change(one: &Entry, other: &Entry) -> bool {
    let stages = one.stage.is_none() || other.stage.is_none() || one.stage == other.stage;
    stages && (one.at - other.at).abs() <= SAME_CHANGE
}

/// A deletion counts from its hook's arrival, which amoCRM's last try delays by so much.
const LATEST_HOOK: TimeDelta = TimeDelta::hours(2);

/// Its clock may also be somewhat behind amoCRM's.
const EARLIEST_HOOK: TimeDelta = TimeDelta::seconds(5);

/// Whether an entry of a hook tells of a change that amoCRM itself has shown.
pub(super) fn tells_of(hook: &Entry, change: &Entry) -> bool {
    match change.action {
        Action::Delete | Action::Restore => {
            let delay = hook.at - change.at;
            hook.action == change.action && -EARLIEST_HOOK <= delay && delay <= LATEST_HOOK
        }
        _ => hook.action != Action::Delete && is_same_change(hook, change),
    }
}

/// The day of a change that was found before its hook came, where the newest entry is that hook.
fn late_hook(deal: &mut Deal) -> Option<Day> {
    let (newest, earlier) = deal.history.split_last_mut().filter(|(newest, _)| newest.origin.is_hook())?;
    let is_found = |entry: &&mut Entry| !entry.origin.is_hook() && tells_of(newest, entry);
    let change = earlier.iter_mut().find(is_found)?;
    let is_late = change.counted == Counted::Lost;
    (change.counted, newest.counted) = (Counted::Seen, Counted::Seen);
    is_late.then(|| Day::of(change.at))
}

/// Works out what a form does that turns out to be behind a deal; nothing where that is known already.
///
/// A deal that is not known yet is begun, so that its first event finds the form whichever of the two is stored first.
pub fn link(
    prior: Option<&Deal>,
    id: DealId,
    lead: &LandingLead,
    now: DateTime<Utc>,
    rules: RulesFor<'_>,
) -> Option<(Deal, Writes)> {
    let mut deal = prior.cloned().unwrap_or_else(|| Deal::new(id));
    deal.link(lead).then(|| follow(deal, prior, &format!("lead-{}", lead.lead_id), now, rules))
}

/// Works out what it means that the people behind a deal were looked for in vain; nothing where that is known.
pub fn nobody_known(prior: &Deal, now: DateTime<Utc>, rules: RulesFor<'_>) -> Option<(Deal, Writes)> {
    if prior.people_asked || !prior.leads.is_empty() {
        return None;
    }
    let deal = Deal { people_asked: true, version: prior.version + 1, ..prior.clone() };
    Some(follow(deal, Some(prior), "people", now, rules))
}

/// The sales of what is known already.
pub(super) fn sales_before(prior: Option<&Deal>) -> &[Sale] {
    prior.map_or(&[], |prior| &prior.sales)
}

/// The rules that a deal stands by, of those it was worked out by.
fn rules_of<'a>(deal: &Deal, rules: RulesFor<'a>) -> Cow<'a, Rules> {
    rules
        .mixed(deal.rules.teams == rules.now.version.teams, deal.rules.products == rules.now.version.products)
}

/// The sales that now follow from a deal, and what has to be written for them to replace those before.
///
/// What is new about the deal is decided by the rules in force; what stays as it was, by those that it stands by.
pub(super) fn follow(
    deal: Deal,
    prior: Option<&Deal>,
    cause: &str,
    now: DateTime<Utc>,
    rules: RulesFor<'_>,
) -> (Deal, Writes) {
    let decided = decided(&deal, prior, rules);
    let moved = deal.moved.clone().filter(|_| Some(decided.version) == prior.map(|prior| prior.rules));
    follow_by(Deal { moved, ..deal }, prior, cause, now, &decided)
}

/// The sales that follow from a deal by these rules, whatever it stood by, and what has to be written for it.
pub(super) fn follow_by(
    mut deal: Deal,
    prior: Option<&Deal>,
    cause: &str,
    now: DateTime<Utc>,
    rules: &Rules,
) -> (Deal, Writes) {
    let before = sales_before(prior);
    deal.rules = rules.version;
    let after = versioned(before, sales(&deal, rules));
    let put: Vec<Sale> = after.iter().filter(|sale| !before.contains(sale)).cloned().collect();
    deal.versions.extend(changed(before, &after).map(|sale| Version {
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
    let mut writes = Writes {
        put,
        remove: gone(before, &after),
        counters: counters::change(before, &after),
        deliveries: Deliveries::new(),
        deals: DealCounters::new(),
    };
    deal.sales = after;
    count_anew(&mut deal, &mut writes, rules);
    (deal, writes)
}

/// A deal that turns out to be another team's is another team's among the deals of its stage, too.
fn count_anew(deal: &mut Deal, writes: &mut Writes, rules: &Rules) {
    let Some(counted) = deal.read.as_ref().and_then(|read| read.counted.clone()) else { return };
    let now = DealCountKey { team: trail(deal, &deal.values(), rules).team, ..counted.clone() };
    writes.deals = deal_counts::moved(Some(&counted), Some(&now));
    if let Some(read) = &mut deal.read {
        read.counted = Some(now);
    }
}

/// The sales that follow from a deal's events under these rules, each as its first version.
pub fn sales(deal: &Deal, rules: &Rules) -> Vec<Sale> {
    let values = deal.values();
    let trail = trail(deal, &values, rules);
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
            lead_day: Some(lead_day(deal, sold_at)),
            received_at,
            verified: deal.is_verified(),
            utm: utm.clone(),
            trail: trail.clone(),
            versions: 1,
        })
        .collect()
}

/// Whose deal it is. That none of our leads is behind it can only be said once they were looked through.
pub fn trail(deal: &Deal, values: &[Reading], rules: &Rules) -> Trail {
    let mut trail = attribution::decide(values, &deal.leads, &rules.teams);
    if trail.reason == Some(Reason::NoUtm) && deal.people_asked && deal.leads.is_empty() {
        trail.reason = Some(Reason::NoLead);
    }
    trail
}

/// The day of the lead behind a sale: when the first form came, or amoCRM made the deal, whichever was earlier. Nobody is a
/// lead only after having bought.
fn lead_day(deal: &Deal, sold_at: DateTime<Utc>) -> Day {
    let form = deal.leads.first().map(|lead| lead.received_at);
    let first = [form, deal.created_at].into_iter().flatten().min();
    Day::of(first.map_or(sold_at, |first| first.min(sold_at)))
}

/// How long an event without a time of its own stands for identical ones.
pub const TIMELESS_WINDOW_SECONDS: i64 = 300;

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
