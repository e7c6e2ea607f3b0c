//! What has to be said beside the rows: rates, amounts without one, and days that nobody pulled.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::figures::is_unconverted;
use super::{AccountFacts, Ask, Facts};
use crate::domain::ad_account::AdAccountId;
use crate::domain::ad_spend::{NoTenge, Unconverted};
use crate::domain::day::{Day, Period};
use crate::domain::money::Currency;
use crate::domain::rates::RateShown;

/// A rate that spend of one day was converted at.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RateUsed {
    /// Of which currency.
    pub currency: Currency,
    /// On which day.
    pub day: Day,
    /// Which rate.
    #[serde(flatten)]
    pub rate: RateShown,
}

/// Days of an account that were never pulled: what was spent on them is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissingDays {
    /// Whose.
    pub account_id: AdAccountId,
    /// The first.
    pub from: Day,
    /// The last.
    pub to: Day,
}

pub(super) struct Notes {
    pub unconverted: Vec<Unconverted>,
    pub rates: Vec<RateUsed>,
    pub missing_days: Vec<MissingDays>,
}

impl Notes {
    pub(super) fn of(ask: &Ask, facts: &Facts<'_>) -> Self {
        let is_asked =
            |account: &&AccountFacts| ask.account.as_ref().is_none_or(|asked| *asked == account.id);
        let asked = facts.accounts.iter().filter(is_asked);
        let missing_days = asked.flat_map(|account| missing(account, facts, ask.period));
        Self { unconverted: unconverted(facts), rates: rates(facts), missing_days: missing_days.collect() }
    }
}

fn unconverted(facts: &Facts<'_>) -> Vec<Unconverted> {
    let mut amounts: BTreeMap<(&AdAccountId, Currency), i64> = BTreeMap::new();
    for (day, ads) in facts.days {
        for ad in ads.iter().filter(|ad| is_unconverted(day, ad)) {
            *amounts.entry((&day.account_id, day.currency)).or_default() += ad.spend;
        }
    }
    let shown = |((account, currency), amount): ((&AdAccountId, _), _)| Unconverted {
        account_id: account.clone(),
        currency,
        amount,
        reason: NoTenge::NoRate,
    };
    amounts.into_iter().map(shown).collect()
}

/// Each rate once; two accounts that were pulled at different times may have had different ones for a day.
fn rates(facts: &Facts<'_>) -> Vec<RateUsed> {
    let mut used = BTreeMap::new();
    for (day, ads) in facts.days {
        if let Some(rate) = day.rate
            && ads.iter().any(|ad| ad.spend != 0)
        {
            used.insert((day.currency, day.day, rate.date, rate.value), rate);
        }
    }
    let mut shown = vec![];
    for ((currency, day, ..), rate) in used {
        shown.extend(RateShown::of(&rate).map(|rate| RateUsed { currency, day, rate }));
    }
    shown
}

/// The account's days up to its own today that are not among those that were pulled, as spans.
fn missing(account: &AccountFacts, facts: &Facts<'_>, period: Period) -> Vec<MissingDays> {
    let own = facts.days.iter().filter(|(day, _)| day.account_id == account.id);
    let pulled: BTreeSet<Day> = own.map(|(day, _)| day.day).collect();
    let mut spans: Vec<MissingDays> = vec![];
    for day in period.days().filter(|day| *day <= account.today && !pulled.contains(day)) {
        match spans.last_mut() {
            Some(span) if span.to.plus(1) == day => span.to = day,
            _ => spans.push(MissingDays { account_id: account.id.clone(), from: day, to: day }),
        }
    }
    spans
}
