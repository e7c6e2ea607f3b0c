//! A sender that dies, or whose store or queue fails, at any step: every message is sent, and none twice but in the one
//! case that `shared/src/outbox` names: the provider said yes and nobody noted it.

use e2e::faults::{Faults, fault};
use e2e::messengers::{Messenger, mail_to, sms_to};
use e2e::{Deal, Form, Guest, Hook, Route, Stack, days, messengers, outbox, pulling, wait};
use serde_json::{Value, json};

const SENDER: &str = "notification-sender";

/// A form whose SMS is due, and the SMS's id.
async fn due_sms(stack: &Stack) -> (Guest, String) {
    // Whatever other tests left is sent before anything goes wrong.
    outbox::until_idle().await;
    let guest = Guest::new();
    let id = format!("{}-sms", Form::proftest(&guest).taken(stack).await);
    outbox::make_due(&id).await;
    (guest, id)
}

async fn sweep_up(guest: &Guest, id: &str, times: usize) -> Value {
    outbox::make_due(id).await;
    let swept = outbox::sweep().await;
    assert!(swept["notifications"].as_u64().unwrap() >= 1, "{swept}");
    let sent = outbox::until(id, "sent").await;
    assert_eq!(sms_to(guest).await.len(), times);
    sent
}

/// A fault that strikes the next SMS to somebody.
fn of_sms(mut fault: Value, guest: &Guest) -> Value {
    fault["count"] = 1.into();
    fault["recipient"] = guest.phone().trim_start_matches('+').into();
    fault
}

fn writes(kind: &str, count: Option<u64>) -> Value {
    let mut wanted = json!({"kind": kind, "service": "dynamodb", "function": SENDER, "action": "UpdateItem"});
    if let Some(count) = count {
        wanted["count"] = count.into();
    }
    wanted
}

#[tokio::test]
async fn a_claim_that_fails_is_followed_by_no_message_and_the_sweeper_brings_it() {
    let stack = Stack::alone().await;
    for kind in ["refuse", "unavailable", "throttle"] {
        let (guest, id) = due_sms(&stack).await;
        let faults = Faults::on(&stack, &[writes(kind, None)]).await;
        assert_eq!(outbox::attempt(&id).await, Ok(true), "{kind}: the queue brings it again");
        assert!(faults.hits().await[0] > 0, "{kind}");
        assert_eq!(sms_to(&guest).await, Vec::<Value>::new(), "{kind}");
        faults.off().await;
        let sent = sweep_up(&guest, &id, 1).await;
        assert_eq!(sent["state"], "sent");
    }
}

#[tokio::test]
async fn a_claim_or_a_note_whose_answer_is_lost_is_made_again_and_the_message_sent_once() {
    let stack = Stack::alone().await;
    let (guest, id) = due_sms(&stack).await;
    let faults = Faults::on(&stack, &[writes("lost_answer", Some(1))]).await;
    assert_eq!(outbox::attempt(&id).await, Ok(false));
    assert_eq!((faults.hits().await, sms_to(&guest).await.len()), (vec![1], 1));
    let sent = outbox::message(&id).await;
    assert_eq!((&sent["state"], &sent["attempts"]), (&json!("sent"), &json!(1)));
    faults.off().await;
    // Lost at the note: the provider takes its time, and the fault begins meanwhile.
    let (guest, id) = due_sms(&stack).await;
    let slow = Messenger::Sms.fail(&stack, &[of_sms(json!({"kind": "hang", "seconds": 2}), &guest)]).await;
    let during = async {
        outbox::until_claimed(&id, 1).await;
        Faults::on(&stack, &[writes("lost_answer", Some(1))]).await
    };
    let (tried, faults) = tokio::join!(outbox::attempt(&id), during);
    assert_eq!((tried, faults.hits().await), (Ok(false), vec![1]));
    faults.off().await;
    drop(slow);
    assert_eq!(outbox::message(&id).await["state"], "sent");
    assert_eq!(sms_to(&guest).await.len(), 1);
}

