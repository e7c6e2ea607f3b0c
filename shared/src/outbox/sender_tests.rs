use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::*;
use crate::domain::incident::{Incident, Level, News};
use crate::domain::lead::Lead;
use crate::domain::message::Mail;
use crate::domain::notification::Subject;
use crate::edge::clock;
use crate::neighbours::email::Ses;
use crate::neighbours::sms::{self, Mobizon};
use crate::neighbours::telegram::{self, Telegram};
use crate::outbox::channels::{Kept, LONGEST_CALL};
use crate::outbox::compose::Letter;
use crate::outbox::stand_in::{Call, World, item, world};
use crate::store::chat_moves::ChatMoves;
use crate::store::incidents::{self, Incidents};
use crate::store::leads::{self, Leads};
use crate::store::outbox;
use crate::store::raw::RawHooks;
use crate::store::rules::RuleBooks;
use crate::store::sales::Sales;
use crate::store::secrets::Secret;
use crate::store::settings::Settings;

fn sender(world: &World) -> Sender {
    let dynamodb = aws_sdk_dynamodb::Client::new(&world.sdk);
    let secrets = aws_sdk_secretsmanager::Client::new(&world.sdk);
    let secret = |name: &str| Secret::new(secrets.clone(), name.to_owned());
    let writer = Writer {
        leads: Leads::new(dynamodb.clone(), "leads".to_owned()),
        sales: Sales::new(dynamodb.clone(), "sales".to_owned()),
        incidents: Incidents::new(dynamodb.clone(), "counters".to_owned()),
        outbox: Outbox::new(dynamodb.clone(), "notifications".to_owned()),
        raws: RawHooks::new(dynamodb.clone(), "events".to_owned()),
        settings: Settings::new(dynamodb.clone(), "settings".to_owned()),
        rules: RuleBooks::new(dynamodb.clone(), "settings".to_owned()),
    };
    let channels = Channels {
        telegram: Telegram::new(World::http(), &format!("{}/telegram", world.base)),
        telegram_secret: Kept::new(secret("telegram"), telegram::Credentials::parse),
        moves: ChatMoves::new(dynamodb.clone(), "settings".to_owned()),
        sms: Mobizon::new(World::http(), &format!("{}/sms", world.base)),
        sms_secret: Kept::new(secret("sms"), sms::Credentials::parse),
        email: Ses::new(&world.sdk, "school@example.com".to_owned(), LONGEST_CALL),
    };
    let queue = Queue::new(aws_sdk_sqs::Client::new(&world.sdk), format!("{}/q/notifications", world.base));
    Sender { outbox: Outbox::new(dynamodb, "notifications".to_owned()), writer, channels, queue }
}

fn lead() -> Lead {
    let lead = json!({
        "id": "018f", "form": "proftest", "name": "Айгүл", "phone": "+77773886880", "email": "a@b.kz",
        "source_campaign": "proftest_a", "readings": [], "team": null, "received_at": "2026-11-20T10:00:00Z",
        "day": "2026-11-20", "status": "waiting", "version": 1,
    });
    serde_json::from_value(lead).unwrap()
}

fn notification(channel: Channel, due_at: DateTime<Utc>) -> Notification {
    let subject = Subject::Lead("018f".to_owned());
    Notification::new(channel, "018f", subject, "proftest_a", due_at, due_at)
}

