//! The answer, from what was read. Reads nothing itself.

use chrono::{DateTime, Utc};
use serde::Serialize;
use shared::domain::crm::state::CrmState;
use shared::domain::day::{Day, Period, almaty_time};
use shared::domain::delivery::{Deliveries, Delivery};
use shared::domain::product::Product;
use shared::domain::reconciliation::{Asked, DayCheck, Judgement, Listing, Proven, Row, RunState, Sides};
use shared::domain::rules::Rules;
use shared::domain::sale::SaleId;
use shared::domain::team::{Owner, TeamId};
use shared::edge::caller::Scope;
use shared::edge::query::PeriodAnswer;
use shared::store::events::{EventRecord, Healed};

use super::rows::{
    BothSides, Counters, DealRow, DeliveryRate, Figures, HealedRow, Hooks, OfDay, OfProduct, OfTeam,
    deal_row, rate,
};

/// So much of what was healed is told; there may be more.
pub const MOST_HEALED: usize = 5_000;

/// Everything that an answer is made from.
pub struct Read {
    pub period: Period,
    pub days: Vec<DayCheck>,
    pub state: RunState,
    pub deliveries: Deliveries,
    pub healed: Healed,
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
        let healed = read.healed.records.iter().filter(|record| filter.keeps_healed(record));
        let healed: Vec<HealedRow> = healed.map(HealedRow::from).collect();
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
            healed_more: read.healed.more,
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

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
