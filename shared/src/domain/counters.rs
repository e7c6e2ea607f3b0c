//! What the counters of a day hold, and how a change of sales changes them.
//!
//! A sale is counted among all of its owner and day and, where it carries UTM values, once more among those with the
//! same ones. Which ad such values mean is not known here.

use std::collections::BTreeMap;

use super::day::Day;
use super::money::Tenge;
use super::product::Product;
use super::sale::{Sale, State};
use super::team::Owner;
use super::utm::UtmName;
use super::utm_key::UtmKey;

/// The day by which a sale is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// The day it was sold.
    SaleDate,
}

impl Basis {
    /// Its name in keys and in questions.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SaleDate => "sale_date",
        }
    }
}

/// Whose and which day's counters, and of which sales.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CounterKey {
    /// By which day.
    pub basis: Basis,
    /// Whose.
    pub owner: Owner,
    /// Which day's.
    pub day: Day,
    /// Of the sales with these UTM values; of all sales where none are named.
    pub utm: Option<UtmKey>,
}

/// How many and how much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many.
    pub count: i64,
    /// How much they cost together.
    pub sum: Tenge,
}

impl Tally {
    /// Both grow.
    pub fn add(&mut self, other: Self) {
        self.count += other.count;
        self.sum += other.sum;
    }

    fn is_zero(self) -> bool {
        self == Self::default()
    }
}

impl std::ops::Neg for Tally {
    type Output = Self;
    fn neg(self) -> Self {
        Self { count: -self.count, sum: -self.sum }
    }
}

/// The sales of one product: those that count and those that were cancelled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ProductTally {
    /// Those that count.
    pub active: Tally,
    /// Those that no longer do.
    pub cancelled: Tally,
}

impl ProductTally {
    /// Both grow.
    pub fn add(&mut self, other: Self) {
        self.active.add(other.active);
        self.cancelled.add(other.cancelled);
    }
}

/// The sales of each product.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tallies(pub BTreeMap<Product, ProductTally>);

impl Tallies {
    /// The sales of one product.
    pub fn of(&self, product: Product) -> ProductTally {
        self.0.get(&product).copied().unwrap_or_default()
    }

    /// All of the other are counted here too.
    pub fn add(&mut self, other: &Self) {
        for (product, tally) in &other.0 {
            self.0.entry(*product).or_default().add(*tally);
        }
    }

    /// The tallies of all products together.
    pub fn total(&self) -> ProductTally {
        self.0.values().fold(ProductTally::default(), |mut sum, tally| {
            sum.add(*tally);
            sum
        })
    }

    fn count(&mut self, sale: &Sale, sign: i64) {
        let tally = self.0.entry(sale.product).or_default();
        let amount = Tally { count: sign, sum: Tenge(sign * sale.amount.0) };
        match sale.state {
            State::Active => tally.active.add(amount),
            State::Cancelled => tally.cancelled.add(amount),
        }
    }

    /// The same without products that nothing was sold of.
    pub fn without_zeros(mut self) -> Self {
        self.0.retain(|_, tally| !(tally.active.is_zero() && tally.cancelled.is_zero()));
        self
    }
}

/// The counters that these sales make.
pub fn count<'a>(sales: impl IntoIterator<Item = &'a Sale>) -> BTreeMap<CounterKey, Tallies> {
    let mut counters = BTreeMap::new();
    apply(&mut counters, sales.into_iter().map(|sale| (sale, 1)));
    counters
}

/// What has to be added to the counters when a deal's sales change from `before` to `after`.
pub fn change(before: &[Sale], after: &[Sale]) -> BTreeMap<CounterKey, Tallies> {
    let mut delta = BTreeMap::new();
    // Most events change no sale, and need no key.
    if before == after {
        return delta;
    }
    let left = before.iter().map(|sale| (sale, -1));
    apply(&mut delta, left.chain(after.iter().map(|sale| (sale, 1))));
    delta
        .into_iter()
        .map(|(key, tallies): (CounterKey, Tallies)| (key, tallies.without_zeros()))
        .filter(|(_, tallies)| !tallies.0.is_empty())
        .collect()
}

fn apply<'a>(counters: &mut BTreeMap<CounterKey, Tallies>, sales: impl IntoIterator<Item = (&'a Sale, i64)>) {
    // The sales of one deal carry the same values, mostly before and after too: one key serves them all.
    let mut newest: Option<(&BTreeMap<UtmName, String>, Option<UtmKey>)> = None;
    for (sale, sign) in sales {
        let utm = match newest {
            Some((values, key)) if *values == sale.utm => key,
            _ => UtmKey::of(&sale.utm),
        };
        newest = Some((&sale.utm, utm.clone()));
        let key = |utm| CounterKey { basis: Basis::SaleDate, owner: sale.owner(), day: sale.day, utm };
        counters.entry(key(None)).or_default().count(sale, sign);
        if utm.is_some() {
            counters.entry(key(utm)).or_default().count(sale, sign);
        }
    }
}
