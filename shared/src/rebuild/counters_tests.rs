use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::sample::{lead, sale};
use super::*;
use crate::domain::counters::Tally;
use crate::domain::money::Tenge;
use crate::domain::sale::State;
use crate::domain::team::{Owner, TeamId};

/// Counters as the store gives them that are the sum of these sales.
fn stored(sales: &[Sale]) -> (Days, Vec<UtmDay>) {
    let (mut days, mut utm_days) = (Days::new(), vec![]);
    for (CounterKey { owner, day, utm, .. }, tallies) in by_sale_day(sales, &[]) {
        match utm {
            None => drop(days.insert((owner, day), tallies)),
            Some(utm) => utm_days.push(UtmDay { owner, day, values: utm.values().clone(), tallies }),
        }
    }
    (days, utm_days)
}

fn differences(sales: &[Sale], (days, utm_days): (Days, Vec<UtmDay>)) -> Vec<CounterDifference> {
    counter_differences(&by_sale_day(sales, &[]), &held(Basis::SaleDate, days, utm_days))
}

fn told(differences: &[CounterDifference]) -> Value {
    serde_json::to_value(differences).unwrap()
}

fn express(count: i64) -> Value {
    json!({"express": {"count": count, "revenue_kzt": count * 5_000, "cancelled": 0, "cancelled_kzt": 0}})
}

#[test]
fn counters_that_are_the_sum_of_the_sales_do_not_differ() {
    let sales = [sale(1, Some("one")), sale(2, Some(" ONE ")), sale(3, Some("two")), sale(4, None)];
    assert_eq!(differences(&sales, stored(&sales)), []);
}

