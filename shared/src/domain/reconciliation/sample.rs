//! Sales, deals and sights for tests, all of one team and one moment.

use chrono::{DateTime, TimeDelta, Utc};

use super::{CrmSide, LedgerSide, Pair, Why};
use crate::domain::attribution;
use crate::domain::crm::sight::Sight;
use crate::domain::day::Day;
use crate::domain::deal::Deal;
use crate::domain::event::{Action, DealEvent, DealId, Happened, Origin, Route};
use crate::domain::money::Tenge;
use crate::domain::product::Product;
use crate::domain::sale::{AmountSource, Sale, State};
use crate::domain::stage::WON;
use crate::domain::team::Owner;

/// The account of all of them.
pub const ACCOUNT: u64 = 29_600_001;
/// The pipeline of all of them.
pub const PIPELINE: u64 = 10_350_882;
/// A stage that is neither won nor lost.
pub const OPEN: u64 = 54_420_001;

/// So many seconds from noon of a day in Almaty.
pub fn at(seconds: i64) -> DateTime<Utc> {
    let noon: DateTime<Utc> = "2026-11-20T07:00:00Z".parse().unwrap();
    noon + TimeDelta::seconds(seconds)
}

/// That day.
pub fn day() -> Day {
    Day::of(at(0))
}

/// An active Express sale of nobody's at noon.
pub fn sale(lead_id: u64, amount: i64) -> Sale {
    Sale {
        account: ACCOUNT,
        lead_id,
        product: Product::Express,
        team: None,
        state: State::Active,
        amount: Tenge(amount),
        amount_source: AmountSource::Hook,
        sold_at: at(0),
        day: day(),
        lead_day: Some(day()),
        received_at: at(1),
        verified: false,
        utm: [].into(),
        trail: attribution::decide(&[], &[], &[]),
        versions: 1,
    }
}

/// The two sides of an Express sale at these amounts; no side where there is none.
pub fn pair(lead: u64, crm: Option<i64>, ledger: Option<i64>) -> Pair {
    let (product, pipeline, stage) = (Product::Express, PIPELINE, WON);
    let why = match (crm, ledger) {
        (Some(_), None) => Some(Why::UnknownDeal),
        (None, Some(_)) => Some(Why::NeverShown),
        (crm, ledger) => (crm != ledger).then_some(Why::Amount),
    };
    Pair {
        lead,
        day: day(),
        owner: Owner::Unattributed,
        crm: crm.map(|amount| CrmSide { product, amount: Tenge(amount), pipeline, stage }),
        ledger: ledger.map(|amount| LedgerSide { product, amount: Tenge(amount), sold_at: at(0) }),
        why,
    }
}

/// A deal as amoCRM has it, changed at noon and read a minute after.
pub fn sight(lead: u64, stage: u64, price: Option<i64>) -> Sight {
    Sight {
        deal: DealId { account: ACCOUNT, lead },
        pipeline: PIPELINE,
        stage,
        price: price.map(Tenge),
        is_deleted: false,
        created_at: Some(at(-3_600)),
        updated_at: at(0),
        closed_at: (stage == WON).then(|| at(0)),
        readings: vec![],
        contacts: vec![],
        facts: String::new(),
        read_at: at(60),
    }
}

/// An event of a deal at noon.
pub fn event(lead: u64, route: Route, stage: u64, price: Option<i64>) -> DealEvent {
    DealEvent {
        deal: DealId { account: ACCOUNT, lead },
        route,
        origin: Origin::Hook,
        action: Action::Status,
        stage: Some(stage),
        old_stage: None,
        pipeline: Some(PIPELINE),
        price: price.map(Tenge),
        happened: Happened::At(at(0)),
        created_at: Some(at(-3_600)),
        received_at: at(1),
        readings: vec![],
        facts: String::new(),
    }
}

/// What the ledger makes of a deal's events.
pub fn deal(events: &[DealEvent]) -> Deal {
    let mut deal: Option<Deal> = None;
    for (place, event) in events.iter().enumerate() {
        let id = format!("e{place}");
        deal = Some(crate::domain::ledger::apply(deal.as_ref(), event, &id, &Default::default()).deal);
    }
    deal.unwrap()
}
