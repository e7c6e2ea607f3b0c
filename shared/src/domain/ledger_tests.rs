use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::domain::event::{DealId, Happened, Origin, Route};
use crate::domain::money::Tenge;
use crate::domain::product::Product;
use crate::domain::sale::{AmountSource, State};
use crate::domain::team::TeamId;
use crate::domain::utm::{Reading, UtmName, Way};
use chrono::{DateTime, TimeDelta, Utc};

const START: i64 = 1_763_600_000; // 2025-11-20 05:53:20 in Almaty

fn at(offset: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(START + offset, 0).unwrap()
}

/// An event at a moment; everything else is set by the builders below.
fn event(route: Route, offset: i64, stage: u64) -> DealEvent {
    DealEvent {
        deal: DealId { account: 29_600_001, lead: 77 },
        route,
        origin: Origin::Hook,
        action: Action::Status,
        stage: Some(stage),
        old_stage: None,
        pipeline: Some(10_350_882),
        price: None,
        happened: Happened::At(at(offset)),
        created_at: None,
        received_at: at(offset) + TimeDelta::seconds(2),
        readings: vec![],
        facts: String::new(),
    }
}

trait With: Sized {
    fn price(self, tenge: i64) -> Self;
    fn campaign(self, value: &str) -> Self;
    fn action(self, action: Action) -> Self;
}

impl With for DealEvent {
    fn price(self, tenge: i64) -> Self {
        Self { price: Some(Tenge(tenge)), ..self }
    }
    fn campaign(self, value: &str) -> Self {
        let reading = Reading {
            utm: UtmName::Campaign,
            way: Way::Code,
            field: "utm_campaign".into(),
            value: value.into(),
            ad_account: None,
        };
        Self { readings: vec![reading], ..self }
    }
    fn action(self, action: Action) -> Self {
        Self { action, ..self }
    }
}

fn deletion(offset: i64) -> DealEvent {
    let event = event(Route::Sales, offset, 0);
    DealEvent {
        action: Action::Delete,
        stage: None,
        happened: Happened::OnArrival,
        received_at: at(offset),
        ..event
    }
}

/// The ledger in memory: claims, deals and counters, written as the store writes them.
#[derive(Default)]
struct Ledger {
    claims: BTreeSet<String>,
    deals: BTreeMap<DealId, Deal>,
    counters: BTreeMap<CounterKey, Tallies>,
}

impl Ledger {
    fn tell(&mut self, event: &DealEvent) -> Verdict {
        let id = format!("{event:?}");
        if !self.claims.insert(id.clone()) {
            return Verdict { outcome: Outcome::Duplicate, sale_id: None, team: None, reason: None };
        }
        let change = apply(self.deals.get(&event.deal), event, &id, &Rules::default());
        for (key, delta) in &change.writes.counters {
            self.counters.entry(key.clone()).or_default().add(delta);
        }
        self.deals.insert(event.deal, change.deal);
        change.verdict
    }

    fn of(events: &[DealEvent]) -> Self {
        let mut ledger = Self::default();
        for event in events {
            ledger.tell(event);
        }
        ledger
    }

    fn sales(&self) -> Vec<Sale> {
        self.deals.values().flat_map(|deal| deal.sales.clone()).collect()
    }

    fn facts(&self) -> Vec<Sale> {
        self.sales().into_iter().map(|sale| Sale { versions: 0, ..sale }).collect()
    }

    fn counted(&self) -> BTreeMap<CounterKey, Tallies> {
        let counted =
            self.counters.iter().map(|(key, tallies)| (key.clone(), tallies.clone().without_zeros()));
        counted.filter(|(_, tallies)| !tallies.is_empty()).collect()
    }
}

fn outcomes(events: &[DealEvent]) -> Vec<(Outcome, Option<Ignored>)> {
    let mut ledger = Ledger::default();
    events.iter().map(|event| ledger.tell(event)).map(|verdict| (verdict.outcome, verdict.reason)).collect()
}

#[test]
fn a_deal_is_followed_from_open_to_won_to_lost_and_back() {
    let history = [
        event(Route::Sales, 0, 100).action(Action::Add),
        event(Route::Sales, 10, 142).price(490_000),
        event(Route::Sales, 20, 142).price(490_000).action(Action::Update),
        event(Route::Sales, 30, 142).price(490_000).campaign("kenesary").action(Action::Update),
        event(Route::Sales, 40, 143).price(490_000),
        event(Route::Sales, 50, 142).price(490_000),
    ];
    assert_eq!(
        outcomes(&history),
        [
            (Outcome::Ignored, Some(Ignored::Stage)),
            (Outcome::Recorded, None),
            (Outcome::Ignored, Some(Ignored::NoChange)),
            (Outcome::Updated, None),
            (Outcome::Updated, None),
            (Outcome::Updated, None),
        ]
    );
    let sale = Ledger::of(&history).sales().remove(0);
    assert_eq!((sale.state, sale.sold_at, sale.versions), (State::Active, at(50), 4));
    assert_eq!(sale.team, Some(TeamId::new("kenesary")));
    assert_eq!(Ledger::of(&history[..5]).sales()[0].state, State::Cancelled);
}

