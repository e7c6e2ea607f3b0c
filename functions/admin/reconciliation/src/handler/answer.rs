//! The answer, from what was read. Reads nothing itself.

use chrono::{DateTime, Utc};
use serde::Serialize;
use shared::domain::crm::state::CrmState;
use shared::domain::crm::subscriptions::HookFinding;
use shared::domain::day::{Day, Period, almaty_time};
use shared::domain::delivery::{Deliveries, Delivery};
use shared::domain::money::{Money, ratio};
use shared::domain::observe::Found;
use shared::domain::product::Product;
use shared::domain::reconciliation::{
    Asked, CounterGap, CrmSide, DayCheck, Judgement, LedgerSide, Listed, Listing, Proven, Row, RunState,
    Sides, Total, Why,
};
use shared::domain::rules::Rules;
use shared::domain::sale::SaleId;
use shared::domain::team::{Owner, TeamId};
use shared::edge::caller::Scope;
use shared::edge::query::PeriodAnswer;
use shared::store::events::EventRecord;

/// So much of what was healed is told; there may be more.
pub const MOST_HEALED: i32 = 500;

/// Everything that an answer is made from.
pub struct Read {
    pub period: Period,
    pub days: Vec<DayCheck>,
    pub state: RunState,
    pub deliveries: Deliveries,
    /// One more than is told, where there is more.
    pub healed: Vec<EventRecord>,
    pub amocrm: CrmState,
}

/// Which sales are asked for.
pub struct Filter<'a> {
    pub scope: &'a Scope,
    pub product: Option<Product>,
}

impl Filter<'_> {
    fn keeps(&self, team: Option<&TeamId>, product: Product) -> bool {
        self.scope.allows(&Owner::from(team.cloned())) && self.product.is_none_or(|wanted| wanted == product)
    }

    /// What was healed of no sale is told where everything is asked for.
    fn keeps_healed(&self, record: &EventRecord) -> bool {
        let sale = record.verdict.sale_id.as_deref().and_then(SaleId::parse);
        match sale {
            Some(sale) => self.keeps(record.verdict.team.as_ref(), sale.product),
            None => self.scope.has_unattributed() && self.product.is_none(),
        }
    }
}

#[derive(Serialize)]
pub struct Answer {
    success: bool,
    period: PeriodAnswer,
    generated_at: String,
    state: Proven,
    /// Null where both sides are equal.
    reason: Option<String>,
    crm: Figures,
    ledger: Figures,
    missing: Vec<DealRow>,
    missing_more: i64,
    extra: Vec<DealRow>,
    extra_more: i64,
    different: Vec<DealRow>,
    different_more: i64,
    healed: Vec<HealedRow>,
    healed_more: bool,
    delivery: DeliveryRate,
    by_day: Vec<OfDay>,
    by_product: Vec<OfProduct>,
    by_team: Vec<OfTeam>,
    /// Null until they were first compared.
    counters: Option<Counters>,
    /// Null until amoCRM was first asked.
    hooks: Option<Hooks>,
    /// When the day was compared that was compared longest ago.
    checked_at: Option<String>,
    /// When comparing was last tried, whatever came of it.
    tried_at: Option<String>,
}

#[derive(Serialize)]
struct Figures {
    count: i64,
    revenue: Money,
}

#[derive(Serialize)]
struct BothSides {
    crm: Figures,
    ledger: Figures,
    missing: i64,
    extra: i64,
    different: i64,
}

#[derive(Serialize)]
struct DealRow {
    lead_id: u64,
    product: Product,
    team: Option<TeamId>,
    day: Day,
    crm: Option<CrmRow>,
    ledger: Option<LedgerRow>,
    reason: Why,
    /// Null while it is so still.
    healed_at: Option<String>,
}

#[derive(Serialize)]
struct CrmRow {
    product: Product,
    amount: Money,
    pipeline_id: u64,
    status_id: u64,
}

#[derive(Serialize)]
struct LedgerRow {
    product: Product,
    amount: Money,
    sold_at: String,
}

#[derive(Serialize)]
struct HealedRow {
    lead_id: Option<u64>,
    change: Option<Found>,
    happened_at: Option<String>,
    healed_at: String,
    /// Null where no sale changed by it.
    sale_id: Option<String>,
}

#[derive(Serialize)]
struct DeliveryRate {
    changes: i64,
    hooks_seen: i64,
    rate: Option<f64>,
}

#[derive(Serialize)]
struct OfDay {
    day: Day,
    #[serde(flatten)]
    sides: BothSides,
    delivery: DeliveryRate,
    /// Null where it was never compared.
    checked_at: Option<String>,
}

#[derive(Serialize)]
struct OfProduct {
    product: Product,
    #[serde(flatten)]
    sides: BothSides,
}

#[derive(Serialize)]
struct OfTeam {
    /// Null where they are nobody's.
    team: Option<TeamId>,
    title: Option<String>,
    #[serde(flatten)]
    sides: BothSides,
}

