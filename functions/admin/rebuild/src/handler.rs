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
use shared::store::lead_counts::LeadCounts;
use shared::store::leads_by_team::LeadsByTeam;
use shared::store::sales::{Sales, Selection};
use thiserror::Error;

use crate::compare::{CounterDifference, SaleDifference, counter_differences, held, sale_differences};
use crate::compare_leads::{LeadCountDifference, lead_count_differences};

/// Any shard may be mended, since only their sum is ever read.
const MENDED_SHARD: u64 = 0;

/// Recomputes periods.
pub struct Rebuild {
    /// The ledger.
    pub sales: Sales,
    /// The leads.
    pub leads: LeadsByTeam,
    /// The counters of days and UTM values.
    pub counters: Counters,
    /// The counters of leads by campaign and status.
    pub lead_counts: LeadCounts,
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
    leads_checked: usize,
    counter_differences: Vec<CounterDifference>,
    lead_count_differences: Vec<LeadCountDifference>,
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
    leads: usize,
    counters: Vec<CounterDifference>,
    lead_counts: Vec<LeadCountDifference>,
    differing_sales: Vec<SaleDifference>,
}

impl Look {
    fn is_clean(&self) -> bool {
        self.counters.is_empty() && self.lead_counts.is_empty() && self.differing_sales.is_empty()
    }
}

impl Rebuild {
    /// Compares, and mends if asked to.
    pub async fn run(&self, order: Order, now: DateTime<Utc>) -> Result<Report, RebuildError> {
        let period = Period::parse(order.from.as_deref(), order.to.as_deref(), now)?;
        let mut look = self.look(period).await?;
        if !look.is_clean() {
            // Events that came between two reads look like differences; a real one is still there at a second look.
            let again = self.look(period).await?;
            look.counters
                .retain(|difference| again.counters.iter().any(|other| other.is_same_gap(difference)));
            look.lead_counts
                .retain(|difference| again.lead_counts.iter().any(|other| other.is_same_gap(difference)));
            look.differing_sales.retain(|difference| again.differing_sales.contains(difference));
        }
        let mended = if order.repair { self.mend_all(&look).await } else { vec![] };
        let repaired = mended.iter().filter(|(_, mended)| mended.is_ok()).count();
        let failed = |(name, mended): (String, Result<(), StoreError>)| {
            mended.err().map(|error| format!("{name}: {error}"))
        };
        Ok(Report {
            success: true,
            period: period.into(),
            sales_checked: look.sales,
            deals_checked: look.deals,
            leads_checked: look.leads,
            counter_differences: look.counters,
            lead_count_differences: look.lead_counts,
            sale_differences: look.differing_sales,
            repaired,
            not_repaired: mended.into_iter().filter_map(failed).collect(),
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
        let counted = self.lead_counts.days(&scope, period).await?;
        let leads = self.leads.all(&scope, period).await?;
        Ok(Look {
            counters: counter_differences(&sales, &leads, &held),
            lead_counts: lead_count_differences(&leads, &counted),
            leads: leads.len(),
            differing_sales: sale_differences(&sales, &deals, &self.rules),
            deals: deals.len(),
            sales: sales.len(),
        })
    }

    async fn mend_all(&self, look: &Look) -> Vec<(String, Result<(), StoreError>)> {
        let mut mended = vec![];
        for difference in &look.counters {
            mended.push((difference.name(), self.mend(difference).await));
        }
        for difference in &look.lead_counts {
            mended.push((difference.name(), self.mend_leads(difference).await));
        }
        mended
    }

    async fn mend(&self, difference: &CounterDifference) -> Result<(), StoreError> {
        let held = self.counters.held(difference.key(), MENDED_SHARD).await?;
        self.counters.mend(difference.key(), MENDED_SHARD, &held, &difference.delta()).await
    }

    async fn mend_leads(&self, difference: &LeadCountDifference) -> Result<(), StoreError> {
        let held = self.lead_counts.held(difference.key(), MENDED_SHARD).await?;
        self.lead_counts.mend(difference.key(), MENDED_SHARD, held, difference.delta()).await
    }
}
