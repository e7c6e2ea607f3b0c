//! amoCRM's sales against the ledger's, by day: the proof that a total is the CRM's own, or the deals that keep it from
//! being so.
//!
//! A deal is compared by what the ledger's own rules make of it as amoCRM has it now. Dates are not compared: a sale that both
//! have counts on the ledger's day on either side, for amoCRM keeps only the day a deal was closed last.
//! For every owner, product and day: amoCRM's sum less ours is what is missing, less what is extra, and what differs.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::day::{Day, Period};
use super::money::Tenge;
use super::product::Product;
use super::team::{Owner, TeamId};

mod compare;
mod counted;
mod days;
mod judge;
#[cfg(test)]
mod properties;
#[cfg(test)]
pub(crate) mod sample;

pub use compare::{Look, Run, compare};
pub use counted::{CounterGap, CountersCheck, counter_gaps};
pub use days::Days;
pub use judge::{Asked, HookHealth, Judgement, OVERDUE, Proven, RunState};

/// How many days back a run compares, today included.
pub const COMPARED_DAYS: u64 = 31;

/// The days that a run compares.
pub fn compared_days(now: DateTime<Utc>) -> Period {
    let today = Day::of(now);
    Period { from: today.minus(COMPARED_DAYS - 1), to: today }
}

/// Why a deal is not alike on both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Missing: the ledger has never heard of the deal.
    UnknownDeal,
    /// Missing: it knows the deal, and no sale of it.
    NoSale,
    /// Missing: its sale is cancelled.
    Cancelled,
    /// Extra: amoCRM has never shown the deal.
    NeverShown,
    /// Extra: amoCRM has shown it once and shows it no more.
    Gone,
    /// Extra: the deal is in the bin.
    Deleted,
    /// Extra: the deal is lost.
    Lost,
    /// Extra: the deal stands in a stage that is no sale.
    NotASale,
    /// Different: another product.
    Product,
    /// Different: another amount.
    Amount,
}

/// A sale as amoCRM has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrmSide {
    /// What was sold.
    pub product: Product,
    /// What it cost.
    pub amount: Tenge,
    /// Where the deal stands.
    pub pipeline: u64,
    /// The stage there.
    pub stage: u64,
}

/// A sale as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerSide {
    /// What was sold.
    pub product: Product,
    /// What it cost.
    pub amount: Tenge,
    /// When.
    pub sold_at: DateTime<Utc>,
}

/// A sale on one side or on both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The lead.
    pub lead: u64,
    /// The day it counts on.
    pub day: Day,
    /// Whose it is.
    pub owner: Owner,
    /// As amoCRM has it.
    pub crm: Option<CrmSide>,
    /// As the ledger has it.
    pub ledger: Option<LedgerSide>,
    /// Why both are not alike; nothing where they are.
    pub why: Option<Why>,
}

impl Pair {
    /// What was sold, by the ledger where it has a sale.
    pub fn product(&self) -> Option<Product> {
        let of_crm = || self.crm.as_ref().map(|side| side.product);
        self.ledger.as_ref().map(|side| side.product).or_else(of_crm)
    }
}

/// A deal that is not alike on both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// The lead.
    pub lead_id: u64,
    /// What was sold, by the ledger where it has a sale.
    pub product: Product,
    /// Whose it is.
    pub team: Option<TeamId>,
    /// As amoCRM has it.
    pub crm: Option<CrmSide>,
    /// As the ledger has it.
    pub ledger: Option<LedgerSide>,
    /// Why they are not alike.
    pub reason: Why,
    /// When it was put right, where the run that found it did so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub healed_at: Option<DateTime<Utc>>,
}

/// Deals of one kind, the first of them by their leads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// The deals.
    pub deals: Vec<Listed>,
    /// How many more there are.
    #[serde(default)]
    pub more: u64,
}

/// How many and how much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Total {
    /// How many.
    pub count: i64,
    /// How much they cost together.
    pub sum: Tenge,
}

impl Total {
    /// Both grow.
    pub fn add(&mut self, other: Self) {
        self.count += other.count;
        self.sum += other.sum;
    }

    fn one(amount: Tenge) -> Self {
        Self { count: 1, sum: amount }
    }
}

/// Both sides, and how many deals still keep them apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sides {
    /// amoCRM's sales.
    pub crm: Total,
    /// Ours.
    pub ledger: Total,
    /// Those that we do not have.
    #[serde(default)]
    pub missing: i64,
    /// Those that amoCRM does not have.
    #[serde(default)]
    pub extra: i64,
    /// Those that are not the same.
    #[serde(default)]
    pub different: i64,
}

impl Sides {
    /// All of the other count here too.
    pub fn add(&mut self, other: &Self) {
        self.crm.add(other.crm);
        self.ledger.add(other.ledger);
        self.missing += other.missing;
        self.extra += other.extra;
        self.different += other.different;
    }

    /// How many deals keep both apart.
    pub fn apart(&self) -> i64 {
        self.missing + self.extra + self.different
    }
}

/// Both sides of one owner and product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Whose; nobody's where it is not named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    /// What was sold.
    pub product: Product,
    /// Both sides.
    #[serde(flatten)]
    pub sides: Sides,
}

impl Row {
    /// Whose.
    pub fn owner(&self) -> Owner {
        Owner::from(self.team.clone())
    }
}

/// What a run found out about one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCheck {
    /// The day.
    pub day: Day,
    /// When the run began: what happened later is not in it.
    pub checked_at: DateTime<Utc>,
    /// Both sides, as they are after what could be put right was put right.
    pub rows: Vec<Row>,
    /// What amoCRM has and we have not.
    pub missing: Listing,
    /// What we have and amoCRM has not.
    pub extra: Listing,
    /// What is not the same.
    pub different: Listing,
}
