//! The answer, from what was read. Reads nothing itself.

use std::collections::BTreeMap;

use serde::Serialize;
use shared::domain::ad::AdAccount;
use shared::domain::ad_account::AdAccountId;
use shared::domain::ad_spend::AdSpend;
use shared::domain::counters::Basis;
use shared::domain::day::almaty_time;
use shared::domain::funnel::{Figures, Funnel};
use shared::domain::money::Currency;
use shared::domain::rates::RateShown;
use shared::domain::rules::Rules;
use shared::domain::spend::AccountDay;
use shared::domain::sync_state::AccountSync;
use shared::domain::team::{Owner, TeamId};
use shared::edge::caller::Scope;
use shared::edge::proof::Proof;
use shared::store::counters::Days;

/// An account that the caller may see.
pub struct Account<'a> {
    pub account: &'a AdAccount,
    pub owner: &'a Owner,
    pub sync: &'a AccountSync,
}

/// Everything that a funnel is made from.
pub struct Read<'a> {
    pub basis: Basis,
    pub counted: Days,
    pub spent: Vec<AccountDay>,
    pub accounts: Vec<Account<'a>>,
    pub proof: Option<Proof>,
}

#[derive(Serialize)]
pub struct Answer {
    basis: &'static str,
    #[serde(flatten)]
    all: Funnel,
    teams: Vec<TeamFunnel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unattributed: Option<Funnel>,
    accounts: Vec<AccountRow>,
    /// Null until amoCRM was first read.
    proof: Option<Proof>,
}

#[derive(Serialize)]
struct TeamFunnel {
    team: TeamId,
    title: String,
    color: String,
    emoji: String,
    #[serde(flatten)]
    funnel: Funnel,
}

/// Whose calendar the days of spend are of, and what the account's money was worth.
#[derive(Serialize)]
struct AccountRow {
    account_id: AdAccountId,
    /// Null for an account of nobody.
    team: Option<TeamId>,
    account_timezone: Option<String>,
    currency: Option<Currency>,
    /// That of the period's newest day that has one.
    rate: Option<RateShown>,
    last_pulled_at: Option<String>,
}

impl Answer {
    /// The funnels of a scope.
    pub fn new(rules: &Rules, scope: &Scope, read: &Read<'_>) -> Self {
        let figures = by_owner(read);
        let of = |owner: &Owner| Funnel::from(&figures.get(owner).cloned().unwrap_or_default());
        let mut all = Figures::default();
        figures.values().for_each(|figures| all.add(figures));
        let teams = scope.teams().filter_map(|id| rules.team(id.as_str()));
        let teams = teams.map(|team| TeamFunnel {
            team: team.id.clone(),
            title: team.title.clone(),
            color: team.color.clone(),
            emoji: team.emoji.clone(),
            funnel: of(&Owner::Team(team.id.clone())),
        });
        Self {
            basis: read.basis.as_str(),
            all: Funnel::from(&all),
            teams: teams.collect(),
            unattributed: scope.has_unattributed().then(|| of(&Owner::Unattributed)),
            accounts: read.accounts.iter().map(|account| row(account, &read.spent)).collect(),
            proof: read.proof.clone(),
        }
    }
}

fn by_owner(read: &Read<'_>) -> BTreeMap<Owner, Figures> {
    let mut figures: BTreeMap<Owner, Figures> = BTreeMap::new();
    for ((owner, _), tallies) in &read.counted {
        figures.entry(owner.clone()).or_default().add(&Figures::of_counted(tallies.clone()));
    }
    let owners: BTreeMap<&AdAccountId, &Owner> =
        read.accounts.iter().map(|seen| (&seen.account.account_id, seen.owner)).collect();
    for day in &read.spent {
        let Some(owner) = owners.get(&day.account_id) else { continue };
        figures.entry((*owner).clone()).or_default().add(&Figures::of_spend(AdSpend::of(day)));
    }
    figures
}

fn row(seen: &Account<'_>, spent: &[AccountDay]) -> AccountRow {
    let days = spent.iter().filter(|day| day.account_id == seen.account.account_id);
    let newest = days.filter(|day| day.rate.is_some()).max_by_key(|day| day.day);
    AccountRow {
        account_id: seen.account.account_id.clone(),
        team: seen.owner.team().cloned(),
        account_timezone: seen.account.timezone.clone(),
        // What its rows are in is newer than what discovery found.
        currency: newest.map(|day| day.currency).or(seen.account.currency),
        rate: newest.and_then(|day| RateShown::of(day.rate.as_ref()?)),
        last_pulled_at: seen.sync.pulled_at.map(almaty_time),
    }
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
