//! What ads with broken tags spend meanwhile: every row, the most expensive first, and what they come to.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::result::Kept;
use super::{Kind, Suspect};
use crate::domain::ad_account::AdAccountId;
use crate::domain::day::Day;
use crate::domain::money::{Currency, Money, Tenge};
use crate::domain::rates::convert;
use crate::domain::spend::{AccountDay, AdDay};
use crate::domain::team::TeamId;

/// Which day an amount is of, seen from the account's own zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SpendOf {
    /// Today.
    Today,
    /// Yesterday, because nothing is known of today yet.
    Yesterday,
}

/// What an account's ads spent on the newest day that something is known of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DaySpend {
    /// The day.
    pub day: Day,
    /// Which that is.
    pub of: SpendOf,
    /// When it was pulled.
    pub pulled_at: DateTime<Utc>,
    currency: Currency,
    by_ad: HashMap<String, (i64, Option<Tenge>)>,
}

impl DaySpend {
    /// Of today, or of yesterday where today has no rows yet; nothing where neither was pulled.
    pub fn newest(days: &[(&AccountDay, &[AdDay])], today: Day) -> Option<Self> {
        let of = |day: Day| days.iter().find(|(known, _)| known.day == day);
        let (now, before) = (of(today), of(today.minus(1)));
        let (of, (day, rows)) = match (now, before) {
            (Some(now), _) if !now.1.is_empty() => (SpendOf::Today, now),
            (_, Some(before)) if !before.1.is_empty() => (SpendOf::Yesterday, before),
            (Some(now), _) => (SpendOf::Today, now),
            (None, Some(before)) => (SpendOf::Yesterday, before),
            (None, None) => return None,
        };
        let mut by_ad: HashMap<String, (i64, Option<Tenge>)> = HashMap::new();
        for row in *rows {
            let tenge = day.rate.and_then(|rate| convert(row.spend, day.currency, rate));
            let sum = by_ad.entry(row.ad_id.clone()).or_insert((0, Some(Tenge(0))));
            sum.0 = sum.0.saturating_add(row.spend);
            sum.1 = sum.1.zip(tenge).map(|(sum, more)| Tenge(sum.0.saturating_add(more.0)));
        }
        Some(Self { day: day.day, of, pulled_at: day.pulled_at, currency: day.currency, by_ad })
    }

    /// One ad's spend; an ad without a row did not spend.
    pub fn of_ad(&self, ad_id: &str) -> (Money, Option<Tenge>) {
        let (amount, kzt) = self.by_ad.get(ad_id).copied().unwrap_or((0, Some(Tenge(0))));
        (Money { amount, currency: self.currency }, kzt)
    }
}

/// An ad account with what was found in it and what it spends.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its id.
    pub id: AdAccountId,
    /// Its name.
    pub name: Option<String>,
    /// Whose it is.
    pub team: Option<TeamId>,
    /// What is kept of its checks.
    pub kept: Kept,
    /// What its ads spend.
    pub spend: Option<DaySpend>,
}

/// How old what is known of several accounts is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age {
    /// When the one was checked that was checked longest ago; nothing where none ever was.
    pub checked_at: Option<DateTime<Utc>>,
    /// Whether a newer check of one of them should be there.
    pub stale: bool,
}

impl Age {
    /// Of these.
    pub fn of(accounts: &[Account], now: DateTime<Utc>) -> Self {
        let checked = accounts.iter().filter_map(|account| Some(account.kept.found.as_ref()?.checked_at));
        let stale = accounts.is_empty() || accounts.iter().any(|account| account.kept.is_stale(now));
        Self { checked_at: checked.min(), stale }
    }
}

