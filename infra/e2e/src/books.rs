//! The ledger held against what a test did in the sandbox's amoCRM: every sale, and the counters of its day.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::days::Day;
use crate::dealing::{Dealing, Sold};
use crate::figures::{self, Figures, Sum};
use crate::{Caller, Crm, Stack, poll};

/// The sales of some days, and their figures before anything happened.
#[derive(Debug)]
pub struct Books<'a> {
    stack: &'a Stack,
    from: Day,
    to: Day,
    before: Figures,
}

impl<'a> Books<'a> {
    /// Opens the books of some days that a test has to itself.
    pub async fn open(stack: &'a Stack, from: Day, length: u64) -> Self {
        let to = from.plus(length - 1);
        Self { stack, from, to, before: figures::of(stack, from, to).await }
    }

    /// The days, as a question.
    pub fn period(&self) -> String {
        format!("from={}&to={}", self.from, self.to)
    }

    /// Fails unless every one of these deals is in the ledger as it was dealt with, and the days have no other sales.
    pub async fn assert_equal(&self, dealings: &[Dealing]) {
        let shown = self.sold(dealings).await;
        for dealing in dealings {
            let shown = shown.get(&dealing.id);
            let expected = match shown {
                Some(shown) => dealing.judged(shown),
                None => dealing.sold(),
            };
            assert_eq!(shown, expected.as_ref(), "{dealing:?}");
        }
        let mut figures = self.before.clone();
        let of_days = shown.values().filter(|sold| self.has(sold));
        for (key, sum) in of_days.map(Sold::counted) {
            let known = figures.entry(key).or_default();
            *known = known.plus(sum);
        }
        figures.retain(|_, sum| *sum != Sum::default());
        assert_eq!(figures::of(self.stack, self.from, self.to).await, figures);
    }

    /// Whether a sale is of these days.
    pub fn has(&self, sold: &Sold) -> bool {
        self.from <= sold.day() && sold.day() <= self.to
    }

    /// What the ledger has of these deals, whenever it was sold; one sale of each.
    pub async fn sold(&self, dealings: &[Dealing]) -> BTreeMap<u64, Sold> {
        let mut sold = BTreeMap::new();
        for row in self.rows(dealings).await {
            let Some(sale) = Sold::of(&row) else { continue };
            assert_eq!(sold.insert(sale.lead, sale), None, "two sales of one deal: {row}");
        }
        sold
    }

    /// The rows of these deals' sales.
    pub async fn rows(&self, dealings: &[Dealing]) -> Vec<Value> {
        let mut rows = figures::rows(self.stack, &Caller::Admin, &poll::month(), 500).await;
        let is_theirs = |row: &Value| {
            poll::lead_of(row).is_some_and(|lead| dealings.iter().any(|dealing| dealing.id == lead))
        };
        rows.retain(is_theirs);
        rows
    }
}

/// Makes these deals in amoCRM.
pub async fn make(crm: &Crm, dealings: &[Dealing]) {
    let wanted: Vec<Value> = dealings.iter().map(Dealing::wanted).collect();
    crm.add(&serde_json::json!({ "leads": wanted })).await;
}

/// Fails unless amoCRM itself has these deals as they were dealt with.
pub async fn assert_made(crm: &Crm, dealings: &[Dealing]) {
    let world = crm.world().await;
    let leads = world["leads"].as_array().expect("leads").iter();
    let leads: BTreeMap<u64, &Value> =
        leads.map(|lead| (lead["id"].as_u64().expect("an id"), lead)).collect();
    for dealing in dealings {
        let lead = leads.get(&dealing.id).copied();
        assert!(dealing.is_like(lead), "{dealing:?} is {lead:?} in amoCRM");
    }
}