#[test]
fn the_same_won_deal_over_two_routes_is_one_sale() {
    let sales = event(Route::Sales, 10, 142).price(490_000);
    let traffic = event(Route::Traffic, 10, 142).price(490_000);
    for events in [[sales.clone(), traffic.clone()], [traffic, sales]] {
        assert_eq!(
            outcomes(&events),
            [(Outcome::Recorded, None), (Outcome::Ignored, Some(Ignored::NoChange))]
        );
        let ledger = Ledger::of(&events);
        assert_eq!(ledger.sales().len(), 1);
        assert_eq!(ledger.sales()[0].product, Product::Flagship);
    }
}

#[test]
fn a_discount_on_the_sales_route_moves_the_sale_and_makes_no_second_one() {
    let mut ledger = Ledger::of(&[event(Route::Sales, 0, 142).price(490_000)]);
    let verdict = ledger.tell(&event(Route::Sales, 10, 142).price(450_000));
    assert_eq!(verdict.outcome, Outcome::Updated);
    assert_eq!(verdict.sale_id.as_deref(), Some("29600001-77-other"));
    let sales = ledger.sales();
    assert_eq!((sales.len(), sales[0].amount, sales[0].sold_at), (1, Tenge(450_000), at(0)));
    assert_eq!(ledger.counted(), counters::count(&sales));
    assert_eq!(ledger.deals.values().next().unwrap().versions[1].moved_from, Some(Product::Flagship));
}

#[test]
fn a_product_that_a_product_route_set_stays() {
    let ledger = Ledger::of(&[
        event(Route::Traffic, 0, 54_420_001).price(490_000),
        event(Route::Sales, 10, 142).price(450_000),
        event(Route::Sales, 20, 100).price(450_000),
    ]);
    let sale = ledger.sales().remove(0);
    assert_eq!((sale.product, sale.amount, sale.state), (Product::Flagship, Tenge(450_000), State::Active));
}

#[test]
fn leaving_won_cancels_only_what_no_product_route_recorded() {
    let by_sales_route =
        Ledger::of(&[event(Route::Sales, 0, 142).price(5_000), event(Route::Sales, 10, 100).price(5_000)]);
    assert_eq!(by_sales_route.sales()[0].state, State::Cancelled);
    let by_product_route =
        Ledger::of(&[event(Route::Funnel, 0, 142).price(5_000), event(Route::Sales, 10, 100).price(5_000)]);
    assert_eq!(by_product_route.sales()[0].state, State::Active);
}

#[test]
fn one_deal_can_hold_express_and_flagship() {
    let ledger = Ledger::of(&[
        event(Route::Funnel, 0, 100).price(5_000),
        event(Route::Traffic, 10, 200).price(490_000),
        event(Route::Sales, 20, 142).price(490_000),
    ]);
    let amounts: Vec<_> = ledger.sales().iter().map(|sale| (sale.product, sale.amount)).collect();
    assert_eq!(amounts, [(Product::Express, Tenge(5_000)), (Product::Flagship, Tenge(490_000))]);
}

#[test]
fn an_unset_price_is_the_list_price_until_a_real_one_comes_and_never_replaces_it() {
    let ledger = Ledger::of(&[event(Route::Traffic, 0, 142)]);
    let sale = ledger.sales().remove(0);
    assert_eq!((sale.amount, sale.amount_source), (Tenge(490_000), AmountSource::ListPrice));
    let ledger = Ledger::of(&[
        event(Route::Traffic, 0, 142),
        event(Route::Traffic, 10, 142).price(480_000),
        event(Route::Traffic, 20, 142),
    ]);
    let sale = ledger.sales().remove(0);
    assert_eq!((sale.amount, sale.amount_source, sale.sold_at), (Tenge(480_000), AmountSource::Hook, at(0)));
    let other = Ledger::of(&[event(Route::Sales, 0, 142)]).sales().remove(0);
    assert_eq!((other.product, other.amount), (Product::Other, Tenge(0)));
}

#[test]
fn an_old_event_that_comes_late_overwrites_nothing_newer() {
    let newest = event(Route::Sales, 100, 143).price(490_000);
    let late = event(Route::Sales, 50, 142).price(470_000).campaign("muha");
    let ledger =
        Ledger::of(&[event(Route::Sales, 10, 142).price(490_000).campaign("kenesary"), newest, late]);
    let sale = ledger.sales().remove(0);
    assert_eq!((sale.state, sale.amount, sale.sold_at), (State::Cancelled, Tenge(490_000), at(10)));
    assert_eq!(
        sale.utm[&UtmName::Campaign],
        "muha",
        "the newest event that says anything about the campaign"
    );
}

