use aws_sdk_dynamodb::Config;
use serde_json::{Value, json};

use super::*;
use crate::domain::audit::{Action, Who};
use crate::outbox::stand_in::{item as handed_out, world};

fn audit() -> Audit {
    let config = Config::builder().behavior_version(aws_config::BehaviorVersion::latest());
    Audit::new(Client::from_conf(config.build()), "counters".to_owned())
}

fn row() -> AuditRow {
    AuditRow {
        id: "018f".to_owned(),
        at: "2026-11-20T05:00:00Z".parse().unwrap(),
        who: Who { id: "u-1".to_owned(), email: None },
        action: Action::SettingsChanged,
        subject: "teams".to_owned(),
        before: json!(null),
        after: json!({"a": 1}),
        effect: None,
    }
}

fn period(from: &str, to: &str) -> Period {
    Period::parse(Some(from), Some(to), "2026-11-20T05:00:00Z".parse().unwrap()).unwrap()
}

#[test]
fn a_row_stands_in_its_month_by_its_time_and_is_written_once() {
    let write = audit().write(&row()).unwrap();
    let put = write.put().unwrap();
    assert_eq!(put.condition_expression(), Some("attribute_not_exists(pk)"));
    assert_eq!(put.item()["pk"], AttributeValue::S("audit#2026-11".to_owned()));
    assert_eq!(put.item()["sk"], AttributeValue::S("2026-11-20T05:00:00.000Z#018f".to_owned()));
    assert_eq!(document::read::<AuditRow>(put.item()).unwrap(), row());
}

#[test]
fn a_page_ends_before_the_place_and_within_the_period() {
    let selection = Selection { period: period("2026-11-01", "2026-11-20"), who: None };
    let asked = |before: Option<&Place>, selection: &Selection| {
        let query = audit().query("2026-11", selection, before, 50);
        let values = query.get_expression_attribute_values().clone().unwrap();
        let text = |name: &str| values[name].as_s().unwrap().clone();
        assert_eq!(query.get_scan_index_forward(), &Some(false));
        (text(":pk"), text(":from"), text(":end"), query.get_limit().unwrap())
    };
    let (pk, from) = ("audit#2026-11".to_owned(), "2026-10-31T19:00:00.000Z".to_owned());
    let end = "2026-11-20T19:00:00.000Z".to_owned();
    assert_eq!(asked(None, &selection), (pk.clone(), from.clone(), end.clone(), 50));
    let place = place(&row());
    let person = Selection { who: Some("u-1".to_owned()), ..selection.clone() };
    assert_eq!(asked(Some(&place), &person), (pk.clone(), from.clone(), place.as_str().to_owned(), 151));
    // A cursor of another question reaches no further than this one.
    let later = Place::new("2026-11-25T00:00:00Z".parse().unwrap(), "a");
    assert_eq!(asked(Some(&later), &selection), (pk, from, end, 51));
}

/// Pages of rows with so many bytes each, of which there are seven: how many each shows, and whether more follow.
async fn pages(bytes: usize, limit: usize) -> Vec<(usize, bool)> {
    let rows: Vec<AuditRow> = (0..7)
        .rev()
        .map(|n| AuditRow { id: format!("row-{n}"), before: json!("a".repeat(bytes)), ..row() })
        .collect();
    let items: Vec<(String, Value)> = rows
        .iter()
        .map(|row| (place(row).as_str().to_owned(), handed_out(&super::item(row).unwrap())))
        .collect();
    let world = world(move |call| {
        let end = call.body["ExpressionAttributeValues"][":end"]["S"].as_str().unwrap();
        let until: Vec<&Value> =
            items.iter().filter(|(sk, _)| sk.as_str() <= end).map(|(_, item)| item).collect();
        Some(json!({"Items": until}))
    });
    let audit = Audit::new(Client::new(&world.sdk), "counters".to_owned());
    let selection = Selection { period: period("2026-11-20", "2026-11-20"), who: None };
    let (mut shown, mut before): (Vec<(usize, bool)>, Option<Place>) = (vec![], None);
    while shown.last().is_none_or(|(_, has_more)| *has_more) {
        let page = audit.page(&selection, before.as_ref(), limit).await.unwrap();
        before = page.rows.last().map(place);
        shown.push((page.rows.len(), page.has_more));
    }
    shown
}

#[tokio::test]
async fn a_page_holds_no_more_than_an_answer_may() {
    assert_eq!(pages(10, 50).await, [(7, false)]);
    assert_eq!(pages(10, 7).await, [(7, false)]);
    assert_eq!(pages(10, 4).await, [(4, true), (3, false)]);
    assert_eq!(pages(1_000_000, 50).await, [(2, true), (2, true), (2, true), (1, false)]);
    assert_eq!(pages(3_000_000, 50).await.len(), 7, "one at least");
}
