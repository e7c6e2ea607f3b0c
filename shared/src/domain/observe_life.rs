//! A deal's life in amoCRM, and what is known of it by hooks and by reading.

use chrono::{DateTime, TimeDelta, Utc};

use super::super::*;
use crate::domain::crm::sight::{MoveKind, Place};
use crate::domain::delivery::{self, Delivery};
use crate::domain::event::{DealEvent, Happened};
use crate::domain::money::Tenge;
use crate::domain::sale::{Sale, State};
use crate::domain::stage::{LOST, WON};

pub const PIPELINE: u64 = 10_350_882;
pub const OPEN: u64 = 54_420_001;
pub const ID: DealId = DealId { account: 29_600_001, lead: 77 };
pub const EVERYTHING: Purpose = Purpose::Heal(Told {
    added: true,
    unknown: true,
    moved: true,
    changed: true,
    deleted: true,
    restored: true,
});

pub fn at(offset: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_763_600_000 + offset, 0).unwrap()
}

/// A deal as somebody works on it in amoCRM, with the hooks and the journal of that.
#[derive(Debug, Clone)]
pub struct Work {
    pub sight: Sight,
    pub hooks: Vec<DealEvent>,
    pub moves: Vec<Move>,
}

impl Work {
    pub fn begun(offset: i64, stage: u64, price: i64) -> Self {
        let sight = Sight {
            deal: ID,
            pipeline: PIPELINE,
            stage,
            price: (price > 0).then_some(Tenge(price)),
            is_deleted: false,
            created_at: Some(at(offset)),
            updated_at: at(offset),
            closed_at: None,
            readings: vec![],
            contacts: vec![],
            facts: String::new(),
            read_at: at(offset),
        };
        let mut work = Self { sight, hooks: vec![], moves: vec![] };
        work.moves.push(Move { id: "0".into(), deal: ID, at: at(offset), kind: MoveKind::Added });
        work.tell(Action::Add, None);
        work
    }

    pub fn moved(mut self, offset: i64, stage: u64) -> Self {
        let place = |stage| Place { pipeline: PIPELINE, stage };
        let from = std::mem::replace(&mut self.sight.stage, stage);
        self.sight.updated_at = at(offset);
        self.sight.closed_at = [WON, LOST].contains(&stage).then_some(at(offset));
        let kind = MoveKind::Stage { from: place(from), to: place(stage) };
        self.moves.push(Move { id: self.moves.len().to_string(), deal: ID, at: at(offset), kind });
        self.tell(Action::Status, Some(from));
        self
    }

    pub fn priced(mut self, offset: i64, price: i64) -> Self {
        (self.sight.price, self.sight.updated_at) = (Some(Tenge(price)), at(offset));
        self.tell(Action::Update, None);
        self
    }

    pub fn tell(&mut self, action: Action, old_stage: Option<u64>) {
        self.hooks.push(DealEvent {
            deal: ID,
            route: Route::Sales,
            origin: Origin::Hook,
            action,
            stage: Some(self.sight.stage),
            old_stage,
            pipeline: Some(PIPELINE),
            price: self.sight.price,
            happened: Happened::At(self.sight.updated_at),
            created_at: self.sight.created_at,
            received_at: self.sight.updated_at + TimeDelta::seconds(1),
            readings: vec![],
            facts: format!("{:?}", self.sight),
        });
        self.sight.facts = format!("{}-{:?}-{:?}", self.sight.stage, self.sight.price, self.sight.is_deleted);
    }

    pub fn read(&self, offset: i64) -> Sight {
        Sight { read_at: at(offset), ..self.sight.clone() }
    }
}

/// What is known of the deal, and what was counted on the way.
#[derive(Debug, Clone, Default)]
pub struct Known {
    pub deal: Option<Deal>,
    pub healed: Vec<(Found, DateTime<Utc>)>,
    pub deliveries: Deliveries,
    pub counted: deal_counts::DealCounters,
}

impl Known {
    pub fn hear(&mut self, hook: &DealEvent) {
        let rules = Rules::default();
        let id = format!("{hook:?}");
        if self.deal.as_ref().is_some_and(|deal| deal.history.iter().any(|entry| entry.id == id)) {
            return;
        }
        let change = ledger::apply(self.deal.as_ref(), hook, &id, &rules);
        change
            .writes
            .deliveries
            .iter()
            .for_each(|(day, more)| delivery::count(&mut self.deliveries, *day, *more));
        self.deal = Some(change.deal);
    }

    pub fn look(&mut self, sight: Option<&Sight>, moves: &[Move]) -> bool {
        let now = sight.map_or(at(5_000), |sight| sight.read_at + TimeDelta::seconds(1));
        let seen = Seen { sight, moves, purpose: EVERYTHING, now };
        let Some(observed) = observe(self.deal.as_ref(), ID, seen, &Rules::default()) else { return false };
        self.take(observed);
        true
    }

    pub fn take(&mut self, observed: Observed) {
        self.healed.extend(observed.healed.iter().map(|healed| (healed.found, healed.entry.at)));
        let more = observed.writes.deliveries;
        more.iter().for_each(|(day, more)| delivery::count(&mut self.deliveries, *day, *more));
        deal_counts::add(&mut self.counted, observed.writes.deals);
        self.deal = Some(observed.deal);
    }

    pub fn sales(&self) -> Vec<Sale> {
        self.deal.iter().flat_map(|deal| deal.sales.clone()).collect()
    }

    pub fn delivered(&self) -> (i64, i64) {
        let sum = self.deliveries.values().fold(Delivery::default(), |mut sum, day| {
            sum.add(*day);
            sum
        });
        (sum.changes, sum.hooks_seen)
    }
}

/// What a sale comes to, whoever told of it.
pub type Gist = (String, State, Tenge, DateTime<Utc>, Option<Day>);

pub fn gist(sales: &[Sale]) -> Vec<Gist> {
    sales
        .iter()
        .map(|sale| (sale.id().to_string(), sale.state, sale.amount, sale.sold_at, sale.lead_day))
        .collect()
}
