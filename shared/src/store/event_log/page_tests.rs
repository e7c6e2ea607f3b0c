use aws_sdk_dynamodb::Client;
use serde_json::{Value, json};

use super::*;
use crate::domain::day::Day;
use crate::outbox::stand_in::{Call, World, world};

/// So many hooks came on the sales route, one a minute; every tenth was recorded, the others were not.
const HOOKS: usize = 2_500;

fn id(number: usize) -> String {
    format!("event#{number:04}")
}

fn came(number: usize) -> String {
    let first: DateTime<Utc> = "2026-11-18T00:00:00Z".parse().unwrap();
    instant(first + TimeDelta::minutes(i64::try_from(number).unwrap()))
}

fn stored(pk: &str) -> Value {
    let number: usize = pk.strip_prefix("event#").unwrap().parse().unwrap();
    let record = json!({
        "id": pk.strip_prefix("event#"), "route": "sales", "action": "status", "account": 1, "lead_id": 7,
        "happened_at": null, "received_at": came(number), "raw_id": "ab", "problems": [],
        "outcome": if number.is_multiple_of(10) { "recorded" } else { "ignored" },
    });
    json!({"pk": {"S": pk}, "document": {"S": record.to_string()}})
}

fn answer(call: &Call) -> Value {
    if call.name.ends_with("Query") {
        let values = &call.body["ExpressionAttributeValues"];
        let (from, to) = (values[":from"]["S"].as_str().unwrap(), values[":to"]["S"].as_str().unwrap());
        let after = call.body["ExclusiveStartKey"]["pk"]["S"].as_str();
        let is_asked = |number: &usize| {
            let at = came(*number);
            values[":partition"]["S"] == "sales"
                && from <= at.as_str()
                && at.as_str() <= to
                && after.is_none_or(|after| id(*number).as_str() < after)
        };
        let most = usize::try_from(call.body["Limit"].as_u64().unwrap()).unwrap();
        let key = |number| json!({"pk": {"S": id(number)}, "received_at": {"S": came(number)}, "heard_on": {"S": "sales"}});
        let items: Vec<Value> = (0..HOOKS).rev().filter(is_asked).take(most).map(key).collect();
        return json!({"Items": items});
    }
    let keys = call.body["RequestItems"]["events"]["Keys"].as_array().unwrap();
    let items: Vec<Value> = keys.iter().map(|key| stored(key["pk"]["S"].as_str().unwrap())).collect();
    json!({"Responses": {"events": items}})
}

fn log() -> (World, EventLog) {
    let world = world(|call| Some(answer(call)));
    let log = EventLog::new(Client::new(&world.sdk), "events".to_owned());
    (world, log)
}

#[tokio::test]
async fn a_page_looks_at_so_many_events_and_says_that_there_are_more() {
    let (world, log) = log();
    let selection = Selection { outcome: Some(Outcome::Updated), ..Selection::default() };
    let page = log.page(&selection, Places::default(), 50).await.unwrap();
    assert!(page.events.is_empty() && page.next.is_some());
    let asked = world.calls().iter().filter(|call| call.name.ends_with("BatchGetItem")).count();
    assert_eq!(asked, MOST_LOOKED_AT / AT_ONCE);
}

#[tokio::test]
async fn all_pages_of_a_filter_together_are_what_it_lets_through() {
    let (_world, log) = log();
    let selection = Selection { outcome: Some(Outcome::Recorded), ..Selection::default() };
    let (mut places, mut ids) = (Places::default(), vec![]);
    loop {
        let page = log.page(&selection, places, 37).await.unwrap();
        ids.extend(page.events.into_iter().map(|logged| logged.record.id));
        let Some(next) = page.next else { break };
        places = next;
    }
    let all: Vec<String> =
        (0..HOOKS).rev().step_by(1).filter(|number| number % 10 == 0).map(|n| format!("{n:04}")).collect();
    assert_eq!(ids, all);
}

#[tokio::test]
async fn a_period_begins_and_ends_at_midnight_in_almaty() {
    let (_world, log) = log();
    let day = Day::parse("2026-11-18").unwrap();
    let selection = Selection { period: Some(Period { from: day, to: day }), ..Selection::default() };
    let page = log.page(&selection, Places::default(), 5_000).await.unwrap();
    let ids: Vec<&str> = page.events.iter().map(|logged| logged.record.id.as_str()).collect();
    // The day ends 19 hours after midnight in London, with which the hooks begin.
    assert_eq!((ids.len(), ids[0], ids.last()), (19 * 60, "1139", Some(&"0000")));
    assert!(page.next.is_none());
}

#[test]
fn each_filter_reads_the_partitions_that_may_hold_what_it_asks_for() {
    let names = |selection: Selection| -> Vec<&str> {
        selection.partitions().into_iter().map(HeardOn::as_str).collect()
    };
    let of = |outcome| Selection { outcome: Some(outcome), ..Selection::default() };
    assert_eq!(
        names(Selection::default()),
        ["sales", "funnel", "traffic", "quarantined", "replayed", "healed"]
    );
    assert_eq!(names(of(Outcome::Quarantined)), ["quarantined"]);
    assert_eq!(names(of(Outcome::Recorded)), ["sales", "funnel", "traffic", "healed"]);
    assert!(names(of(Outcome::Duplicate)).is_empty());
    let funnel = Selection { route: Some(Route::Funnel), ..Selection::default() };
    assert_eq!(names(funnel.clone()), ["funnel", "quarantined", "replayed", "healed"]);
    assert_eq!(names(Selection { of_hooks: true, ..funnel }), ["funnel", "quarantined"]);
}
