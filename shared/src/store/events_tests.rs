use serde_json::{Value, json};

use super::*;
use crate::domain::day::Day;
use crate::outbox::stand_in::world;

/// What was healed, by name: when it had happened and when it was healed.
const HEALED_THEN: [(&str, &str, &str); 4] = [
    ("early", "2026-11-18T05:00:00Z", "2026-11-19T05:00:00.000Z"),
    ("same", "2026-11-19T06:00:00Z", "2026-11-19T07:00:00.000Z"),
    ("late", "2026-11-19T08:00:00Z", "2026-11-20T05:00:00.000Z"),
    ("after", "2026-11-20T06:00:00Z", "2026-11-20T07:00:00.000Z"),
];

fn stored((id, happened_at, received_at): &(&str, &str, &str)) -> Value {
    let record = json!({
        "id": id, "route": "sales", "origin": "read", "action": "status", "account": 29_600_001, "lead_id": 7,
        "happened_at": happened_at, "received_at": received_at, "raw_id": "", "problems": [], "healed": "stage",
        "outcome": "ignored", "sale_id": null, "team": null, "reason": null,
    });
    json!({"pk": {"S": format!("event#{id}")}, "document": {"S": record.to_string()}})
}

/// What is found of a day, at most so many, and how many keys each call asked for.
async fn healed(day: &str, most: usize) -> (Vec<String>, bool) {
    let world = world(|call| {
        let body = &call.body;
        if call.name.ends_with("Query") {
            let values = &body["ExpressionAttributeValues"];
            let (from, to) = (values[":from"]["S"].as_str().unwrap(), values[":to"]["S"].as_str().unwrap());
            let is_asked = |(_, _, at): &&(&str, &str, &str)| from <= *at && *at <= to;
            let key = |(id, _, _): &(&str, &str, &str)| json!({"pk": {"S": format!("event#{id}")}});
            let items: Vec<Value> = HEALED_THEN.iter().rev().filter(is_asked).map(key).collect();
            return Some(json!({"Items": items}));
        }
        let keys = body["RequestItems"]["events"]["Keys"].as_array().unwrap();
        let items: Vec<Value> =
            HEALED_THEN.iter().map(stored).filter(|item| keys.contains(&json!({"pk": item["pk"]}))).collect();
        Some(json!({"Responses": {"events": items}}))
    });
    let events = Events::new(Client::new(&world.sdk), "events".to_owned());
    let day = Day::parse(day).unwrap();
    let Healed { records, more } = events.healed(Period { from: day, to: day }, most).await.unwrap();
    (records.into_iter().map(|record| record.id).collect(), more)
}

#[tokio::test]
async fn what_was_healed_is_of_the_day_it_was_healed_and_of_the_day_it_happened() {
    let told = |ids: [&str; 3]| (ids.map(str::to_owned).to_vec(), false);
    assert_eq!(healed("2026-11-19", 10).await, told(["late", "same", "early"]));
    assert_eq!(healed("2026-11-18", 10).await, (vec!["early".to_owned()], false));
    assert_eq!(healed("2026-11-20", 10).await, (vec!["after".to_owned(), "late".to_owned()], false));
    assert_eq!(healed("2026-11-21", 10).await, (vec![], false));
}

#[tokio::test]
async fn no_more_than_is_wanted_is_told_and_that_there_is_more() {
    assert_eq!(healed("2026-11-19", 2).await, (vec!["late".to_owned(), "same".to_owned()], true));
    assert!(healed("2026-11-19", 1).await.1);
}
