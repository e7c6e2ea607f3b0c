//! Recomputes a period. Nothing is written unless asked for.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shared::domain::counters::Basis;
use shared::domain::day::{BadPeriod, Period};
use shared::domain::event::DealId;
use shared::domain::rules::Rules;
use shared::edge::caller::Scope;
use shared::edge::query::PeriodAnswer;
use shared::store::StoreError;
use shared::store::counters::Counters;
use shared::store::sales::{Sales, Selection};
use thiserror::Error;

use crate::compare::{CounterDifference, SaleDifference, counter_differences, held, sale_differences};

/// Any shard may be mended, since only their sum is ever read.
const MENDED_SHARD: u64 = 0;

/// Recomputes periods.
pub struct Rebuild {
    /// The ledger.
    pub sales: Sales,
    /// The counters.
    pub counters: Counters,
    /// The rules in force.
    pub rules: Rules,
}

/// What to recompute.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Order {
    /// The first day; by default 29 days before the last.
    from: Option<String>,
    /// The last day; by default today.
    to: Option<String>,
    /// Whether to mend the counters that differ.
    repair: bool,
}

/// What was found.
#[derive(Debug, Serialize)]
pub struct Report {
    success: bool,
    period: PeriodAnswer,
    sales_checked: usize,
    deals_checked: usize,
    counter_differences: Vec<CounterDifference>,
    sale_differences: Vec<SaleDifference>,
    repaired: usize,
    not_repaired: Vec<String>,
}

/// Why nothing was recomputed.
#[derive(Debug, Error)]
pub enum RebuildError {
    /// The period is none.
    #[error("{field} {bad}", field = .0.field(), bad = .0)]
    Period(#[from] BadPeriod),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

struct Look {
    sales: usize,
    deals: usize,
    counters: Vec<CounterDifference>,
    differing_sales: Vec<SaleDifference>,
}

impl Rebuild {
    /// Compares, and mends if asked to.
    pub async fn run(&self, order: Order, now: DateTime<Utc>) -> Result<Report, RebuildError> {
        let period = Period::parse(order.from.as_deref(), order.to.as_deref(), now)?;
        let mut look = self.look(period).await?;
        if !(look.counters.is_empty() && look.differing_sales.is_empty()) {
            // Events that came between two reads look like differences; a real one is still there at a second look.
            let again = self.look(period).await?;
            look.counters
                .retain(|difference| again.counters.iter().any(|other| other.is_same_gap(difference)));
            look.differing_sales.retain(|difference| again.differing_sales.contains(difference));
        }
        let (mut repaired, mut not_repaired) = (0, vec![]);
        for difference in look.counters.iter().filter(|_| order.repair) {
            match self.mend(difference).await {
                Ok(()) => repaired += 1,
                Err(error) => not_repaired.push(format!("{}: {error}", difference.name())),
            }
        }
        Ok(Report {
            success: true,
            period: period.into(),
            sales_checked: look.sales,
            deals_checked: look.deals,
            counter_differences: look.counters,
            sale_differences: look.differing_sales,
            repaired,
            not_repaired,
        })
    }

    async fn look(&self, period: Period) -> Result<Look, StoreError> {
        let scope = Scope::everything(&self.rules);
        let basis = Basis::SaleDate;
        let days = self.counters.days(basis, &scope, period).await?;
        let held = held(basis, days, self.counters.utm_days(basis, &scope, period).await?);
        let selection = Selection { scope: &scope, period, product: None };
        let sales = self.sales.all(&selection).await?;
        let ids: BTreeSet<DealId> = sales.iter().map(|sale| sale.id().deal).collect();
        let deals = self.sales.deals(&ids.into_iter().collect::<Vec<_>>()).await?;
        Ok(Look {
            counters: counter_differences(&sales, &held),
            differing_sales: sale_differences(&sales, &deals, &self.rules),
            deals: deals.len(),
            sales: sales.len(),
        })
    }

    async fn mend(&self, difference: &CounterDifference) -> Result<(), StoreError> {
        let held = self.counters.held(difference.key(), MENDED_SHARD).await?;
        self.counters.mend(difference.key(), MENDED_SHARD, &held, &difference.delta()).await
    }
}
