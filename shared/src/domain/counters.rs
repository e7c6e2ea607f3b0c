//! What the counters of a day hold, and how sales and leads change them.
//!
//! A sale is counted among all of its owner and day, by the day it was sold and by the day of its lead. A sale or a lead
//! that carries UTM values is counted once more among those with the same ones. Which ad such values mean is not known here. What leads came to, and from which campaign of the
//! landing pages, is counted elsewhere: see [`lead_counts`](super::lead_counts).

use std::collections::BTreeMap;

use super::day::Day;
use super::lead::{Form, Lead};
use super::money::Tenge;
use super::product::Product;
use super::sale::{Sale, State};
use super::team::Owner;
use super::utm::{self, UtmName};
use super::utm_key::UtmKey;

/// The day by which a sale is counted. A lead is counted by the day it came, which is the same on both: it stands with the
/// days of sales.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// The day it was sold.
    SaleDate,
    /// The day of its lead.
    LeadDate,
}

impl Basis {
    /// Both.
    pub const ALL: [Self; 2] = [Self::SaleDate, Self::LeadDate];

    /// Its name in keys and in questions.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SaleDate => "sale_date",
            Self::LeadDate => "lead_date",
        }
    }
}

/// Whose and which day's counters, and of which sales and leads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CounterKey {
    /// By which day.
    pub basis: Basis,
    /// Whose.
    pub owner: Owner,
    /// Which day's.
    pub day: Day,
    /// Of those with these UTM values; of all where none are named.
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

impl std::ops::Neg for ProductTally {
    type Output = Self;
    fn neg(self) -> Self {
        Self { active: -self.active, cancelled: -self.cancelled }
    }
}

/// The leads of each form, whatever came of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeadTally {
    /// Career tests.
    pub proftest: i64,
    /// Orders of the Express Course.
    pub express: i64,
}

impl LeadTally {
    /// The leads of one form.
    pub fn of(self, form: Form) -> i64 {
        match form {
            Form::Proftest => self.proftest,
            Form::Express => self.express,
        }
    }

    /// Of one form there are so many more.
    pub fn count(&mut self, form: Form, more: i64) {
        match form {
            Form::Proftest => self.proftest += more,
            Form::Express => self.express += more,
        }
    }

    /// Both grow.
    pub fn add(&mut self, other: Self) {
        Form::ALL.into_iter().for_each(|form| self.count(form, other.of(form)));
    }
}

impl std::ops::Neg for LeadTally {
    type Output = Self;
    fn neg(self) -> Self {
        Self { proftest: -self.proftest, express: -self.express }
    }
}

/// The sales of each product and the leads of each form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tallies {
    /// Sales.
    pub products: BTreeMap<Product, ProductTally>,
    /// Leads.
    pub leads: LeadTally,
}

impl<const N: usize> From<[(Product, ProductTally); N]> for Tallies {
    fn from(products: [(Product, ProductTally); N]) -> Self {
        Self { products: products.into(), ..Self::default() }
    }
}

impl Tallies {
    /// The sales of one product.
    pub fn of(&self, product: Product) -> ProductTally {
        self.products.get(&product).copied().unwrap_or_default()
    }

    /// All of the other are counted here too.
    pub fn add(&mut self, other: &Self) {
        for (product, tally) in &other.products {
            self.products.entry(*product).or_default().add(*tally);
        }
        self.leads.add(other.leads);
    }

    /// The sales of all products together.
    pub fn total(&self) -> ProductTally {
        self.products.values().fold(ProductTally::default(), |mut sum, tally| {
            sum.add(*tally);
            sum
        })
    }

    fn count(&mut self, sale: &Sale, sign: i64) {
        let tally = self.products.entry(sale.product).or_default();
        let amount = Tally { count: sign, sum: Tenge(sign * sale.amount.0) };
        match sale.state {
            State::Active => tally.active.add(amount),
            State::Cancelled => tally.cancelled.add(amount),
        }
    }

    /// The same without products that nothing was sold of.
    pub fn without_zeros(mut self) -> Self {
        self.products.retain(|_, tally| !(tally.active.is_zero() && tally.cancelled.is_zero()));
        self
    }

    /// Whether it names no product and holds no lead.
    pub fn is_empty(&self) -> bool {
        self.products.is_empty() && self.leads == LeadTally::default()
    }
}

impl std::ops::Neg for Tallies {
    type Output = Self;
    fn neg(mut self) -> Self {
        self.products.values_mut().for_each(|tally| *tally = -*tally);
        Self { leads: -self.leads, ..self }
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
    something(delta)
}

/// What has to be added when a lead becomes another one's. No zeros: an addition of nothing is none that DynamoDB takes.
pub fn lead_change(before: &Lead, after: &Lead) -> BTreeMap<CounterKey, Tallies> {
    let mut delta = of_lead(before, -1);
    for (key, tallies) in of_lead(after, 1) {
        delta.entry(key).or_default().add(&tallies);
    }
    something(delta)
}

fn something(delta: BTreeMap<CounterKey, Tallies>) -> BTreeMap<CounterKey, Tallies> {
    delta
        .into_iter()
        .map(|(key, tallies): (CounterKey, Tallies)| (key, tallies.without_zeros()))
        .filter(|(_, tallies)| !tallies.is_empty())
        .collect()
}

/// What a lead adds to the counters, or takes away where the sign is minus one.
pub fn of_lead(lead: &Lead, sign: i64) -> BTreeMap<CounterKey, Tallies> {
    let mut tallies = Tallies::default();
    tallies.leads.count(lead.form, sign);
    let key = |utm| CounterKey { basis: Basis::SaleDate, owner: lead.owner(), day: lead.day, utm };
    let mut counters = BTreeMap::from([(key(None), tallies.clone())]);
    if let Some(utm) = UtmKey::of(&utm::shown(&lead.readings)) {
        counters.insert(key(Some(utm)), tallies);
    }
    counters
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
        let key = |basis, day, utm| CounterKey { basis, owner: sale.owner(), day, utm };
        for basis in Basis::ALL {
            let Some(day) = sale.day_by(basis) else { continue };
            counters.entry(key(basis, day, None)).or_default().count(sale, sign);
        }
        if utm.is_some() {
            counters.entry(key(Basis::SaleDate, sale.day, utm)).or_default().count(sale, sign);
        }
    }
}

#[cfg(test)]
#[path = "counters_tests.rs"]
mod tests;
