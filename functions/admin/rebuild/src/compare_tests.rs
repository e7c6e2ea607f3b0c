use serde_json::{Value, json};
use shared::domain::attribution;
use shared::domain::money::Tenge;
use shared::domain::sale::{AmountSource, State};
use shared::domain::team::Owner;

use super::*;
use crate::sample::lead;

/// An active Express sale of nobody's, with this campaign.
fn sale(lead_id: u64, campaign: Option<&str>) -> Sale {
    let sold_at = "2026-11-20T06:00:00Z".parse().unwrap();
    Sale {
        account: 29_600_001,
        lead_id,
        product: Product::Express,
        team: None,
        state: State::Active,
        amount: Tenge(5_000),
        amount_source: AmountSource::Hook,
        sold_at,
        day: Day::of(sold_at),
        lead_day: None,
        received_at: sold_at,
        verified: false,
        utm: campaign.map(|value| (UtmName::Campaign, value.to_owned())).into_iter().collect(),
        trail: attribution::decide(&[], &[], &[]),
        versions: 1,
    }
}

/// Counters as the store gives them that are the sum of these sales.
fn stored(sales: &[Sale]) -> (Days, Vec<UtmDay>) {
    let (mut days, mut utm_days) = (Days::new(), vec![]);
    for (CounterKey { owner, day, utm, .. }, tallies) in counters::count(sales) {
        match utm {
            None => drop(days.insert((owner, day), tallies)),
            Some(utm) => utm_days.push(UtmDay { owner, day, values: utm.values().clone(), tallies }),
        }
    }
    (days, utm_days)
}

fn differences(sales: &[Sale], (days, utm_days): (Days, Vec<UtmDay>)) -> Vec<CounterDifference> {
    counter_differences(sales, &[], &held(Basis::SaleDate, days, utm_days))
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
    let found = counter_differences(&sales, &leads, &held(Basis::SaleDate, days, utm_days));
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
