use super::*;
use crate::domain::money::Tenge;
use crate::domain::rates::DayRates;

const OLD: &str = "01920000-0000-7000-8000-000000000001";
const PRESENT: &str = "01920000-0000-7000-8000-000000000002";
const NEW: &str = "01920000-0000-7000-8000-000000000003";

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn usd() -> Currency {
    Currency::parse("USD").unwrap()
}

fn rates() -> Rates {
    let usd = [(usd(), "470.5".parse().unwrap())].into();
    [DayRates { day: day("2026-11-19"), published_for: None, rates: usd }].into_iter().collect()
}

fn draft() -> Draft {
    let period = Period { from: day("2026-11-18"), to: day("2026-11-20") };
    Draft::new(AdAccountId::parse("91").unwrap(), PRESENT.to_owned(), period, DateTime::UNIX_EPOCH)
}

fn row(on: &str, ad_id: &str, spend: i64) -> (Day, AdDay) {
    let row = AdDay {
        ad_id: ad_id.to_owned(),
        ad_name: None,
        adset_id: None,
        adset_name: None,
        campaign_id: None,
        campaign_name: None,
        spend,
        impressions: 10,
        reach: None,
        clicks: 2,
        link_clicks: 1,
    };
    (day(on), row)
}

#[test]
fn a_day_is_what_its_rows_come_to_each_rounded_for_itself() {
    let mut draft = draft();
    draft.take(vec![row("2026-11-19", "1", 1), row("2026-11-19", "2", 1)], usd(), &rates()).unwrap();
    let items = draft.take(vec![row("2026-11-19", "3", 100)], usd(), &rates()).unwrap();
    assert_eq!(
        sort_key(&items[0]),
        format!("rows#2026-11-19#{PRESENT}#00001"),
        "a page is a part of its own"
    );
    let full = draft.day(day("2026-11-19"), usd(), &rates());
    assert_eq!((full.parts, full.rows, full.total.spend), (2, 3, 102));
    // 4.705 twice and 470.5: 5 + 5 + 471, where the sum of all three would be 480.
    assert_eq!(full.total.spend_kzt, Tenge(481));
    assert_eq!(full.total.impressions, 30);
    let empty = draft.day(day("2026-11-20"), usd(), &rates());
    assert_eq!((empty.parts, empty.rows, empty.total), (0, 0, Delivery::default()));
}

#[test]
fn a_row_that_comes_twice_counts_once() {
    let mut draft = draft();
    draft.take(vec![row("2026-11-19", "1", 100), row("2026-11-18", "1", 100)], usd(), &rates()).unwrap();
    let again = draft.take(vec![row("2026-11-19", "1", 100)], usd(), &rates()).unwrap();
    assert_eq!((again.len(), draft.repeated()), (0, 1));
    assert_eq!(draft.day(day("2026-11-19"), usd(), &rates()).total.spend, 100);
}

#[test]
fn a_day_takes_the_place_of_older_ones_only() {
    let put = put("ads", &draft().day(day("2026-11-19"), usd(), &rates())).unwrap().build().unwrap();
    assert_eq!((put.table_name(), put.item()["sk"].as_s().unwrap().as_str()), ("ads", "day#2026-11-19"));
    assert_eq!(put.item()["generation"], text(PRESENT), "what the next one is compared with");
    assert_eq!(put.condition_expression(), Some("attribute_not_exists(pk) OR generation <= :generation"));
    assert_eq!(put.expression_attribute_values().unwrap()[":generation"], text(PRESENT));
}

#[test]
fn only_rows_that_no_day_names_and_no_later_pull_writes_are_left_over() {
    let named = [draft().day(day("2026-11-19"), usd(), &rates())];
    for (sort_key, expected) in [
        (format!("rows#2026-11-19#{OLD}#00000"), true),
        (format!("rows#2026-11-19#{PRESENT}#00000"), false),
        (format!("rows#2026-11-18#{PRESENT}#00000"), true),
        (format!("rows#2026-11-18#{NEW}#00000"), false),
        ("day#2026-11-19".to_owned(), false),
    ] {
        assert_eq!(is_left_over(&sort_key, PRESENT, &named), expected, "{sort_key}");
    }
}
