use aws_sdk_dynamodb::Client;
use serde_json::{Value, json};

use super::super::LeadTables;
use super::*;
use crate::domain::lead::LeadMoved;
use crate::domain::sample_leads::{lead, of_team, with_utm};
use crate::outbox::stand_in::{World, world};

fn book(answer: Value) -> (World, LeadBook) {
    let world = world(move |_| Some(answer.clone()));
    let tables = LeadTables {
        leads: "leads".to_owned(),
        counters: "counters".to_owned(),
        notifications: "notifications".to_owned(),
    };
    let book = LeadBook::new(Client::new(&world.sdk), tables);
    (world, book)
}

fn kenesarys() -> Lead {
    of_team(with_utm(lead("l-1", "proftest"), "tripwire_9"), "kenesary")
}

fn moved(team: &str) -> Lead {
    let moved = LeadMoved { job_id: "job".to_owned(), from: 0, team: kenesarys().team, earlier: vec![] };
    Lead { rules: 3, moved: Some(moved), ..of_team(kenesarys(), team) }
}

/// What is written, lead and counters, each counter as its partition with what is added to it.
async fn written(next: &Lead) -> (Value, Vec<(String, i64)>) {
    let (world, book) = book(json!({}));
    assert_eq!(book.restate(&kenesarys(), next).await.unwrap(), Ok(()));
    let [call] = &world.calls()[..] else { panic!("not one transaction") };
    let writes = call.body["TransactItems"].as_array().unwrap();
    let (lead, counters) = writes.split_first().unwrap();
    let added = |write: &Value| {
        let update = &write["Update"];
        let values = update["ExpressionAttributeValues"].as_object().unwrap();
        let numbers: Vec<i64> = values
            .values()
            .filter_map(|value| value["N"].as_str()?.parse().ok())
            .filter(|n: &i64| n.abs() == 1)
            .collect();
        let [number] = numbers[..] else { panic!("{update}") };
        (update["Key"]["pk"]["S"].as_str().unwrap().to_owned(), number)
    };
    let mut counters: Vec<(String, i64)> = counters.iter().map(added).collect();
    counters.sort();
    (lead["Update"].clone(), counters)
}

#[tokio::test]
async fn a_lead_is_another_teams_and_counted_there_in_one_transaction() {
    let (update, counters) = written(&moved("muha")).await;
    assert_eq!(update["ConditionExpression"], "version = :read");
    let values = &update["ExpressionAttributeValues"];
    assert_eq!((&values[":read"], &values[":next"]), (&json!({"N": "1"}), &json!({"N": "2"})));
    assert_eq!(values[":team_key"], json!({"S": "muha"}));
    let stored: Lead = serde_json::from_str(values[":document"]["S"].as_str().unwrap()).unwrap();
    assert_eq!(stored, Lead { version: 2, ..moved("muha") });
    let expected = [
        ("leads#kenesary", -1),
        ("leads#muha", 1),
        ("sale_date#kenesary", -1),
        ("sale_date#muha", 1),
        ("utm#sale_date#kenesary", -1),
        ("utm#sale_date#muha", 1),
    ];
    assert_eq!(counters, expected.map(|(key, n)| (key.to_owned(), n)));
}

#[tokio::test]
async fn what_is_only_noted_counts_nothing_anew() {
    assert_eq!(written(&moved("kenesary")).await.1, []);
}

#[tokio::test]
async fn who_has_read_an_older_lead_writes_nothing() {
    let reasons = json!([{"Code": "ConditionalCheckFailed"}, {"Code": "None"}]);
    let refusal =
        json!({"__type": "TransactionCanceledException", "Message": "no", "CancellationReasons": reasons});
    let (world, book) = book(refusal);
    assert_eq!(book.restate(&kenesarys(), &moved("muha")).await.unwrap(), Err(Outdated));
    assert_eq!(world.calls().len(), 1);
}