#[test]
fn a_difference_by_utm_values_names_them_and_leaves_the_day_alone() {
    let sales = [sale(1, Some("one")), sale(2, Some("One")), sale(3, Some("two"))];
    let (days, mut utm_days) = stored(&sales);
    utm_days.retain(|utm_day| utm_day.values[&UtmName::Campaign] == "two");
    let found = differences(&sales, (days, utm_days));
    assert_eq!(
        told(&found),
        json!([{
            "team": "unattributed", "day": "2026-11-20", "utm": {"utm_campaign": "one"},
            "counted": {}, "ledger": express(2),
        }])
    );
    assert_eq!(found[0].name(), r#"unattributed 2026-11-20 {"utm_campaign":"one"}"#);
    assert_eq!(found[0].delta(), counters::count(&sales)[found[0].key()]);
}

#[test]
fn a_days_difference_reads_as_it_always_did() {
    let sales = [sale(1, Some("one"))];
    let (mut days, utm_days) = stored(&sales);
    days.insert((Owner::Unattributed, sales[0].day), Tallies::default());
    let found = differences(&sales, (days, utm_days));
    let expected =
        json!([{"team": "unattributed", "day": "2026-11-20", "counted": {}, "ledger": express(1)}]);
    assert_eq!(told(&found), expected);
    assert_eq!(found[0].name(), "unattributed 2026-11-20");
}

#[test]
fn what_is_counted_by_utm_values_without_a_sale_is_to_be_taken_away() {
    let found = differences(&[], (Days::new(), stored(&[sale(1, Some("one"))]).1));
    assert_eq!(
        (told(&found)[0]["counted"].clone(), told(&found)[0]["ledger"].clone()),
        (express(1), json!({}))
    );
    assert_eq!(found[0].delta().of(Product::Express).active.count, -1);
}

#[test]
fn leads_are_counted_beside_the_sales_of_their_day() {
    let sales = [sale(1, Some("one"))];
    let leads = [lead("1", "waiting", Some("one")), lead("2", "over_limit", None)];
    let (days, utm_days) = stored(&sales);
    let found = counter_differences(&by_sale_day(&sales, &leads), &held(Basis::SaleDate, days, utm_days));
    let side = |leads: i64| {
        let mut side = express(1);
        side["leads"] = json!({"proftest": leads});
        side
    };
    let utm = json!({"utm_campaign": "one"});
    assert_eq!(
        told(&found),
        json!([
            {"team": "unattributed", "day": "2026-11-20", "counted": express(1), "ledger": side(2)},
            {"team": "unattributed", "day": "2026-11-20", "utm": utm, "counted": express(1), "ledger": side(1)},
        ])
    );
    assert_eq!(found[0].delta().leads.of(Form::Proftest), 2);
    assert!(found[0].delta().products.is_empty(), "the sales are right");
}

#[test]
fn the_same_gap_in_counters_of_other_utm_values_is_another_gap() {
    let of = |campaign| differences(&[sale(1, Some(campaign))], stored(&[])).remove(1);
    assert!(of("one").is_same_gap(&of("One")));
    assert!(!of("one").is_same_gap(&of("two")));
}

#[test]
fn a_difference_by_the_day_of_the_lead_says_so() {
    let sold = sale(1, None);
    let sales = [Sale { lead_day: Some(sold.day), ..sold }];
    let mut summed = counters::count(&sales);
    summed.retain(|key, _| key.basis == Basis::LeadDate);
    let found = counter_differences(&summed, &held(Basis::LeadDate, Days::new(), vec![]));
    let expected = json!([{
        "team": "unattributed", "day": "2026-11-20", "basis": "lead_date", "counted": {}, "ledger": express(1),
    }]);
    assert_eq!(told(&found), expected);
    assert_eq!(
        found[0].change(),
        Change {
            owner: "unattributed".to_owned(),
            kind: "counter by the day of the lead",
            what: "express 0 → 1 (0 → 5,000 ₸)".to_owned(),
        }
    );
}

#[test]
fn what_is_looked_at_by_the_day_of_the_sale_holds_nothing_by_that_of_the_lead() {
    let summed = by_sale_day(&[sale(1, Some("one"))], &[lead("1", "waiting", None)]);
    assert!(summed.keys().all(|key| key.basis == Basis::SaleDate));
    assert_eq!(summed.len(), 2);
}

/// A sale of one of two owners, sold on one of three days to a lead of one of them, of any product and state.
fn any_sale() -> impl Strategy<Value = Sale> {
    let campaign = prop::sample::select(vec![None, Some("one"), Some("two")]);
    let team = prop::sample::select(vec![None, Some("muha")]);
    (0_u64..9, campaign, team, prop::sample::select(Product::ALL.to_vec()), 0_u64..3, 0_u64..3, any::<bool>())
        .prop_map(|(id, campaign, team, product, day, before, is_active)| {
            let sale = sale(id, campaign);
            let day = sale.day.plus(day);
            let state = if is_active { State::Active } else { State::Cancelled };
            let (team, lead_day) = (team.map(TeamId::new), Some(day.minus(before)));
            Sale { product, day, lead_day, state, team, ..sale }
        })
}

/// What somebody does to the counters: figures of a product on one of some days, by either day.
fn any_wreck() -> impl Strategy<Value = (CounterKey, Tallies)> {
    let place = (any::<bool>(), any::<bool>(), 0_u64..6, prop::sample::select(Product::ALL.to_vec()));
    (place, -3_i64..4, -9_000_i64..9_000, -3_i64..4, any::<bool>()).prop_map(
        |((is_of_lead, is_muha, day, product), count, sum, cancelled, has_utm)| {
            let basis = if is_of_lead { Basis::LeadDate } else { Basis::SaleDate };
            let owner = Owner::from(is_muha.then(|| TeamId::new("muha")));
            let utm = UtmKey::of(&[(UtmName::Campaign, "two".to_owned())].into());
            let utm = utm.filter(|_| has_utm && !is_of_lead);
            let tally = |count, sum| Tally { count, sum: Tenge(sum) };
            let tally = ProductTally { active: tally(count, sum), cancelled: tally(cancelled, 0) };
            let key = CounterKey { basis, owner, day: sale(1, None).day.minus(2).plus(day), utm };
            (key, Tallies::from([(product, tally)]))
        },
    )
}

proptest! {
    #[test]
    fn whatever_was_done_to_the_counters_they_are_mended_to_the_count_of_the_sales(
        sales in prop::collection::vec(any_sale(), 0..12),
        wrecks in prop::collection::vec(any_wreck(), 0..8),
        lost in any::<prop::sample::Index>(),
    ) {
        let right: Held = counters::count(&sales);
        let mut wrecked = right.clone();
        for (key, tallies) in wrecks {
            wrecked.entry(key).or_default().add(&tallies);
        }
        if let Some(key) = right.keys().nth(lost.index(right.len().max(1))) {
            wrecked.remove(key);
        }
        let found = counter_differences(&right, &wrecked);
        for difference in &found {
            wrecked.entry(difference.key().clone()).or_default().add(&difference.delta());
        }
        prop_assert_eq!(counter_differences(&right, &wrecked), []);
        let mended = wrecked.into_iter().map(|(key, tallies)| (key, tallies.without_zeros()));
        let mended: Held = mended.filter(|(_, tallies)| !tallies.is_empty()).collect();
        prop_assert_eq!(mended, right);
    }
}
