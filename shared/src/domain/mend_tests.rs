use super::*;
use crate::domain::counters::{self, Basis};
use crate::domain::day::Day;
use crate::domain::event::{Action, DealEvent, DealId, Happened, Origin, Route};
use crate::domain::money::Tenge;
use crate::domain::product::Product;
use crate::domain::sale::State;

/// The clock of these tests: an hour after the events.
fn now() -> DateTime<Utc> {
    "2026-11-20T07:00:00Z".parse().unwrap()
}

/// A deal that bought the flagship by the sales route.
fn deal() -> Deal {
    let received_at = "2026-11-20T06:00:00Z".parse().unwrap();
    let event = DealEvent {
        deal: DealId { account: 29_600_001, lead: 77 },
        route: Route::Sales,
        origin: Origin::Hook,
        action: Action::Status,
        stage: Some(142),
        old_stage: None,
        pipeline: Some(10_350_882),
        price: Some(Tenge(490_000)),
        happened: Happened::At(received_at),
        created_at: Some("2026-11-17T06:00:00Z".parse().unwrap()),
        received_at,
        readings: vec![],
        facts: String::new(),
    };
    ledger::apply(None, &event, "1", &Rules::default()).deal
}

/// What is written to set this deal with these sales right, and that nothing is left to do after it.
fn mended(deal: &Deal, held: &[Sale]) -> (Deal, Writes) {
    let (mended, writes) = mend(deal, held, now(), &Rules::default()).unwrap();
    assert_eq!(mended.version, deal.version + 1);
    let mut held: Vec<Sale> = held.to_vec();
    held.retain(|sale| !writes.remove.contains(&sale.id()));
    held.retain(|sale| !writes.put.iter().any(|put| put.id() == sale.id()));
    held.extend(writes.put.clone());
    assert!(mend(&mended, &held, now(), &Rules::default()).is_none());
    (mended, writes)
}

#[test]
fn sales_that_follow_from_their_deal_are_left_alone() {
    let deal = deal();
    assert_eq!(deal.sales.len(), 1);
    assert!(mend(&deal, &deal.sales, now(), &Rules::default()).is_none());
    let confirmed = Sale { verified: true, versions: 7, ..deal.sales[0].clone() };
    assert!(mend(&deal, &[confirmed], now(), &Rules::default()).is_none(), "it says the same");
}

#[test]
fn a_sale_that_was_changed_or_removed_by_hand_is_put_back_and_not_counted_again() {
    let deal = deal();
    let changed = Sale { amount: Tenge(1), ..deal.sales[0].clone() };
    for held in [vec![changed], vec![]] {
        let (_, writes) = mended(&deal, &held);
        assert_eq!((writes.put, writes.remove, writes.counters.len()), (deal.sales.clone(), vec![], 0));
    }
}

#[test]
fn a_sale_that_does_not_follow_is_removed() {
    let deal = deal();
    let stray = Sale { product: Product::Express, ..deal.sales[0].clone() };
    let (_, writes) = mended(&deal, &[deal.sales[0].clone(), stray.clone()]);
    assert_eq!((writes.put, writes.remove, writes.counters.len()), (vec![], vec![stray.id()], 0));
}

#[test]
fn a_sale_that_was_filed_otherwise_moves_with_its_counters() {
    let mut deal = deal();
    let right = deal.sales[0].clone();
    let filed = Sale { product: Product::Other, state: State::Cancelled, ..right.clone() };
    deal.sales = vec![filed.clone()];
    let (mended, writes) = mended(&deal, std::slice::from_ref(&filed));
    assert_eq!(writes.remove, [filed.id()]);
    assert!(writes.put.iter().all(|sale| sale.product == Product::Flagship && sale.versions == 2));
    assert_eq!(writes.counters, counters::change(&[filed], &[right]));
    let version = mended.versions.last().unwrap();
    assert_eq!((version.event_id.as_str(), version.moved_from), (CAUSE, Some(Product::Other)));
}

#[test]
fn a_sale_of_before_the_leads_day_was_kept_gets_it_and_is_counted_by_it_for_the_first_time() {
    let mut deal = deal();
    let right = deal.sales[0].clone();
    let old = Sale { lead_day: None, ..right.clone() };
    deal.sales = vec![old.clone()];
    let (mended, writes) = mended(&deal, &[old]);
    assert_eq!(mended.sales[0].lead_day, Some(right.day.minus(3)));
    let counted: Vec<(Basis, Day, i64)> = writes
        .counters
        .iter()
        .map(|(key, tallies)| (key.basis, key.day, tallies.total().active.count))
        .collect();
    assert_eq!(counted, [(Basis::LeadDate, right.day.minus(3), 1)]);
}
