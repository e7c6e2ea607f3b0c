//! A sale as the ledger keeps it and as every list shows it.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::attribution::Trail;
use super::counters::Basis;
use super::day::Day;
use super::event::DealId;
use super::money::Tenge;
use super::product::Product;
use super::team::{Owner, TeamId};
use super::utm::UtmName;

/// A sale's identity: one deal can buy each product once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SaleId {
    /// The deal.
    pub deal: DealId,
    /// What it bought.
    pub product: Product,
}

impl SaleId {
    /// Reads what `Display` writes.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-');
        let number = |part: Option<&str>| -> Option<u64> { part?.parse().ok() };
        let deal = DealId { account: number(parts.next())?, lead: number(parts.next())? };
        let id = Self { deal, product: Product::parse(parts.next()?)? };
        (id.to_string() == text).then_some(id)
    }
}

impl fmt::Display for SaleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.deal, self.product.id())
    }
}

/// Whether the sale counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It counts.
    Active,
    /// It was one once; net figures leave it out.
    Cancelled,
}

/// Who said what it cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AmountSource {
    /// A hook.
    Hook,
    /// amoCRM, when it was asked.
    Crm,
    /// Nobody yet: the product's list price stands in.
    ListPrice,
}

/// One sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    /// The amoCRM account.
    pub account: u64,
    /// The lead in it.
    pub lead_id: u64,
    /// What was sold.
    pub product: Product,
    /// Whose sale it is; nobody's where the trail says why.
    pub team: Option<TeamId>,
    /// Whether it counts.
    pub state: State,
    /// What it cost.
    pub amount: Tenge,
    /// Who said so.
    pub amount_source: AmountSource,
    /// When the present unbroken time as a sale began.
    pub sold_at: DateTime<Utc>,
    /// The business day of `sold_at`.
    pub day: Day,
    /// The day of its lead: of the form behind the deal, or of the deal itself. Nothing with those that were written before
    /// it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_day: Option<Day>,
    /// When the first event that makes it a sale reached us.
    pub received_at: DateTime<Utc>,
    /// Whether amoCRM itself has confirmed it; a hook alone has not.
    pub verified: bool,
    /// The deal's UTM values.
    pub utm: BTreeMap<UtmName, String>,
    /// How the team was found.
    pub trail: Trail,
    /// How many versions of it there have been, this one included.
    pub versions: u32,
}

impl Sale {
    /// Its identity.
    pub fn id(&self) -> SaleId {
        SaleId { deal: DealId { account: self.account, lead: self.lead_id }, product: self.product }
    }

    /// Where its figures belong.
    pub fn owner(&self) -> Owner {
        Owner::from(self.team.clone())
    }

    /// The sale without what explains it: its UTM values, and what its trail tells besides the team.
    #[must_use]
    pub fn unexplained(self) -> Self {
        let trail = Trail {
            field: None,
            read_by: None,
            read_from: None,
            value: None,
            pattern: None,
            team: None,
            landing_lead: None,
            seen: BTreeMap::new(),
            ..self.trail
        };
        Self { utm: BTreeMap::new(), trail, ..self }
    }

    /// Whether both say the same, apart from how often they were written and whether amoCRM has confirmed it.
    pub fn same_facts(&self, other: &Self) -> bool {
        let facts = |sale: &Self| Self { versions: 0, verified: false, ..sale.clone() };
        facts(self) == facts(other)
    }

    /// The day on which it counts; nothing by the day of the lead where that was not kept: such a sale was written before it
    /// was counted there, and is counted there once it is followed anew.
    pub fn day_by(&self, basis: Basis) -> Option<Day> {
        match basis {
            Basis::SaleDate => Some(self.day),
            Basis::LeadDate => self.lead_day,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_and_nothing_else_does() {
        let id =
            SaleId { deal: DealId { account: 29_600_001, lead: 35_160_001 }, product: Product::Flagship };
        assert_eq!(id.to_string(), "29600001-35160001-flagship");
        assert_eq!(SaleId::parse(&id.to_string()), Some(id));
        for text in [
            "",
            "1",
            "1-2",
            "1-2-nothing",
            "1-2-express-3",
            "+1-2-express",
            "a-2-express",
            "1--express",
            "01-2-express",
        ] {
            assert_eq!(SaleId::parse(text), None, "{text}");
        }
    }
}
