use serde_json::{Value, json};

use super::*;
use crate::outbox::stand_in::{World, world};

fn message(number: usize) -> Value {
    json!({
        "MessageId": format!("m{number}"), "ReceiptHandle": format!("r{number}"), "Body": "x", "MD5OfBody": "9dd4e461268c8034f5c8564e155c67a6",
        "Attributes": {"SentTimestamp": "1795150800000", "ApproximateReceiveCount": "21"},
        "MessageAttributes": {"reason": {"StringValue": "not a hook", "DataType": "String"}},
    })
}

/// A queue that hands out so many messages, ten at a time, and what it was asked.
fn queue(messages: usize) -> (World, DeadQueue) {
    let mut handed_out = 0;
    let world = world(move |call| match call.name.as_str() {
        "AmazonSQS.ReceiveMessage" => {
            let most = usize::try_from(call.body["MaxNumberOfMessages"].as_u64().unwrap()).unwrap();
            let some = handed_out..messages.min(handed_out + most);
            handed_out = some.end;
            Some(json!({"Messages": some.map(message).collect::<Vec<_>>()}))
        }
        "AmazonSQS.GetQueueAttributes" => Some(json!({"Attributes": {
            "ApproximateNumberOfMessages": "12", "ApproximateNumberOfMessagesNotVisible": "3",
        }})),
        "AmazonSQS.SendMessage" => {
            Some(json!({"MessageId": "new", "MD5OfMessageBody": "9dd4e461268c8034f5c8564e155c67a6"}))
        }
        _ => None,
    });
    let queue = DeadQueue::new(Client::new(&world.sdk), format!("{}/0/dead", world.base));
    (world, queue)
}

fn names(world: &World) -> Vec<String> {
    world.calls().into_iter().map(|call| call.name.trim_start_matches("AmazonSQS.").to_owned()).collect()
}

#[tokio::test]
async fn a_look_shows_messages_with_their_reason_and_hands_all_of_them_back() {
    let (world, queue) = queue(23);
    let letters = queue.look(23, 500).await.unwrap();
    assert_eq!(letters.len(), 23);
    let first = &letters[0];
    assert_eq!(
        (first.id.as_str(), first.reason.as_deref(), first.receives),
        ("m0", Some("not a hook"), Some(21))
    );
    assert_eq!(first.sent_at.unwrap().timestamp(), 1_795_150_800);
    let names = names(&world);
    let count = |of: &str| names.iter().filter(|name| *name == of).count();
    assert_eq!((count("ReceiveMessage"), count("ChangeMessageVisibility")), (3, 23));
}

#[tokio::test]
async fn a_look_ends_when_enough_was_seen_or_nothing_more_comes() {
    let (_world, full) = queue(23);
    assert_eq!(full.look(23, 7).await.unwrap().len(), 7);
    let (_world, short) = queue(5);
    assert_eq!(short.look(9, 500).await.unwrap().len(), 5, "the count is only about right");
    let (world, empty) = queue(5);
    assert!(empty.look(0, 500).await.unwrap().is_empty());
    assert!(names(&world).is_empty(), "an empty queue is not polled");
}

#[tokio::test]
async fn what_is_being_looked_at_counts_as_waiting() {
    assert_eq!(queue(0).1.waiting().await.unwrap(), 15);
}

#[tokio::test]
async fn a_message_is_deleted_only_after_it_was_sent() {
    let (world, queue) = queue(1);
    let letter = queue.take(1).await.unwrap().remove(0);
    queue.send_again(&letter, "http://x/0/source").await.unwrap();
    assert_eq!(names(&world), ["ReceiveMessage", "SendMessage", "DeleteMessage"]);
}