#[test]
fn a_deleted_deal_is_cancelled_and_a_restored_one_counts_again() {
    let won = event(Route::Sales, 0, 142).price(5_000);
    let mut restored = event(Route::Sales, 5, 142).price(5_000).action(Action::Restore);
    restored.received_at = at(700);
    let mut ledger = Ledger::of(&[won, deletion(600)]);
    assert_eq!(ledger.sales()[0].state, State::Cancelled);
    ledger.tell(&restored);
    let sale = ledger.sales().remove(0);
    assert_eq!(
        (sale.state, sale.sold_at),
        (State::Active, at(700)),
        "it counts from when it was there again"
    );
}

#[test]
fn an_event_without_a_stage_changes_no_state() {
    let unstaged =
        |route, offset| DealEvent { stage: None, ..event(route, offset, 0).action(Action::Update) };
    let won = event(Route::Sales, 0, 142).price(5_000);
    assert_eq!(Ledger::of(&[won, unstaged(Route::Sales, 10)]).sales()[0].state, State::Active);
    let lost = [event(Route::Funnel, 0, 100), event(Route::Funnel, 10, 143), unstaged(Route::Sales, 20)];
    assert_eq!(Ledger::of(&lost).sales()[0].state, State::Cancelled);
    assert_eq!(Ledger::of(&[unstaged(Route::Traffic, 0)]).sales()[0].product, Product::Flagship);
}

#[test]
fn lost_and_deleted_deals_that_never_were_a_sale_are_ignored_with_the_reason() {
    assert_eq!(outcomes(&[event(Route::Traffic, 0, 143)]), [(Outcome::Ignored, Some(Ignored::Lost))]);
    assert_eq!(outcomes(&[deletion(0)]), [(Outcome::Ignored, Some(Ignored::Deleted))]);
    assert_eq!(outcomes(&[event(Route::Sales, 0, 100)]), [(Outcome::Ignored, Some(Ignored::Stage))]);
}

#[test]
fn two_sales_on_both_sides_of_midnight_in_almaty_fall_on_two_days() {
    let sold = |instant: &str| {
        let mut event = event(Route::Sales, 0, 142).price(5_000);
        event.happened = Happened::At(instant.parse().unwrap());
        Ledger::of(&[event]).sales()[0].day.to_string()
    };
    assert_eq!(sold("2026-11-19T18:59:59Z"), "2026-11-19");
    assert_eq!(sold("2026-11-19T19:00:00Z"), "2026-11-20");
}

/// The counters by UTM values: whose, of which campaign, how many count, how many were cancelled.
fn by_campaign(ledger: &Ledger) -> Vec<(String, String, i64, i64)> {
    let counted = ledger.counted();
    let utm = counted.iter().filter_map(|(key, tallies)| Some((key, key.utm.as_ref()?, tallies.total())));
    utm.map(|(key, utm, total)| {
        let campaign = utm.values()[&UtmName::Campaign].clone();
        (key.owner.key().to_owned(), campaign, total.active.count, total.cancelled.count)
    })
    .collect()
}

#[test]
fn a_sale_moves_between_the_counters_of_utm_values_as_its_facts_change() {
    let row = |owner: &str, campaign: &str, active, cancelled| {
        vec![(owner.to_owned(), campaign.to_owned(), active, cancelled)]
    };
    let sold = |offset| event(Route::Sales, offset, 142).price(490_000);
    let mut ledger = Ledger::of(&[sold(0)]);
    assert_eq!(
        (by_campaign(&ledger), ledger.counted().len()),
        (vec![], 2),
        "only among those of the two days"
    );
    for (event, expected) in [
        (sold(10).campaign("Muha_1"), row("muha", "muha_1", 1, 0)),
        (sold(20).campaign("muha_2"), row("muha", "muha_2", 1, 0)),
        (sold(30).campaign("kenesary"), row("kenesary", "kenesary", 1, 0)),
        (sold(40).price(450_000), row("kenesary", "kenesary", 1, 0)),
        (event(Route::Sales, 50, 143), row("kenesary", "kenesary", 0, 1)),
        (sold(100_000), row("kenesary", "kenesary", 1, 0)),
    ] {
        ledger.tell(&event);
        assert_eq!(by_campaign(&ledger), expected, "{event:?}");
        assert_eq!(ledger.counted(), counters::count(&ledger.sales()), "{event:?}");
    }
}

#[test]
fn only_the_counters_of_utm_values_move_where_the_owner_stays() {
    let first = event(Route::Sales, 0, 142).price(5_000).campaign("muha_1");
    let ledger = Ledger::of(std::slice::from_ref(&first));
    let told = |event: &DealEvent, id: &str| {
        apply(ledger.deals.get(&event.deal), event, id, &Rules::default()).writes.counters
    };
    let moved = told(&first.clone().campaign("muha_2"), "a");
    assert_eq!((moved.len(), moved.keys().all(|key| key.utm.is_some())), (2, true));
    let in_capitals = told(&first.campaign("MUHA_1"), "b");
    assert_eq!(in_capitals, BTreeMap::new(), "the sale has a new version, the figures are the same");
}

#[path = "ledger_decision_tests.rs"]
mod decisions;
#[path = "ledger_link_tests.rs"]
mod links;
#[path = "ledger_properties.rs"]
mod properties;
