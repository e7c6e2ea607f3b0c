use aws_sdk_sqs::Client as Sqs;
use serde_json::{Value, json};

use super::*;
use crate::domain::notification::{Channel, Notification, Subject};
use crate::outbox::stand_in::{Call, World, item, world};
use crate::store::outbox;

fn now() -> DateTime<Utc> {
    "2026-11-20T10:00:00Z".parse().unwrap()
}

/// The id of a lead that came so many seconds ago.
fn lead(seconds: u64) -> String {
    let came = u64::try_from(now().timestamp()).unwrap() - seconds;
    let timestamp = uuid::Timestamp::from_unix(uuid::NoContext, came, 0);
    Uuid::new_v7(timestamp).to_string()
}

fn pending(id: &str, seconds: i64) -> Value {
    let subject = Subject::Lead(id.to_owned());
    let due = now() - TimeDelta::seconds(seconds);
    item(&outbox::item(&Notification::new(Channel::Sms, id, subject, "express", due, due)).unwrap())
}

const OPEN: &str =
    r#"{"openings":1,"since":null,"state":"open","until":"2026-11-20T10:00:30Z","failed_probes":0}"#;

/// Answers a sweep: one message is overdue, two leads wait and one of them is due.
fn answers(call: &Call, breaker: Option<&str>) -> Option<Value> {
    let (name, body) = (call.name.as_str(), &call.body);
    let lead = |seconds| json!({"pk": {"S": format!("lead#{}", lead(seconds))}, "sk": {"S": "lead"}});
    match (name, body["IndexName"].as_str()) {
        ("DynamoDB_20120810.Query", Some("by_state")) => Some(json!({"Items": [pending("a", 70)]})),
        ("DynamoDB_20120810.Query", Some("jobs")) => {
            let asked: i64 = body["ExpressionAttributeValues"][":now"]["N"].as_str().unwrap().parse().unwrap();
            let due = vec![lead(40)];
            let all = vec![lead(40), lead(4_000)];
            Some(json!({"Items": if asked == now().timestamp_millis() { due } else { all }}))
        }
        ("DynamoDB_20120810.GetItem", _) => breaker.map(|breaker| {
            json!({"Item": {"pk": {"S": "breaker#amocrm"}, "version": {"N": "1"}, "document": {"S": breaker}}})
        }),
        _ => None,
    }
}

fn sweeper(world: &World) -> Sweeper {
    let dynamodb = aws_sdk_dynamodb::Client::new(&world.sdk);
    let queue = |name: &str| Queue::new(Sqs::new(&world.sdk), format!("{}/q/{name}", world.base));
    Sweeper {
        outbox: Outbox::new(dynamodb.clone(), "notifications".to_owned()),
        leads: Leads::new(dynamodb.clone(), "leads".to_owned()),
        breakers: Breakers::new(dynamodb, "settings".to_owned()),
        notifications: queue("notifications"),
        amocrm_writer: queue("amocrm-writer"),
    }
}

#[tokio::test]
async fn what_is_overdue_is_queued_again_at_once() {
    let world = world(|call| answers(call, None));
    let swept = sweeper(&world).sweep(now()).await.unwrap();
    let expected = Swept {
        notifications: 1,
        leads: 1,
        probes: false,
        notification_age_seconds: 70,
        lead_age_seconds: 4_000,
    };
    assert_eq!(swept, expected);
    let queued = World::queued(&world.calls());
    assert_eq!(queued[0], ("notifications".to_owned(), json!({"id": "a-sms"}), 0));
    assert_eq!((queued.len(), queued[1].0.as_str()), (2, "amocrm-writer"));
    let id = queued[1].1["lead_id"].as_str().unwrap();
    assert_eq!(oldest(&[id.to_owned()], now()), 40);
}

#[tokio::test]
async fn while_amocrm_is_not_well_one_question_goes_in_place_of_leads() {
    for breaker in [
        OPEN,
        r#"{"openings":1,"since":null,"state":"half_open","ticket":"t","until":"2026-11-20T10:00:30Z","failed_probes":0}"#,
    ] {
        let world = world(move |call| answers(call, Some(breaker)));
        let swept = sweeper(&world).sweep(now()).await.unwrap();
        assert_eq!(
            (swept.notifications, swept.leads, swept.probes, swept.lead_age_seconds),
            (1, 0, true, 4_000)
        );
        let queued = World::queued(&world.calls());
        assert_eq!(queued[1..], [("amocrm-writer".to_owned(), json!({"probe": true}), 0)]);
    }
}

#[tokio::test]
async fn leads_are_swept_though_messages_cannot_be() {
    let world = world(|call| match call.body["IndexName"].as_str() {
        Some("by_state") => Some(json!({"__type": "com.amazon#ResourceNotFoundException", "message": "no"})),
        _ => answers(call, None),
    });
    assert!(sweeper(&world).sweep(now()).await.is_err());
    let queued = World::queued(&world.calls());
    assert_eq!((queued.len(), queued[0].0.as_str()), (1, "amocrm-writer"));
}

#[test]
fn an_id_that_tells_no_time_has_no_age() {
    assert_eq!(oldest(&["x".to_owned(), lead(9)], now()), 9);
    assert_eq!(oldest(&[], now()), 0);
}
