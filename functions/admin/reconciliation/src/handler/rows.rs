//! The rows of the answer.

use serde::Serialize;
use shared::domain::crm::subscriptions::HookFinding;
use shared::domain::day::{Day, almaty_time};
use shared::domain::delivery::Delivery;
use shared::domain::money::{Money, ratio};
use shared::domain::observe::Found;
use shared::domain::product::Product;
use shared::domain::reconciliation::{CounterGap, CrmSide, LedgerSide, Listed, Sides, Total, Why};
use shared::domain::team::TeamId;
use shared::store::events::EventRecord;

#[derive(Serialize)]
pub struct Figures {
    pub count: i64,
    pub revenue: Money,
}

#[derive(Serialize)]
pub struct BothSides {
    pub crm: Figures,
    pub ledger: Figures,
    pub missing: i64,
    pub extra: i64,
    pub different: i64,
}

#[derive(Serialize)]
pub struct DealRow {
    pub lead_id: u64,
    pub product: Product,
    pub team: Option<TeamId>,
    pub day: Day,
    pub crm: Option<CrmRow>,
    pub ledger: Option<LedgerRow>,
    pub reason: Why,
    /// Null while it is so still.
    pub healed_at: Option<String>,
}

#[derive(Serialize)]
pub struct CrmRow {
    pub product: Product,
    pub amount: Money,
    pub pipeline_id: u64,
    pub status_id: u64,
}

#[derive(Serialize)]
pub struct LedgerRow {
    pub product: Product,
    pub amount: Money,
    pub sold_at: String,
}

#[derive(Serialize)]
pub struct HealedRow {
    pub lead_id: Option<u64>,
    pub change: Option<Found>,
    pub happened_at: Option<String>,
    pub healed_at: String,
    /// Null where no sale changed by it.
    pub sale_id: Option<String>,
}

#[derive(Serialize)]
pub struct DeliveryRate {
    pub changes: i64,
    pub hooks_seen: i64,
    pub rate: Option<f64>,
}

#[derive(Serialize)]
pub struct OfDay {
    pub day: Day,
    #[serde(flatten)]
    pub sides: BothSides,
    pub delivery: DeliveryRate,
    /// Null where it was never compared.
    pub checked_at: Option<String>,
}

#[derive(Serialize)]
pub struct OfProduct {
    pub product: Product,
    #[serde(flatten)]
    pub sides: BothSides,
}

#[derive(Serialize)]
pub struct OfTeam {
    /// Null where they are nobody's.
    pub team: Option<TeamId>,
    pub title: Option<String>,
    #[serde(flatten)]
    pub sides: BothSides,
}

#[derive(Serialize)]
pub struct Counters {
    pub ok: bool,
    pub differences: Vec<CounterGap>,
    pub differences_more: usize,
    pub checked_at: String,
}

#[derive(Serialize)]
pub struct Hooks {
    /// Null where amoCRM does not show its subscriptions.
    pub findings: Option<Vec<HookFinding>>,
    pub checked_at: String,
}

pub fn deal_row(day: Day, listed: &Listed) -> DealRow {
    let crm = |side: &CrmSide| CrmRow {
        product: side.product,
        amount: side.amount.money(),
        pipeline_id: side.pipeline,
        status_id: side.stage,
    };
    let ledger = |side: &LedgerSide| LedgerRow {
        product: side.product,
        amount: side.amount.money(),
        sold_at: almaty_time(side.sold_at),
    };
    DealRow {
        lead_id: listed.lead_id,
        product: listed.product,
        team: listed.team.clone(),
        day,
        crm: listed.crm.as_ref().map(crm),
        ledger: listed.ledger.as_ref().map(ledger),
        reason: listed.reason,
        healed_at: listed.healed_at.map(almaty_time),
    }
}

pub fn rate(delivery: Delivery) -> DeliveryRate {
    let Delivery { changes, hooks_seen } = delivery;
    DeliveryRate { changes, hooks_seen, rate: ratio(hooks_seen, changes) }
}

impl From<Total> for Figures {
    fn from(total: Total) -> Self {
        Self { count: total.count, revenue: total.sum.money() }
    }
}

impl From<Sides> for BothSides {
    fn from(sides: Sides) -> Self {
        let Sides { crm, ledger, missing, extra, different } = sides;
        Self { crm: crm.into(), ledger: ledger.into(), missing, extra, different }
    }
}

impl From<&EventRecord> for HealedRow {
    fn from(record: &EventRecord) -> Self {
        Self {
            lead_id: record.lead_id,
            change: record.healed,
            happened_at: record.happened_at.map(almaty_time),
            healed_at: almaty_time(record.received_at),
            sale_id: record.verdict.sale_id.clone(),
        }
    }
}
