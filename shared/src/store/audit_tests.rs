use aws_sdk_dynamodb::Config;
use serde_json::json;

use super::*;
use crate::domain::audit::{Action, Who};

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