/// One ad that something is wrong with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The account.
    pub account_id: AdAccountId,
    /// The account's name.
    pub account_name: Option<String>,
    /// Whose the account is.
    pub team: Option<TeamId>,
    /// The ad.
    pub suspect: Suspect,
    /// What it spent; nothing where no day was pulled.
    pub spend: Option<Money>,
    /// The same in tenge; nothing without a rate.
    pub spend_kzt: Option<Tenge>,
    /// The day.
    pub spend_day: Option<Day>,
    /// Which that is.
    pub spend_of: Option<SpendOf>,
}

/// Where a row stands among the others: by tenge, the most first, then by the ad's id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    rank: i64,
    ad_id: String,
}

impl Row {
    /// Where it stands.
    pub fn place(&self) -> Place {
        // An amount that no rate turns into tenge is not known to be small: it stands before what spends nothing.
        let unknown = self.spend.is_some_and(|money| money.amount > 0);
        let kzt = self.spend_kzt.map_or(i64::from(unknown), |tenge| tenge.0);
        Place { rank: -kzt, ad_id: self.suspect.ad.id.clone() }
    }
}

/// What all rows come to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Active ads.
    pub ads: usize,
    /// Those that something is wrong with.
    pub with_findings: usize,
    /// Those of them that are counted and not listed, because an account has too many.
    pub not_listed: usize,
    /// What they spent, in tenge.
    pub spend_at_risk_kzt: Tenge,
    /// The same in the currencies it was spent in.
    pub spend_at_risk: Vec<Money>,
    /// How many have each thing wrong. One ad may have several.
    pub by_kind: BTreeMap<&'static str, usize>,
}

/// Every row of these accounts, or those with one kind of finding; the most expensive first.
pub fn rows(accounts: &[Account], kind: Option<Kind>) -> (Vec<Row>, Summary) {
    let (mut rows, mut summary) = (vec![], Summary::default());
    let mut money: BTreeMap<Currency, i64> = BTreeMap::new();
    let mut at_risk = |summary: &mut Summary, spent: Option<(Money, Option<Tenge>)>| {
        let Some((spend, kzt)) = spent else { return };
        summary.spend_at_risk_kzt += kzt.unwrap_or_default();
        let sum = money.entry(spend.currency).or_default();
        *sum = sum.saturating_add(spend.amount);
    };
    for account in accounts {
        let Some(found) = &account.kept.found else { continue };
        summary.ads += found.ads;
        let spent = |ad: &str| account.spend.as_ref().map(|spend| spend.of_ad(ad));
        for suspect in &found.suspects {
            if kind.is_some_and(|kind| suspect.findings.iter().all(|finding| finding.kind != kind)) {
                continue;
            }
            let mut kinds: Vec<Kind> = suspect.findings.iter().map(|finding| finding.kind).collect();
            kinds.dedup();
            for kind in kinds {
                *summary.by_kind.entry(kind.as_str()).or_default() += 1;
            }
            summary.with_findings += 1;
            let spend = spent(&suspect.ad.id);
            at_risk(&mut summary, spend);
            rows.push(Row {
                account_id: account.id.clone(),
                account_name: account.name.clone(),
                team: account.team.clone(),
                suspect: suspect.clone(),
                spend: spend.map(|(money, _)| money),
                spend_kzt: spend.and_then(|(_, kzt)| kzt),
                spend_day: account.spend.as_ref().map(|spend| spend.day),
                spend_of: account.spend.as_ref().map(|spend| spend.of),
            });
        }
        // Of what is wrong with those nothing is kept, so they are of no kind that is asked for.
        if kind.is_none() {
            let not_listed = found.with_findings.saturating_sub(found.suspects.len());
            summary.with_findings += not_listed;
            summary.not_listed += not_listed;
            found.left_out.iter().for_each(|ad| at_risk(&mut summary, spent(ad)));
        }
    }
    rows.sort_by_cached_key(Row::place);
    let spent = money.into_iter().filter(|(_, amount)| *amount != 0);
    summary.spend_at_risk = spent.map(|(currency, amount)| Money { amount, currency }).collect();
    (rows, summary)
}

#[cfg(test)]
#[path = "at_risk_tests.rs"]
mod tests;
