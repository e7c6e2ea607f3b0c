//! How deals are asked for over the wire, and what comes of answers that are not what was asked for.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::wire_server::{OAUTH, amocrm, answer, client, made, query};
use super::*;
use crate::domain::crm::sight::Sight;
use crate::domain::event::DealId;
use crate::domain::money::Tenge;
use crate::domain::utm::UtmName;

/// 2026-11-20T05:00:00Z, when everything here is read.
pub const NOW: i64 = 1_795_150_800;
const NO_FIELDS: &BTreeMap<u64, UtmName> = &BTreeMap::new();

pub fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

pub fn context() -> Sightings<'static> {
    Sightings { account: 29_600_001, utm_fields: NO_FIELDS, read_at: at(NOW) }
}

pub fn list(name: &str, rows: &[Value]) -> String {
    json!({"_page": 1, "_links": {"self": {"href": "x"}, "next": {"href": "x"}}, "_embedded": { name: rows }})
        .to_string()
}

pub fn deal(id: u64, updated_at: i64) -> Value {
    json!({"id": id, "name": "x", "price": 5000, "status_id": 142, "pipeline_id": 10, "created_at": NOW - 900,
        "updated_at": updated_at, "closed_at": updated_at, "is_deleted": false, "custom_fields_values": null,
        "account_id": 5, "_embedded": {"tags": []}})
}

/// The deal with some of it changed.
pub fn with(mut deal: Value, changes: Value) -> Value {
    for (key, value) in changes.as_object().unwrap() {
        deal[key] = value.clone();
    }
    deal
}

async fn sights(wanted: Wanted<'_>, rows: &[Value]) -> Filtered<Sight> {
    let body = list("leads", rows);
    made(&body, |amocrm| async move { amocrm.sights(&wanted, 1, &context()).await }).await.1
}

async fn sight(row: &Value) -> Sight {
    let row = row.to_string();
    let (_, found) = made(&row, |amocrm| async move { amocrm.sight(50, &context()).await }).await;
    found.unwrap()
}

fn ids(found: &Filtered<Sight>) -> Vec<u64> {
    found.page.items.iter().map(|sight| sight.deal.lead).collect()
}

pub const EVER: Span = Span { from: DateTime::UNIX_EPOCH, to: None };

#[tokio::test]
async fn each_question_is_asked_with_its_filter_and_the_last_changed_first() {
    let rest = [("order[updated_at]", "desc"), ("with", "contacts"), ("limit", "250"), ("page", "3")];
    let span = Span { from: at(NOW - 60), to: Some(at(NOW)) };
    let cases = [
        (
            Wanted::Changed(span),
            vec![("filter[updated_at][from]", "1795150740"), ("filter[updated_at][to]", "1795150800")],
        ),
        (Wanted::Changed(Span { to: None, ..span }), vec![("filter[updated_at][from]", "1795150740")]),
        (Wanted::Ids(&[50, 51]), vec![("filter[id][]", "50"), ("filter[id][]", "51")]),
        (
            Wanted::Won { pipeline: 10, closed: span },
            vec![
                ("filter[statuses][0][pipeline_id]", "10"),
                ("filter[statuses][0][status_id]", "142"),
                ("filter[closed_at][from]", "1795150740"),
                ("filter[closed_at][to]", "1795150800"),
            ],
        ),
    ];
    for (wanted, filter) in cases {
        let body = list("leads", &[deal(50, NOW)]);
        let (seen, found) =
            made(&body, |amocrm| async move { amocrm.sights(&wanted, 3, &context()).await }).await;
        assert_eq!((seen.method.as_str(), seen.path.as_str()), ("GET", "/amocrm/api/v4/leads"));
        assert_eq!(query(&seen), [&filter[..], &rest].concat());
        assert_eq!((ids(&found), found.page.has_next), (vec![50], true));
        assert!(!found.ignored && !found.unordered && found.unreadable == 0, "{wanted:?}");
    }
}

