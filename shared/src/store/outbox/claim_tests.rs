use std::collections::BTreeMap;

use aws_config::BehaviorVersion;
use aws_sdk_dynamodb::config::{Credentials, Region};
use aws_sdk_dynamodb::{Client, Config};
use serde_json::{Value, json};

use super::*;
use crate::domain::notification::{Channel, Delivery, Subject};
use crate::neighbours::stand_in::{self, neighbour};
use crate::store::outbox::item;

fn now() -> DateTime<Utc> {
    "2026-11-20T10:10:00.500Z".parse().unwrap()
}

fn claim() -> Claim {
    let until = "2026-11-20T10:10:25.500Z".parse().unwrap();
    Claim { id: "018f-sms".to_owned(), ticket: "t-1".to_owned(), until }
}

fn notification() -> Notification {
    let subject = Subject::Lead("018f".to_owned());
    Notification::new(Channel::Sms, "018f", subject, "express", now(), now())
}

fn outbox(base: Option<String>) -> Outbox {
    let mut config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .credentials_provider(Credentials::new("id", "secret", None, None, "test"))
        .http_client(aws_smithy_http_client::Builder::new().build_http());
    config.set_endpoint_url(base);
    Outbox::new(Client::from_conf(config.build()), "notifications".to_owned())
}

/// What a request says, as texts that a person can compare.
fn said(request: &UpdateItemFluentBuilder) -> Value {
    let values = request.get_expression_attribute_values().clone().unwrap_or_default();
    let plain = |value: AttributeValue| match value {
        AttributeValue::S(text) | AttributeValue::N(text) => text,
        other => panic!("{other:?} is not written here"),
    };
    let values: BTreeMap<String, String> =
        values.into_iter().map(|(name, value)| (name, plain(value))).collect();
    json!({
        "table": request.get_table_name(),
        "key": request.get_key().clone().unwrap()["pk"].as_s().unwrap(),
        "update": request.get_update_expression(),
        "condition": request.get_condition_expression(),
        "names": request.get_expression_attribute_names().clone().map(BTreeMap::from_iter),
        "values": values,
        "on_failure": request.get_return_values_on_condition_check_failure().as_ref().map(|it| it.as_str()),
    })
}

#[test]
fn a_claim_is_one_conditional_write() {
    insta::assert_json_snapshot!(said(&outbox(None).claiming(&claim(), now())));
}

#[test]
fn a_note_writes_document_and_attributes_together_while_the_ticket_is_ours() {
    let later = Notification { attempts: 1, ..notification() }.after(&Delivery::later("down"), 20, now());
    insta::assert_json_snapshot!(said(&outbox(None).noting(&later, &claim()).unwrap()));
}

fn judge(item: Option<&Item>) -> Claimed {
    judged(item, claim(), now()).unwrap()
}

fn leased(notification: &Notification, ticket: &str) -> Item {
    let mut item = item(notification).unwrap();
    item.insert("ticket".to_owned(), AttributeValue::S(ticket.to_owned()));
    let until = claim().until.timestamp_millis() - 5_000;
    item.insert("lease_until".to_owned(), AttributeValue::N(until.to_string()));
    item.insert("attempts".to_owned(), AttributeValue::N("4".to_owned()));
    item
}

#[test]
fn the_item_that_refused_a_claim_says_why() {
    assert_eq!(judge(None), Claimed::Unknown);
    assert_eq!(judge(Some(&Item::new())), Claimed::Unknown);
    for state in [NotificationState::Sent, NotificationState::Failed] {
        assert_eq!(judge(Some(&item(&Notification { state, ..notification() }).unwrap())), Claimed::Over);
    }
    let due_at = now() + TimeDelta::milliseconds(1);
    let early = Notification { due_at, ..notification() };
    assert_eq!(judge(Some(&item(&early).unwrap())), Claimed::NotDue { due_at });
    assert_eq!(judge(Some(&leased(&notification(), "t-2"))), Claimed::Leased);
}

#[test]
fn a_claim_whose_answer_was_lost_is_still_ours_until_it_ends() {
    let Claimed::Ours { notification, claim: held } = judge(Some(&leased(&notification(), "t-1"))) else {
        panic!("it is ours")
    };
    assert_eq!((notification.attempts, held.until), (4, claim().until - TimeDelta::seconds(5)));
}

/// What DynamoDB answers where a condition does not hold.
fn failed(item: &Item) -> String {
    let plain = |value: &AttributeValue| match value {
        AttributeValue::S(text) => json!({"S": text}),
        AttributeValue::N(number) => json!({"N": number}),
        other => panic!("{other:?} is not written here"),
    };
    let item: BTreeMap<&String, Value> = item.iter().map(|(name, value)| (name, plain(value))).collect();
    let kind = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException";
    stand_in::json(400, &json!({"__type": kind, "message": "no", "Item": item}).to_string())
}

#[tokio::test]
async fn a_refused_claim_is_judged_from_the_refusal_alone() {
    let sent = Notification { state: NotificationState::Sent, ..notification() };
    let (base, asked) = neighbour(failed(&item(&sent).unwrap()));
    let claimed = outbox(Some(base)).claim("018f-sms", "t-1".to_owned(), TimeDelta::seconds(25), now()).await;
    assert_eq!(claimed.unwrap(), Claimed::Over);
    assert_eq!(asked.try_iter().count(), 1);
}

#[tokio::test]
async fn a_note_that_was_made_already_is_made_and_one_of_another_is_lost() {
    let sent = notification().after(&Delivery::Sent { id: None }, 0, now());
    let (base, _asked) = neighbour(failed(&item(&sent).unwrap()));
    assert_eq!(outbox(Some(base)).note(&sent, &claim()).await.unwrap(), Ok(()));
    let (base, _asked) = neighbour(failed(&leased(&notification(), "t-2")));
    assert_eq!(outbox(Some(base)).note(&sent, &claim()).await.unwrap(), Err(Lost));
}
