//! What ads cost and what came of it: one row for each account, campaign, ad set or ad, over a period or by day.
//!
//! Nothing is lost between the levels: a sale that points at no object of a level stands in `unmatched`, so that rows
//! and `unmatched` come to the same at every level. Amounts are whole units throughout; only what is shown is a ratio.
//! Which days were pulled and at what rate they were converted is the store's knowledge; here it is only told on.

mod figures;
mod notes;
mod place;
mod row;
mod rows;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ad::{AdObject, ObjectKind};
use super::ad_account::AdAccountId;
use super::ad_join::AdIndex;
use super::counters::Tallies;
use super::day::{Day, Period};
use super::money::{Currency, Money};
use super::spend::{AccountDay, AdDay};
use super::team::Owner;
use super::utm::UtmName;
use crate::domain::ad_spend::Unconverted;
pub use figures::Figures;
use figures::Sums;
use notes::Notes;
pub use notes::{MissingDays, RateUsed};
pub use place::Place;
pub use row::Row;
use rows::Rows;

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// An ad account.
    Account,
    /// A campaign.
    Campaign,
    /// An ad set.
    Adset,
    /// An ad.
    Ad,
}

impl Level {
    /// Every level by its name in questions.
    pub const WORDS: [(&'static str, Self); 4] =
        [("account", Self::Account), ("campaign", Self::Campaign), ("adset", Self::Adset), ("ad", Self::Ad)];

    /// The kind of object that a row is about; none where it is the account itself.
    pub fn kind(self) -> Option<ObjectKind> {
        match self {
            Self::Account => None,
            Self::Campaign => Some(ObjectKind::Campaign),
            Self::Adset => Some(ObjectKind::Adset),
            Self::Ad => Some(ObjectKind::Ad),
        }
    }
}

/// How many rows an object has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Granularity {
    /// One for the whole period.
    Period,
    /// One for each day on which there was anything.
    Day,
}

impl Granularity {
    /// Both by their names in questions.
    pub const WORDS: [(&'static str, Self); 2] = [("period", Self::Period), ("day", Self::Day)];
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Over which days.
    pub period: Period,
    /// What a row is about.
    pub level: Level,
    /// Whether days stand apart.
    pub granularity: Granularity,
    /// Only this account's rows.
    pub account: Option<AdAccountId>,
    /// Whether objects have a row with which nothing happened.
    pub with_idle: bool,
}

/// What has to be known of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountFacts {
    /// Its id.
    pub id: AdAccountId,
    /// Its name.
    pub name: Option<String>,
    /// The zone of its days.
    pub timezone: Option<String>,
    /// What it is billed in.
    pub currency: Option<Currency>,
    /// Whose spend its spend is.
    pub owner: Owner,
    /// The day that it is there now.
    pub today: Day,
}

/// What one owner gained on one day from people with the same UTM values: empty ones where they had none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gain {
    /// Whose.
    pub owner: Owner,
    /// Which day.
    pub day: Day,
    /// The values, as [`UtmKey`](super::utm_key::UtmKey) has them.
    pub values: BTreeMap<UtmName, String>,
    /// Leads and sales.
    pub counted: Tallies,
}

/// What the rows are made from.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Every account whose objects a gain may have come from: all of an owner's, also where one is asked about.
    pub accounts: &'a [AccountFacts],
    /// The objects in them.
    pub objects: &'a [AdObject],
    /// The days of the accounts that are asked about, each with its ads.
    pub days: &'a [(&'a AccountDay, &'a [AdDay])],
    /// Leads and sales of the owners.
    pub gains: &'a [Gain],
}

/// The answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// In the order of their [`Place`].
    pub rows: Vec<Row>,
    /// All rows together.
    pub totals: Totals,
    /// What points at no object of the level.
    pub unmatched: Unmatched,
    /// What could not be turned into tenge.
    pub unconverted: Vec<Unconverted>,
    /// What was turned into tenge, at what rate.
    pub rates: Vec<RateUsed>,
    /// What was never pulled.
    pub missing_days: Vec<MissingDays>,
}

/// All rows together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Totals {
    /// In the currencies it was spent in.
    pub spend: Vec<Money>,
    /// Everything else; tenge are without what could not be turned into them, and the reason says so.
    #[serde(flatten)]
    pub figures: Figures,
}

/// Gains that point at no object of the level. Where one account is asked about: those of them that point at it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Unmatched {
    /// Leads of the career test.
    pub leads: i64,
    /// Sales of both products.
    pub sales: i64,
    /// What they cost.
    pub revenue_kzt: i64,
}

/// Makes the rows and what is to be said about them.
pub fn table(ask: &Ask, facts: &Facts<'_>) -> Table {
    let owners = facts.accounts.iter().map(|account| (&account.id, &account.owner));
    let index = AdIndex::new(owners, facts.objects);
    let mut rows = Rows::new(ask, facts);
    for (day, ads) in facts.days {
        ads.iter().for_each(|ad| rows.deliver(day, ad));
    }
    let mut unmatched = Sums::default();
    for gain in facts.gains {
        let place = index.find(&gain.owner, &gain.values);
        let is_asked =
            ask.account.is_none() || place.as_ref().map(|place| &place.account_id) == ask.account.as_ref();
        if is_asked && !place.is_some_and(|place| rows.gain(&place, gain)) {
            unmatched.gain(gain);
        }
    }
    if ask.with_idle {
        rows.add_idle();
    }
    let (rows, totals) = rows.finish();
    let notes = Notes::of(ask, facts);
    Table {
        rows,
        totals,
        unmatched: Unmatched {
            leads: unmatched.leads(),
            sales: unmatched.sales().count,
            revenue_kzt: unmatched.sales().sum.0,
        },
        unconverted: notes.unconverted,
        rates: notes.rates,
        missing_days: notes.missing_days,
    }
}

#[cfg(test)]
#[path = "insights/tests.rs"]
mod tests;