/// A message about a lead that is due, everything stored, and a Mobizon that answers this.
fn stored(call: &Call, mobizon: &Value) -> Option<Value> {
    let key = call.body["Key"]["pk"]["S"].as_str().unwrap_or_default();
    match call.name.as_str() {
        "DynamoDB_20120810.UpdateItem" if call.body["UpdateExpression"].as_str()?.contains("ADD") => {
            let mut claimed = item(&outbox::item(&notification(Channel::Sms, clock::now())).unwrap());
            claimed["attempts"] = json!({"N": "1"});
            Some(json!({"Attributes": claimed}))
        }
        "DynamoDB_20120810.GetItem" if key == "lead#018f" => {
            Some(json!({"Item": item(&leads::item(&lead(), None).unwrap())}))
        }
        "secretsmanager.GetSecretValue" => Some(json!({"SecretString": r#"{"api_key":"k"}"#})),
        name if name.starts_with("/sms/") => Some(mobizon.clone()),
        _ => None,
    }
}

fn tried(state: NotificationState, needs_person: bool) -> Done {
    Done::Tried(Channel::Sms, Tried { state, needs_person })
}

fn names(calls: &[Call]) -> Vec<&str> {
    calls.iter().map(|call| call.name.split(['?', '.']).next_back().unwrap()).collect()
}

/// The document that was noted last.
fn noted(calls: &[Call]) -> Value {
    let mut notes =
        calls.iter().filter_map(|call| call.body["ExpressionAttributeValues"][":document"]["S"].as_str());
    serde_json::from_str(notes.next_back().expect("a note")).unwrap()
}

#[tokio::test]
async fn a_message_is_claimed_then_sent_once_then_noted() {
    let taken = json!({"code": 0, "data": {"messageId": "153"}});
    let world = world(move |call| stored(call, &taken));
    let done = sender(&world).send("018f-sms").await.unwrap();
    assert_eq!(done, tried(NotificationState::Sent, false));
    let calls = world.calls();
    let sms = "apiKey=k&output=json&api=v1";
    assert_eq!(
        names(&calls),
        ["UpdateItem", "GetItem", "BatchGetItem", "GetItem", "GetSecretValue", sms, "UpdateItem"]
    );
    assert_eq!(calls[5].body["recipient"], "77773886880");
    assert!(calls[5].body["text"].as_str().unwrap().starts_with("Айгүл, здравствуйте!"));
    let ticket = |call: &Call| call.body["ExpressionAttributeValues"][":ticket"].clone();
    assert_eq!(ticket(&calls[0]), ticket(&calls[6]));
    let noted = noted(&calls);
    assert_eq!(
        (&noted["state"], &noted["provider_id"], &noted["attempts"]),
        (&json!("sent"), &json!("153"), &json!(1))
    );
}

#[tokio::test]
async fn what_is_taken_later_comes_again_with_a_delay_and_nothing_of_the_person_is_noted() {
    let busy = json!({"code": 99, "data": []});
    let world = world(move |call| stored(call, &busy));
    let done = sender(&world).send("018f-sms").await.unwrap();
    assert_eq!(done, tried(NotificationState::Pending, false));
    let calls = world.calls();
    let noted = noted(&calls);
    assert_eq!(noted["last_error"], "Mobizon answered code 99");
    assert!(!noted.to_string().contains("7777") && !noted.to_string().contains("Айгүл"), "{noted}");
    let queued = World::queued(&calls);
    assert_eq!((&queued[0].0, &queued[0].1), (&"notifications".to_owned(), &json!({"id": "018f-sms"})));
    assert!((24..=36).contains(&queued[0].2), "{}", queued[0].2);
}

#[tokio::test]
async fn a_missing_secret_says_what_to_do() {
    let world = world(|call| match call.name.as_str() {
        "secretsmanager.GetSecretValue" => {
            Some(json!({"__type": "ResourceNotFoundException", "message": "none"}))
        }
        _ => stored(call, &Value::Null),
    });
    let done = sender(&world).send("018f-sms").await.unwrap();
    assert_eq!(done, tried(NotificationState::Failed, true));
    let expected = "no SMS account is configured: store {\"api_key\"} in the secret sms";
    assert_eq!(noted(&world.calls())["last_error"], expected);
}

#[tokio::test]
async fn what_cannot_be_noted_is_an_error_and_the_claim_ends_by_itself() {
    let taken = json!({"code": 0, "data": {"messageId": "153"}});
    let world = world(move |call| {
        let is_note = call.body["UpdateExpression"].as_str().is_some_and(|update| update.contains("REMOVE"));
        let refusal = json!({"__type": "com.amazon#ResourceNotFoundException", "message": "no"});
        if is_note { Some(refusal) } else { stored(call, &taken) }
    });
    assert!(sender(&world).send("018f-sms").await.is_err());
    assert!(World::queued(&world.calls()).is_empty());
}

/// What a sender does that finds the row like this.
async fn found(row: Option<Notification>, lease: bool) -> (Done, Vec<Call>) {
    let world = world(move |call| {
        let mut refusal =
            json!({"__type": "com.amazonaws.dynamodb#ConditionalCheckFailedException", "message": "no"});
        if let Some(row) = &row {
            refusal["Item"] = item(&outbox::item(row).unwrap());
        }
        if lease {
            refusal["Item"]["ticket"] = json!({"S": "another"});
        }
        (call.name == "DynamoDB_20120810.UpdateItem").then_some(refusal)
    });
    let done = sender(&world).send("018f-sms").await.unwrap();
    (done, world.calls())
}

#[tokio::test]
async fn what_is_not_to_be_sent_now_is_left_alone() {
    let now = clock::now();
    let sent = Notification { state: NotificationState::Sent, ..notification(Channel::Sms, now) };
    for (row, lease, expected) in [
        (Some(sent), false, Done::Nothing),
        (Some(notification(Channel::Sms, now)), true, Done::Nothing),
        (None, false, Done::Unknown),
    ] {
        let (done, calls) = found(row, lease).await;
        assert_eq!((done, names(&calls)), (expected, vec!["UpdateItem"]));
    }
}

#[tokio::test]
async fn what_is_not_due_goes_back_for_the_time_that_is_left() {
    let early = notification(Channel::Sms, clock::now() + TimeDelta::minutes(10));
    let (done, calls) = found(Some(early), false).await;
    assert_eq!(done, Done::Nothing);
    let queued = World::queued(&calls);
    assert!((590..=600).contains(&queued[0].2), "{}", queued[0].2);
    let far = notification(Channel::Sms, clock::now() + TimeDelta::days(2));
    let (_, calls) = found(Some(far), false).await;
    assert_eq!(World::queued(&calls)[0].2, 900);
}

#[tokio::test]
async fn a_group_that_has_moved_is_written_to_at_its_new_place_and_kept() {
    let world = world(|call| match call.name.as_str() {
        "secretsmanager.GetSecretValue" => {
            Some(json!({"SecretString": r#"{"bot_token":"7:A","chat_id":-4}"#}))
        }
        "/telegram/bot7:A/sendMessage" if call.body["chat_id"] == -4 => Some(
            json!({"ok": false, "error_code": 400, "description": "", "parameters": {"migrate_to_chat_id": -1009}}),
        ),
        "/telegram/bot7:A/sendMessage" => Some(json!({"ok": true, "result": {"message_id": 5}})),
        _ => None,
    });
    let letter = Letter::Telegram("a".to_owned());
    let sent = sender(&world).channels.send(&letter, clock::now() + TimeDelta::seconds(25)).await.unwrap();
    assert_eq!(sent, Delivery::Sent { id: Some("5".to_owned()) });
    let calls = world.calls();
    let path = "/telegram/bot7:A/sendMessage";
    assert_eq!(names(&calls), ["GetSecretValue", "GetItem", path, "PutItem", path]);
    assert_eq!(calls[3].body["Item"]["document"]["S"], r#"{"to":"-1009"}"#);
    assert_eq!(calls[4].body["chat_id"], -1009);
}

#[tokio::test]
async fn no_provider_is_called_who_might_answer_after_the_lease() {
    let world = world(|call| match call.name.as_str() {
        "secretsmanager.GetSecretValue" => {
            Some(json!({"SecretString": r#"{"bot_token":"7:A","chat_id":-4,"api_key":"k"}"#}))
        }
        _ => None,
    });
    let channels = sender(&world).channels;
    let mail = Mail { subject: "a".to_owned(), text: "b".to_owned() };
    let letters = [
        (Letter::Telegram("a".to_owned()), vec!["GetSecretValue", "GetItem"]),
        (Letter::Sms(lead().phone, "a".to_owned()), vec!["GetSecretValue"]),
        (Letter::Email(lead().email, mail), vec![]),
    ];
    for (letter, read) in letters {
        let sent = channels.send(&letter, clock::now() + TimeDelta::seconds(11)).await;
        assert!(matches!(sent, Err(StoreError::OutOfTime { .. })), "{sent:?}");
        assert_eq!(names(&world.calls()), read, "what is read takes time, so the time is looked at after it");
    }
}

/// What a sender does with news of an incident that was over before it, where the message of its beginning is in this state,
/// and the document that it notes.
async fn told_late(news: News, beginning: NotificationState) -> (Done, Value, Vec<Call>) {
    let at: DateTime<Utc> = "2026-11-20T05:00:00Z".parse().unwrap();
    let incident: Incident = serde_json::from_value(json!({
        "kind": "breaker", "subject": "amocrm", "since": at, "opened_at": at, "last_seen_at": at, "ended_at": at,
        "level": "trouble", "message": "m", "what_to_do": "w",
        "told": [{"news": {"is": "trouble"}, "at": at}, {"news": "ended", "at": at}],
    }))
    .unwrap();
    let of = |news: News| {
        let subject = Subject::Incident { id: "breaker:amocrm".to_owned(), opened_at: at, news };
        let id = incidents::message_id(&incident, news);
        Notification { id, ..Notification::new(Channel::Telegram, "", subject, "alerts", at, at) }
    };
    // So it is not given up for its age.
    let claimed = Notification { resent_at: Some(clock::now()), ..of(news) };
    let begun = Notification { state: beginning, ..of(News::Is(Level::Trouble)) };
    let kept = incident.clone();
    let world = world(move |call| {
        let key = call.body["Key"]["pk"]["S"].as_str().unwrap_or_default();
        match call.name.as_str() {
            "DynamoDB_20120810.UpdateItem" if call.body["UpdateExpression"].as_str()?.contains("ADD") => {
                Some(json!({"Attributes": item(&outbox::item(&claimed).unwrap())}))
            }
            "DynamoDB_20120810.GetItem" if key == "incidents#2026-11" => {
                Some(json!({"Item": {"document": {"S": json!(kept).to_string()}}}))
            }
            "DynamoDB_20120810.GetItem" if key == begun.id => {
                Some(json!({"Item": item(&outbox::item(&begun).unwrap())}))
            }
            _ => None,
        }
    });
    let done = sender(&world).send("an incident's").await.unwrap();
    let calls = world.calls();
    (done, noted(&calls), calls)
}

#[tokio::test]
async fn what_fell_off_and_is_over_is_told_neither_then_nor_in_the_wrong_order() {
    let of = |state| Done::Tried(Channel::Telegram, Tried { state, needs_person: false });
    for (news, beginning, state, reason) in [
        (
            News::Is(Level::Trouble),
            NotificationState::Pending,
            NotificationState::Failed,
            "it was over before it could be told",
        ),
        (
            News::Ended,
            NotificationState::Failed,
            NotificationState::Failed,
            "nobody was told that it had begun",
        ),
        (
            News::Ended,
            NotificationState::Pending,
            NotificationState::Pending,
            "what was told before it is still on its way",
        ),
    ] {
        let (done, noted, calls) = told_late(news, beginning).await;
        assert_eq!((done, &noted["last_error"]), (of(state), &json!(reason)));
        assert!(!names(&calls).contains(&"GetSecretValue"), "nothing is sent: {calls:?}");
    }
}