#[derive(Serialize)]
struct Counters {
    ok: bool,
    differences: Vec<CounterGap>,
    differences_more: usize,
    checked_at: String,
}

#[derive(Serialize)]
struct Hooks {
    /// Null where amoCRM does not show its subscriptions.
    findings: Option<Vec<HookFinding>>,
    checked_at: String,
}

impl Answer {
    /// The proof of a period.
    pub fn new(rules: &Rules, filter: &Filter<'_>, read: &Read, now: DateTime<Utc>) -> Self {
        let keeps = |row: &Row| filter.keeps(row.team.as_ref(), row.product);
        let asked = Asked { period: read.period, keeps: &keeps, now };
        let Judgement { state, reason, sides, checked_at } =
            Judgement::of(&asked, &read.days, &read.state, refused(read));
        let rows: Vec<(Day, &Row)> = read
            .days
            .iter()
            .flat_map(|check| check.rows.iter().map(move |row| (check.day, row)))
            .filter(|(_, row)| keeps(row))
            .collect();
        let sum = |is_wanted: &dyn Fn(Day, &Row) -> bool| {
            let mut sum = Sides::default();
            rows.iter().filter(|(day, row)| is_wanted(*day, row)).for_each(|(_, row)| sum.add(&row.sides));
            BothSides::from(sum)
        };
        let list = |of: fn(&DayCheck) -> &Listing| listed(filter, &read.days, of);
        let (missing, extra) = (list(|check| &check.missing), list(|check| &check.extra));
        let different = list(|check| &check.different);
        let mut healed: Vec<HealedRow> =
            read.healed.iter().filter(|record| filter.keeps_healed(record)).map(HealedRow::from).collect();
        let most = usize::try_from(MOST_HEALED).unwrap_or(usize::MAX);
        healed.truncate(most);
        let mut delivered = Delivery::default();
        read.deliveries.values().for_each(|day| delivered.add(*day));
        let of_day = |day: Day| OfDay {
            day,
            sides: sum(&|other, _| other == day),
            delivery: rate(read.deliveries.get(&day).copied().unwrap_or_default()),
            checked_at: read
                .days
                .iter()
                .find(|check| check.day == day)
                .map(|check| almaty_time(check.checked_at)),
        };
        let days = read.period.days().take_while(|day| *day <= Day::of(now));
        let products =
            Product::ALL.into_iter().filter(|product| filter.product.is_none_or(|wanted| wanted == *product));
        let of_team = |owner: &Owner| OfTeam {
            team: owner.team().cloned(),
            title: owner.team().and_then(|team| rules.team(team.as_str())).map(|team| team.title.clone()),
            sides: sum(&|_, row| row.owner() == *owner),
        };
        Self {
            success: true,
            period: read.period.into(),
            generated_at: almaty_time(now),
            state,
            reason,
            crm: sides.crm.into(),
            ledger: sides.ledger.into(),
            missing_more: more(sides.missing, &missing),
            missing,
            extra_more: more(sides.extra, &extra),
            extra,
            different_more: more(sides.different, &different),
            different,
            healed,
            healed_more: read.healed.len() > most,
            delivery: rate(delivered),
            by_day: days.map(of_day).collect(),
            by_product: products
                .map(|product| OfProduct { product, sides: sum(&|_, row| row.product == product) })
                .collect(),
            by_team: filter.scope.owners().iter().map(of_team).collect(),
            counters: read.state.counters.as_ref().map(|check| Counters {
                ok: check.ok,
                differences: check.differences.clone(),
                differences_more: check.more,
                checked_at: almaty_time(check.checked_at),
            }),
            hooks: read.state.hooks.as_ref().map(|health| Hooks {
                findings: health.findings.clone(),
                checked_at: almaty_time(health.checked_at),
            }),
            checked_at: checked_at.map(almaty_time),
            tried_at: read.state.tried_at.map(almaty_time),
        }
    }
}

/// What amoCRM was found to be since it was last read to the end.
fn refused(read: &Read) -> Option<String> {
    let problem =
        read.amocrm.problem.as_deref().filter(|_| read.amocrm.checked_at > read.state.last_good_at)?;
    Some(format!("amoCRM cannot be read: {}.", problem.trim_end_matches('.')))
}

fn listed(filter: &Filter<'_>, days: &[DayCheck], of: fn(&DayCheck) -> &Listing) -> Vec<DealRow> {
    let mut rows = vec![];
    // Newest first, as lists are.
    for check in days.iter().rev() {
        let kept = of(check).deals.iter().filter(|listed| filter.keeps(listed.team.as_ref(), listed.product));
        rows.extend(kept.map(|listed| deal_row(check.day, listed)));
    }
    rows
}

/// How many of those that still stand are not named.
fn more(all: i64, named: &[DealRow]) -> i64 {
    let standing = named.iter().filter(|row| row.healed_at.is_none()).count();
    all - i64::try_from(standing).unwrap_or(all)
}

fn deal_row(day: Day, listed: &Listed) -> DealRow {
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

fn rate(delivery: Delivery) -> DeliveryRate {
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

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