#[tokio::test]
async fn a_deal_is_read_with_all_that_decides() {
    let row = with(
        deal(50, NOW - 5),
        json!({"custom_fields_values": [{"field_id": 3, "field_name": "Метка", "field_code": "UTM_SOURCE",
                "values": [{"value": " fb "}]}, "odd", {"field_id": 4, "values": {"0": {"value": {"x": 1}}}}],
            "_embedded": {"contacts": [{"id": 9, "is_main": false}, {"id": 7}, {"id": 8, "is_main": true}, {}]}}),
    );
    let seen = sight(&row).await;
    let expected = Sight {
        deal: DealId { account: 5, lead: 50 },
        pipeline: 10,
        stage: 142,
        price: Some(Tenge(5_000)),
        is_deleted: false,
        created_at: Some(at(NOW - 900)),
        updated_at: at(NOW - 5),
        closed_at: Some(at(NOW - 5)),
        readings: seen.readings.clone(),
        contacts: vec![8, 7, 9],
        facts: seen.facts.clone(),
        read_at: at(NOW),
    };
    assert_eq!(seen, expected);
    let readings: Vec<_> = seen.readings.iter().map(|one| (one.utm, one.value.as_str())).collect();
    assert_eq!(readings, [(UtmName::Source, "fb")]);

    let bare = sight(&json!({"id": 50, "pipeline_id": 10, "status_id": 20, "updated_at": NOW})).await;
    assert_eq!(
        (bare.deal.account, bare.price, bare.created_at, bare.closed_at),
        (29_600_001, None, None, None)
    );
    // Of what is in the bin little more is told than that.
    let binned = sight(&json!({"id": 50, "updated_at": NOW, "is_deleted": true})).await;
    assert_eq!((binned.is_deleted, binned.pipeline, binned.stage), (true, 0, 0));
}

#[tokio::test]
async fn prices_and_times_are_read_as_hooks_carry_them() {
    for (price, expected) in [
        (json!(490_000), Some(490_000)),
        (json!(5000.0), Some(5_000)),
        (json!(280.5), Some(281)),
        (json!("5000"), Some(5_000)),
        (json!(0), None),
        (Value::Null, None),
        (json!(-5), None),
        (json!([1]), None),
    ] {
        let seen = sight(&with(deal(50, NOW), json!({ "price": price }))).await;
        assert_eq!(seen.price, expected.map(Tenge), "{price}");
    }
    for created_at in [json!(0), Value::Null, json!(NOW + 864_000), json!("x"), json!(-1)] {
        let seen =
            sight(&with(deal(50, NOW), json!({"created_at": created_at, "closed_at": created_at}))).await;
        assert_eq!((seen.created_at, seen.closed_at), (None, None), "{created_at}");
    }
}

#[tokio::test]
async fn what_was_not_asked_for_is_left_out_and_said() {
    let span = Span { from: at(NOW - 60), to: Some(at(NOW - 10)) };
    let inside = deal(50, NOW - 30);
    let elsewhere = [
        (Wanted::Changed(span), vec![deal(51, NOW - 9), deal(52, NOW - 61)]),
        (Wanted::Ids(&[50]), vec![deal(51, NOW - 30)]),
        (
            Wanted::Won { pipeline: 10, closed: span },
            vec![
                with(inside.clone(), json!({"status_id": 143})),
                with(inside.clone(), json!({"pipeline_id": 11})),
                with(inside.clone(), json!({"closed_at": null})),
                with(inside.clone(), json!({"closed_at": NOW - 61})),
            ],
        ),
    ];
    for (wanted, strangers) in elsewhere {
        for stranger in strangers {
            let found = sights(wanted, &[inside.clone(), stranger.clone()]).await;
            assert_eq!((ids(&found), found.ignored, found.unreadable), (vec![50], true, 0), "{stranger}");
        }
    }
    let edges = sights(Wanted::Changed(span), &[deal(51, NOW - 10), deal(52, NOW - 60)]).await;
    assert_eq!((ids(&edges), edges.ignored), (vec![51, 52], false));
}

