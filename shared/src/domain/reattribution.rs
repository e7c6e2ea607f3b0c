//! What stands, under other rules: what would move, moving it, and moving it back.
//!
//! A deal moves as a whole, since its team is one. A lead moves by itself: which form is behind a deal stays as it was.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::ad_lookup::{self, Accounts};
use super::attribution;
use super::day::Period;
use super::deal::{Deal, Moved};
use super::landing_lead::LandingLead;
use super::lead::{Lead, LeadMoved};
use super::ledger::{self, Writes};
use super::money::Tenge;
use super::moved;
use super::product::Product;
use super::rules::{Rules, RulesFor};
use super::sale::{Sale, State};
use super::team::TeamId;

/// What a deal is and has written when it is moved to the rules of a job, `now` in `rules`; nothing where none of its sales
/// changes. `accounts` are those of ids in its values. `job_id` is what can be undone, and what its new versions name as their
/// cause.
///
/// What later rules than the job's have decided about stays by them: they were saved after the job had begun.
pub fn move_deal<'a>(
    prior: &Deal,
    accounts: &Accounts,
    job_id: &str,
    now: DateTime<Utc>,
    rules: impl Into<RulesFor<'a>>,
) -> Option<(Deal, Writes)> {
    let rules: RulesFor<'_> = rules.into();
    let (standing, wanted) = (prior.rules, rules.now.version);
    let rules = rules.mixed(standing.teams <= wanted.teams, standing.products <= wanted.products);
    let (known, found) = ad_lookup::deal_with(prior, accounts, &rules.teams);
    let is_there = standing == rules.version && found.is_empty();
    if is_there || prior.sales.is_empty() && ledger::sales(prior, &rules).is_empty() {
        return None;
    }
    let moved = Moved { job_id: job_id.to_owned(), from: standing, found, earlier: vec![] };
    let moved = Some(moved::over(moved, prior.moved.clone()));
    let deal = Deal { moved, version: prior.version + 1, ..known.into_owned() };
    let (deal, writes) = ledger::follow_by(deal, Some(prior), &cause(job_id), now, &rules);
    (!writes.put.is_empty() || !writes.remove.is_empty()).then_some((deal, writes))
}

/// The same when a job is undone: `rules` are those that it stood by before. Nothing where the job did not move it, or where
/// something new has been decided about it since. Where other jobs have moved it on, it stays where it is until they are
/// undone, and goes back to what this one had found.
pub fn move_deal_back(
    prior: &Deal,
    job_id: &str,
    now: DateTime<Utc>,
    rules: &Rules,
) -> Option<(Deal, Writes)> {
    let last = prior.moved.clone()?;
    let deal = |moved| Deal { moved, version: prior.version + 1, ..prior.clone() };
    if last.job_id != job_id {
        return moved::without(last, job_id).map(|moved| (deal(Some(moved)), Writes::default()));
    }
    if last.from != rules.version {
        return None;
    }
    let found = last.found.clone();
    let mut deal = deal(moved::under(last));
    ad_lookup::forget(&mut deal, &found);
    Some(ledger::follow_by(deal, Some(prior), &format!("undo-{}", cause(job_id)), now, rules))
}

/// Whether undoing a job now would move a deal.
pub fn stands_by(deal: &Deal, job_id: &str) -> bool {
    deal.moved.as_ref().is_some_and(|moved| moved.job_id == job_id)
}

/// The same of a lead.
pub fn lead_stands_by(lead: &Lead, job_id: &str) -> bool {
    lead.moved.as_ref().is_some_and(|moved| moved.job_id == job_id)
}

fn cause(job_id: &str) -> String {
    format!("rules-{job_id}")
}

/// A lead as it is under these rules; nothing where it stays whose it is, or where later rules have decided about it. `accounts`
/// are those of ids in its values.
pub fn move_lead(lead: &Lead, accounts: &Accounts, job_id: &str, rules: &Rules) -> Option<Lead> {
    let version = rules.version.teams;
    let known = ad_lookup::lead_with(lead, accounts, &rules.teams);
    let team = team_of(&known, rules);
    (team != lead.team && lead.rules <= version).then(|| {
        let moved = LeadMoved {
            job_id: job_id.to_owned(),
            from: lead.rules,
            team: lead.team.clone(),
            earlier: vec![],
        };
        let moved = Some(moved::over(moved, lead.moved.clone()));
        Lead { team, rules: version, moved, ..known.into_owned() }
    })
}

/// A lead as it was before a job; nothing where that did not move it. Whose its ads are stays known. Where other jobs have moved
/// it on, it is theirs to move back to what this one had found.
pub fn move_lead_back(lead: &Lead, job_id: &str) -> Option<Lead> {
    let last = lead.moved.clone()?;
    if last.job_id != job_id {
        return Some(Lead { moved: Some(moved::without(last, job_id)?), ..lead.clone() });
    }
    let (team, rules) = (last.team.clone(), last.from);
    Some(Lead { team, rules, moved: moved::under(last), ..lead.clone() })
}

fn team_of(lead: &Lead, rules: &Rules) -> Option<TeamId> {
    attribution::of_lead(&LandingLead::from(lead), &rules.teams)
}