#[tokio::test]
async fn a_sender_that_dies_while_the_provider_thinks_has_sent_nothing_and_the_sweeper_brings_it() {
    let stack = Stack::alone().await;
    let (guest, id) = due_sms(&stack).await;
    let hanging = Messenger::Sms.fail(&stack, &[of_sms(json!({"kind": "hang", "seconds": 8}), &guest)]).await;
    let during = async {
        wait::until("the provider to be asked", async || (Messenger::Sms.hits().await > 0).then_some(()))
            .await;
        assert!(pulling::kill(SENDER).await > 0, "nobody was about it");
    };
    let (tried, ()) = tokio::join!(outbox::attempt(&id), during);
    assert!(tried.is_err(), "it lived: {tried:?}");
    drop(hanging);
    // While the lease of the dead runs nobody else tries.
    outbox::bring(&id).await;
    outbox::sweep().await;
    outbox::until_idle().await;
    let left = outbox::item(&id).await;
    assert_eq!((left["attempts"]["N"].as_str(), sms_to(&guest).await), (Some("1"), vec![]));
    let sent = sweep_up(&guest, &id, 1).await;
    assert_eq!(sent["attempts"], 2, "{sent}");
}

#[tokio::test]
async fn only_a_yes_that_nobody_noted_is_followed_by_a_second_message() {
    let stack = Stack::alone().await;
    // We could not note it.
    let (guest, id) = due_sms(&stack).await;
    let slow = Messenger::Sms.fail(&stack, &[of_sms(json!({"kind": "hang", "seconds": 2}), &guest)]).await;
    let during = async {
        outbox::until_claimed(&id, 1).await;
        Faults::on(&stack, &[writes("unavailable", None)]).await
    };
    let (tried, faults) = tokio::join!(outbox::attempt(&id), during);
    assert_eq!((tried, sms_to(&guest).await.len()), (Ok(true), 1));
    faults.off().await;
    drop(slow);
    assert_eq!(outbox::message(&id).await["state"], "pending");
    sweep_up(&guest, &id, 2).await;
    // Its yes did not reach us.
    let (guest, id) = due_sms(&stack).await;
    let deaf = Messenger::Sms.fail(&stack, &[of_sms(json!({"kind": "lost_answer"}), &guest)]).await;
    assert_eq!(outbox::attempt(&id).await, Ok(false));
    let tried = outbox::message(&id).await;
    assert_eq!((&tried["state"], sms_to(&guest).await.len()), (&json!("pending"), 1), "{tried}");
    drop(deaf);
    let sent = sweep_up(&guest, &id, 2).await;
    assert_eq!(sent["attempts"], 2, "{sent}");
}

#[tokio::test]
async fn what_the_queue_lost_is_found_by_the_sweeper() {
    let stack = Stack::alone().await;
    outbox::until_idle().await;
    let deaf = ["landing-submit", "amocrm-traffic"].map(|function| fault("unavailable", "sqs", function));
    let faults = Faults::on(&stack, &deaf).await;
    let guest = Guest::new();
    let lead = Form::order(&guest, "kaspi").taken(&stack).await;
    let (deal, day) = (Deal::new(), days::fresh(&stack, 1).await);
    assert_eq!(stack.hook(&Hook::won(Route::Traffic, deal, day.noon())).await.outcome(), "recorded");
    assert!(faults.hits().await.iter().all(|hits| *hits > 0));
    faults.off().await;
    let ids =
        [format!("{lead}-sms"), format!("{lead}-email"), outbox::of_sale(&stack, deal, "flagship").await];
    for id in &ids {
        outbox::make_due(id).await;
    }
    let swept = outbox::sweep().await;
    assert!(swept["notifications"].as_u64().unwrap() >= 3, "{swept}");
    for id in &ids {
        outbox::until(id, "sent").await;
    }
    let arrived = (sms_to(&guest).await.len(), mail_to(&guest).await.len());
    assert_eq!((arrived, messengers::chat_about(&deal.lead.to_string()).await.len()), ((1, 1), 1));
    // Swept again, nothing comes of it.
    outbox::sweep().await;
    outbox::until_idle().await;
    assert_eq!(sms_to(&guest).await.len(), 1);
}