#[tokio::test]
async fn another_order_than_the_one_asked_for_is_said() {
    for (times, unordered) in [([3, 2, 1], false), ([3, 3, 1], false), ([1, 2, 3], true), ([3, 1, 2], true)] {
        let rows: Vec<Value> = times.iter().zip(50..).map(|(time, id)| deal(id, NOW - 60 + time)).collect();
        assert_eq!(sights(Wanted::Changed(EVER), &rows).await.unordered, unordered, "{times:?}");
    }
}

#[tokio::test]
async fn a_row_that_cannot_be_read_fails_no_other() {
    let broken = [
        json!(null),
        json!("x"),
        json!({}),
        with(deal(51, NOW), json!({"id": null})),
        with(deal(51, NOW), json!({"id": "abc"})),
        with(deal(51, NOW), json!({"updated_at": null})),
        with(deal(51, NOW), json!({"updated_at": NOW + 864_000})),
        with(deal(51, NOW), json!({"status_id": null})),
        with(deal(51, NOW), json!({"pipeline_id": 0})),
    ];
    for row in broken {
        let found = sights(Wanted::Changed(EVER), &[row.clone(), deal(50, NOW)]).await;
        assert_eq!((ids(&found), found.unreadable, found.ignored), (vec![50], 1, false), "{row}");
    }
}

#[tokio::test]
async fn the_facts_change_with_what_decides_and_with_nothing_else() {
    let field = |name: &str, value: &str| json!([{"field_id": 3, "field_name": name, "field_code": "UTM_SOURCE", "values": [{"value": value}]}]);
    let deal = with(deal(50, NOW - 5), json!({"custom_fields_values": field("Метка", "fb")}));
    let facts = sight(&deal).await.facts;
    for same in [
        json!({"updated_at": NOW, "name": "y", "closed_at": null, "responsible_user_id": 7}),
        json!({"custom_fields_values": field("Source", "fb")}),
        json!({"price": 5000.0}),
        json!({"_embedded": {"contacts": [{"id": 9}]}}),
    ] {
        assert_eq!(sight(&with(deal.clone(), same.clone())).await.facts, facts, "{same}");
    }
    for other in [
        json!({"pipeline_id": 11}),
        json!({"status_id": 143}),
        json!({"price": 4999}),
        json!({"price": 0}),
        json!({"is_deleted": true}),
        json!({"created_at": NOW - 901}),
        json!({"custom_fields_values": null}),
        json!({"custom_fields_values": field("Метка", "ig")}),
    ] {
        assert_ne!(sight(&with(deal.clone(), other.clone())).await.facts, facts, "{other}");
    }
}

#[tokio::test]
async fn a_deal_is_gone_only_where_amocrm_says_so_itself() {
    for (status, body, is_gone) in [
        (204, "", true),
        (404, r#"{"title":"Not found"}"#, true),
        (404, "<html>", false),
        (404, r#"{"message":"Not Found"}"#, false),
        (404, "", false),
    ] {
        let (base, _asked) = amocrm(answer(status, body));
        let found = client(&base, OAUTH).sight(50, &context()).await;
        assert_eq!(found.as_ref().is_ok_and(Option::is_none), is_gone, "{status} {body}");
        assert_eq!(found.is_err(), !is_gone, "{status} {body}");
    }
    for row in [deal(51, NOW), json!({"id": 50}), json!([])] {
        let (base, _asked) = amocrm(answer(200, &row.to_string()));
        assert_eq!(
            client(&base, OAUTH).sight(50, &context()).await.unwrap_err().class,
            Class::Again,
            "{row}"
        );
    }
}

#[tokio::test]
async fn the_longest_question_has_an_address_that_is_not_refused() {
    let wanted: Vec<u64> = (0..MOST_IDS as u64).map(|n| (1 << 53) - n).collect();
    let (seen, _) = made(&list("leads", &[]), |amocrm| async move {
        amocrm.sights(&Wanted::Ids(&wanted), 1, &context()).await
    })
    .await;
    assert!(seen.head.lines().next().unwrap().len() < 8_000);
}