/// What goes from one team to another; nobody is a team here, too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Move {
    /// Whose it is.
    pub from: Option<TeamId>,
    /// Whose it would be.
    pub to: Option<TeamId>,
    /// Sales that count.
    pub sales: i64,
    /// Leads.
    pub leads: i64,
    /// What the sales cost, as they stand.
    pub revenue_kzt: Tenge,
}

/// Sales that would be of another product, cost something else, or be sales no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProductChange {
    /// What they are; nothing where they would become sales.
    pub from: Option<Product>,
    /// What they would be; nothing where they would be sales no more.
    pub to: Option<Product>,
    /// How many.
    pub sales: i64,
    /// What they cost.
    pub revenue_from_kzt: Tenge,
    /// What they would cost.
    pub revenue_to_kzt: Tenge,
}

/// What would move, of the sales and leads of a period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    moves: Vec<Move>,
    products: Vec<ProductChange>,
    outside: i64,
}

impl Preview {
    /// Counts what these rules would make of a deal. `accounts` are those of ids in its values.
    pub fn add_deal(&mut self, deal: &Deal, accounts: &Accounts, period: Period, rules: &Rules) {
        let after = ledger::sales(&ad_lookup::deal_with(deal, accounts, &rules.teams).0, rules);
        let counts = |sale: &&Sale| sale.state == State::Active;
        let within = |sale: &Sale| period.from <= sale.day && sale.day <= period.to;
        for (from, to) in paired(&deal.sales, &after) {
            let (from, to) = (from.filter(counts), to.filter(counts));
            if from.map(essence) == to.map(essence) {
                continue;
            }
            if !from.or(to).is_some_and(within) {
                self.outside += 1;
                continue;
            }
            if let (Some(from), Some(to)) = (from, to)
                && from.team != to.team
            {
                let between = self.between(&from.team, &to.team);
                between.sales += 1;
                between.revenue_kzt += from.amount;
            }
            let product = |sale: Option<&Sale>| sale.map(|sale| sale.product);
            let amount = |sale: Option<&Sale>| sale.map_or(Tenge(0), |sale| sale.amount);
            if (product(from), amount(from)) != (product(to), amount(to)) {
                let change = self.change(product(from), product(to));
                change.sales += 1;
                change.revenue_from_kzt += amount(from);
                change.revenue_to_kzt += amount(to);
            }
        }
    }

    /// Counts what these rules would make of a lead. `accounts` are those of ids in its values.
    pub fn add_lead(&mut self, lead: &Lead, accounts: &Accounts, rules: &Rules) {
        let to = team_of(&ad_lookup::lead_with(lead, accounts, &rules.teams), rules);
        if to != lead.team {
            self.between(&lead.team, &to).leads += 1;
        }
    }

    fn between(&mut self, from: &Option<TeamId>, to: &Option<TeamId>) -> &mut Move {
        let known = self.moves.iter().position(|known| (&known.from, &known.to) == (from, to));
        let place = known.unwrap_or_else(|| {
            let (from, to) = (from.clone(), to.clone());
            self.moves.push(Move { from, to, sales: 0, leads: 0, revenue_kzt: Tenge(0) });
            self.moves.len() - 1
        });
        &mut self.moves[place]
    }

    fn change(&mut self, from: Option<Product>, to: Option<Product>) -> &mut ProductChange {
        let known = self.products.iter().position(|known| (known.from, known.to) == (from, to));
        let place = known.unwrap_or_else(|| {
            let (revenue_from_kzt, revenue_to_kzt) = (Tenge(0), Tenge(0));
            self.products.push(ProductChange { from, to, sales: 0, revenue_from_kzt, revenue_to_kzt });
            self.products.len() - 1
        });
        &mut self.products[place]
    }

    /// What goes from team to team.
    pub fn moves(&self) -> Vec<Move> {
        let mut moves = self.moves.clone();
        moves.sort_by(|a, b| (&a.from, &a.to).cmp(&(&b.from, &b.to)));
        moves
    }

    /// What becomes another product.
    pub fn products(&self) -> Vec<ProductChange> {
        let mut products = self.products.clone();
        products.sort_by_key(|change| (change.from, change.to));
        products
    }

    /// How many sales of other days change with them, since a deal moves as a whole.
    pub fn outside(&self) -> i64 {
        self.outside
    }
}

/// What of a sale is shown in figures.
fn essence(sale: &Sale) -> (Option<&TeamId>, Product, Tenge) {
    (sale.team.as_ref(), sale.product, sale.amount)
}

/// The sales before with those that they become.
fn paired<'a>(before: &'a [Sale], after: &'a [Sale]) -> Vec<(Option<&'a Sale>, Option<&'a Sale>)> {
    let same = |sale: &Sale, others: &'a [Sale]| others.iter().find(|other| other.product == sale.product);
    let mut new: Vec<&Sale> = after.iter().filter(|sale| same(sale, before).is_none()).collect();
    let mut pairs: Vec<(Option<&Sale>, Option<&Sale>)> = before
        .iter()
        .map(|sale| (Some(sale), same(sale, after).or_else(|| (!new.is_empty()).then(|| new.remove(0)))))
        .collect();
    pairs.extend(new.into_iter().map(|sale| (None, Some(sale))));
    pairs
}

#[cfg(test)]
#[path = "reattribution_tests.rs"]
mod tests;
