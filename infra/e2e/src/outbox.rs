//! Messages on their way, read and moved past the functions. What takes minutes is not waited for: a test makes a message
//! due, ends a dead sender's lease, and sweeps itself.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::env::env;
use crate::hook::Deal;
use crate::pulling::waiting;
use crate::sandbox::control;
use crate::stack::Stack;
use crate::{aws, clock, events, leads, pulling, wait};

/// A message, which has to be there.
pub async fn message(id: &str) -> Value {
    leads::message(id).await.unwrap_or_else(|| panic!("there is no message {id}"))
}

/// Waits until a message is in this state, and returns it.
pub async fn until(id: &str, state: &str) -> Value {
    wait::until(&format!("message {id} to be {state}"), async || {
        Some(message(id).await).filter(|message| message["state"] == state)
    })
    .await
}

/// Waits until so many attempts to send a message have ended, and returns it.
pub async fn until_tried(id: &str, attempts: u64) -> Value {
    wait::until(&format!("attempt {attempts} of message {id} to end"), async || {
        let item = item(id).await;
        let is_over = item.get("lease_until").is_none() && attempts_at(&item) == attempts;
        is_over.then(|| events::document(&item))
    })
    .await
}

/// Waits until so many attempts to send a message have begun.
pub async fn until_claimed(id: &str, attempts: u64) {
    wait::until(&format!("attempt {attempts} of message {id} to begin"), async || {
        (attempts_at(&item(id).await) == attempts).then_some(())
    })
    .await;
}

fn attempts_at(item: &Value) -> u64 {
    item["attempts"]["N"].as_str().expect("a count").parse().expect("a whole number")
}

/// The id of the message that tells of a sale.
pub async fn of_sale(stack: &Stack, deal: Deal, product: &str) -> String {
    let page = stack.until_sold(deal, product).await;
    let mut ids = vec![];
    for event in page["events"].as_array().expect("events") {
        let id = format!("{}-telegram", event["event_id"].as_str().expect("an id"));
        ids.extend(leads::message(&id).await.map(|_| id));
    }
    assert_eq!(ids.len(), 1, "messages of {}: {ids:?}", deal.sale(product));
    ids.remove(0)
}

/// Makes a message due, long enough ago for the sweeper; whoever was about it is dead.
pub async fn make_due(id: &str) {
    let mut item = item(id).await;
    let mut document = events::document(&item);
    let due = (clock::now() - TimeDelta::seconds(5)).to_rfc3339_opts(SecondsFormat::Millis, true);
    document["due_at"] = due.as_str().into();
    item["due_key"] = json!({"S": format!("{due}#{id}")});
    item["document"] = json!({"S": document.to_string()});
    for attribute in ["lease_until", "ticket"] {
        item.as_object_mut().expect("an item").remove(attribute);
    }
    aws::dynamodb("PutItem", &json!({"TableName": env().get("TABLE_NOTIFICATIONS"), "Item": item})).await;
}

/// Has a message sent by a message of the queue, as when its delay has passed.
pub async fn bring(id: &str) {
    pulling::send("QUEUE_NOTIFICATIONS", &json!({ "id": id }).to_string()).await;
}

/// Has the sender try a message at once, past the queue. Whether the queue would have to bring it again, or what the
/// function died of.
pub async fn attempt(id: &str) -> Result<bool, Value> {
    aws::invoke_with_message("notification-sender", &json!({ "id": id })).await
}

/// Sweeps once, as the schedule does every minute, and returns what the sweeper tells.
pub async fn sweep() -> Value {
    aws::invoke("outbox-sweeper", &json!({})).await.expect("a sweep")
}

/// Waits until everything that can be sent now was tried.
pub async fn until_idle() {
    wait::until("the queue of messages to be worked off", async || {
        let waiting = waiting("QUEUE_NOTIFICATIONS").await;
        (waiting.ready + waiting.taken == 0).then_some(())
    })
    .await;
}

/// Forgets that a chat has moved, here and at the sandbox's Telegram.
pub async fn forget_move(chat: i64) {
    let pk = format!("telegram#migrated#{}", hex::encode(Sha256::digest(chat.to_string())));
    let key = json!({"TableName": env().get("TABLE_SETTINGS"), "Key": {"pk": {"S": pk}}});
    aws::dynamodb("DeleteItem", &key).await;
    control("DELETE", "/control/telegram/settings", None).await;
}

/// A time that a message holds.
pub fn time(value: &Value) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(value.as_str().expect("a time")).expect("RFC 3339").to_utc()
}

/// A message as it is stored, with what its document does not hold.
pub async fn item(id: &str) -> Value {
    let input = json!({
        "TableName": env().get("TABLE_NOTIFICATIONS"), "Key": {"pk": {"S": id}}, "ConsistentRead": true,
    });
    let found = aws::dynamodb("GetItem", &input).await.get_mut("Item").map(Value::take);
    found.unwrap_or_else(|| panic!("there is no message {id}"))
}
