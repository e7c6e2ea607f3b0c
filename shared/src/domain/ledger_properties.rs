//! What holds for every history of a deal, in any order and with any repeats.

use proptest::prelude::*;

use super::*;
use crate::domain::counters::Basis;
use crate::domain::team::Owner;

pub(super) fn any_event() -> impl Strategy<Value = DealEvent> {
    let route = prop_oneof![3 => Just(Route::Sales), 1 => Just(Route::Funnel), 1 => Just(Route::Traffic)];
    let stage = prop_oneof![
        Just(None),
        Just(Some(100_u64)),
        Just(Some(142)),
        Just(Some(143)),
        Just(Some(54_420_001))
    ];
    let price = prop_oneof![Just(None), Just(Some(5_000)), Just(Some(490_000)), Just(Some(450_000))];
    let campaign = prop_oneof![3 => Just(None), 1 => Just(Some("kenesary")), 1 => Just(Some("Muha_1")), 1 => Just(Some("muha_1")), 1 => Just(Some("who"))];
    let action = prop_oneof![
        3 => Just(Action::Status), 3 => Just(Action::Update), 1 => Just(Action::Add), 1 => Just(Action::Restore),
        1 => Just(Action::Delete)
    ];
    // Few and far apart in minutes, yet often in the same second; over two days, so that days change too.
    let time = prop_oneof![0_i64..6, (0_i64..6).prop_map(|n| n * 40_000)];
    (route, stage, price, campaign, action, time, 0_i64..90_000).prop_map(
        |(route, stage, price, campaign, action, time, delay)| {
            if action == Action::Delete {
                return DealEvent { route, ..deletion(time + delay) };
            }
            let mut event = DealEvent { stage, ..event(route, time, 0).action(action) };
            event.price = price.map(Tenge);
            event.received_at = at(time + delay);
            campaign.map_or(event.clone(), |value| event.campaign(value))
        },
    )
}

/// Histories of three deals, told in turns.
fn any_events_of_deals() -> impl Strategy<Value = Vec<DealEvent>> {
    let event = (any_event(), 0_u64..3).prop_map(|(event, n)| {
        let deal = DealId { lead: event.deal.lead + n, ..event.deal };
        DealEvent { deal, ..event }
    });
    prop::collection::vec(event, 1..16)
}

/// All counters of each owner and day by UTM values, added up.
fn over_utm(counters: &BTreeMap<CounterKey, Tallies>) -> BTreeMap<CounterKey, Tallies> {
    let mut sums: BTreeMap<CounterKey, Tallies> = BTreeMap::new();
    for (key, tallies) in counters.iter().filter(|(key, _)| key.utm.is_some()) {
        sums.entry(CounterKey { utm: None, ..key.clone() }).or_default().add(tallies);
    }
    sums
}

fn of_basis(counters: &BTreeMap<CounterKey, Tallies>, basis: Basis) -> BTreeMap<CounterKey, Tallies> {
    counters
        .iter()
        .filter(|(key, _)| key.basis == basis)
        .map(|(key, tallies)| (key.clone(), tallies.clone()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn any_order_with_any_repeats_ends_in_the_same_ledger(
        (events, shuffled) in prop::collection::vec(any_event(), 1..9).prop_flat_map(|events| {
            let repeated: Vec<DealEvent> = events.iter().chain(events.iter().take(3)).cloned().collect();
            (Just(events), Just(repeated).prop_shuffle())
        })
    ) {
        let (plain, mixed) = (Ledger::of(&events), Ledger::of(&shuffled));
        prop_assert_eq!(plain.facts(), mixed.facts());
        prop_assert_eq!(plain.counted(), mixed.counted());
    }

    #[test]
    fn a_rebuild_from_the_sales_finds_the_counters_that_the_events_left(
        events in prop::collection::vec(any_event(), 1..12)
    ) {
        let mut ledger = Ledger::default();
        for event in &events {
            ledger.tell(event);
            prop_assert_eq!(ledger.counted(), counters::count(&ledger.sales()));
        }
    }

    #[test]
    fn a_days_counter_is_the_sum_of_those_by_utm_values_and_of_the_sales_without_any(
        events in any_events_of_deals()
    ) {
        let mut ledger = Ledger::default();
        for event in &events {
            ledger.tell(event);
            let counted = ledger.counted();
            prop_assert_eq!(&counted, &counters::count(&ledger.sales()));
            let counted = of_basis(&counted, Basis::SaleDate);
            let days: BTreeMap<_, _> = counted.clone().into_iter().filter(|(key, _)| key.utm.is_none()).collect();
            let mut sums = over_utm(&counted);
            for (key, sum) in &sums {
                let (sum, day) = (sum.total(), days[key].total());
                prop_assert!(sum.active.count <= day.active.count && sum.cancelled.count <= day.cancelled.count);
                prop_assert!(sum.active.sum <= day.active.sum && sum.cancelled.sum <= day.cancelled.sum);
            }
            let without: Vec<Sale> = ledger.sales().into_iter().filter(|sale| sale.utm.is_empty()).collect();
            if without.is_empty() {
                prop_assert_eq!(&sums, &days);
            }
            for (key, tallies) in of_basis(&counters::count(&without), Basis::SaleDate) {
                prop_assert_eq!(&key.utm, &None);
                sums.entry(key).or_default().add(&tallies);
            }
            prop_assert_eq!(sums, days);
        }
    }

    #[test]
    fn over_all_days_both_bases_come_to_the_same(
        (events, made) in (any_events_of_deals(), prop::collection::vec(prop::option::of(0_i64..30), 16))
    ) {
        let mut ledger = Ledger::default();
        for (event, made) in events.iter().zip(&made) {
            let created_at = made.map(|days| at(-86_400 * days));
            ledger.tell(&DealEvent { created_at, ..event.clone() });
            let sums = Basis::ALL.map(|basis| {
                let mut sums: BTreeMap<Owner, Tallies> = BTreeMap::new();
                for (key, tallies) in of_basis(&ledger.counted(), basis).iter().filter(|(key, _)| key.utm.is_none()) {
                    sums.entry(key.owner.clone()).or_default().add(tallies);
                }
                sums
            });
            prop_assert_eq!(&sums[0], &sums[1]);
            prop_assert!(ledger.sales().iter().all(|sale| sale.lead_day.is_some_and(|day| day <= sale.day)));
        }
    }

    #[test]
    fn a_sale_is_recorded_once_and_its_versions_are_without_a_gap(
        events in prop::collection::vec(any_event(), 1..12)
    ) {
        let mut ledger = Ledger::default();
        let recorded = events.iter().filter(|event| ledger.tell(event).outcome == Outcome::Recorded).count();
        prop_assert_eq!(recorded, ledger.sales().len());
        for deal in ledger.deals.values() {
            for sale in &deal.sales {
                let newest = deal.versions.iter().rev().find(|version| version.product == sale.product).unwrap();
                prop_assert_eq!(newest.version, sale.versions);
                prop_assert_eq!((newest.state, newest.amount, newest.sold_at), (sale.state, sale.amount, sale.sold_at));
            }
        }
    }
}
