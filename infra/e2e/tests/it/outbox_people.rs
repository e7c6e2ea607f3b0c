//! Who sends a form gets an SMS and an e-mail: ten minutes later, each once, with what the form said.

use e2e::messengers::{SENDER, mail_to, sms_to};
use e2e::{Form, Guest, Stack, leads, outbox, pulling};
use futures::future::join_all;
use serde_json::{Value, json};

/// The ids of the messages of a lead.
fn messages(lead: &str) -> [String; 2] {
    ["sms", "email"].map(|channel| format!("{lead}-{channel}"))
}

/// Lets the ten minutes of a lead's messages pass and waits until both are sent.
async fn send(lead: &str) -> [Value; 2] {
    let [sms, email] = messages(lead);
    for id in [&sms, &email] {
        outbox::make_due(id).await;
        outbox::bring(id).await;
    }
    [outbox::until(&sms, "sent").await, outbox::until(&email, "sent").await]
}

#[tokio::test]
async fn nothing_is_sent_before_its_time_and_then_an_sms_and_an_e_mail_with_what_the_form_said() {
    let stack = Stack::for_forms().await;
    let guest = Guest::new();
    let lead = Form::proftest(&guest).with("slug", "arystan").taken(&stack).await;
    // The queue is no clock: a message that comes early goes back.
    for id in messages(&lead) {
        outbox::bring(&id).await;
    }
    outbox::until_idle().await;
    for message in leads::messages_of(&lead).await {
        assert_eq!((&message["state"], &message["attempts"]), (&json!("pending"), &json!(0)), "{message}");
    }
    let swept_too_early = outbox::item(&messages(&lead)[0]).await;
    assert_eq!(swept_too_early["attempts"]["N"], "0");
    assert_eq!((sms_to(&guest).await, mail_to(&guest).await), (vec![], vec![]));

    let [sms, email] = send(&lead).await;
    let (received, letters) = (sms_to(&guest).await, mail_to(&guest).await);
    assert_eq!((received.len(), letters.len()), (1, 1));
    let text = received[0]["text"].as_str().unwrap();
    assert!(text.contains(&guest.name) && text.contains("профтест"), "{text}");
    let body = letters[0]["BodyText"].as_str().unwrap();
    assert!(body.contains(&guest.name) && !body.contains('{'), "{body}");
    assert_eq!(letters[0]["Source"], SENDER);
    assert_eq!(sms["provider_id"], received[0]["message_id"].to_string().trim_matches('"'));
    assert_eq!(email["provider_id"], letters[0]["MessageId"]);
    for message in [sms, email] {
        assert!(outbox::time(&message["sent_at"]) >= outbox::time(&message["due_at"]), "{message}");
        assert_eq!(message.get("last_error"), None, "{message}");
    }
}

#[tokio::test]
async fn an_order_is_told_what_it_costs_and_how_it_is_paid() {
    let stack = Stack::for_forms().await;
    let guest = Guest::new();
    let lead = Form::order(&guest, "halyk").taken(&stack).await;
    send(&lead).await;
    let text = sms_to(&guest).await[0]["text"].as_str().unwrap().to_owned();
    assert!(text.contains("5 000 ₸"), "{text}");
    let letter = mail_to(&guest).await.remove(0);
    let body = letter["BodyText"].as_str().unwrap();
    assert!(body.contains("5 000 ₸") && body.contains("Halyk"), "{body}");
}

#[tokio::test]
async fn however_many_say_that_it_is_time_each_message_is_sent_once() {
    let stack = Stack::for_forms().await;
    let guest = Guest::new();
    let lead = Form::proftest(&guest).taken(&stack).await;
    for id in messages(&lead) {
        outbox::make_due(&id).await;
        join_all((0..12).map(|_| outbox::bring(&id))).await;
    }
    for id in messages(&lead) {
        outbox::until(&id, "sent").await;
        outbox::bring(&id).await;
    }
    outbox::until_idle().await;
    assert_eq!((sms_to(&guest).await.len(), mail_to(&guest).await.len()), (1, 1));
    for message in leads::messages_of(&lead).await {
        assert_eq!(message["attempts"], 1, "{message}");
    }
}

#[tokio::test]
async fn whoever_fills_in_a_form_for_a_stranger_writes_nothing_to_them_in_our_name() {
    let stack = Stack::for_forms().await;
    let guest = Guest::new();
    let advertisement = "Казино evil.example ждёт";
    let lead = Form::proftest(&guest).with("name", advertisement).taken(&stack).await;
    send(&lead).await;
    let text = sms_to(&guest).await[0]["text"].as_str().unwrap().to_owned();
    let letter = mail_to(&guest).await.remove(0);
    for text in [text.as_str(), letter["Subject"].as_str().unwrap(), letter["BodyText"].as_str().unwrap()] {
        assert!(!text.contains("evil.example"), "{text}");
    }
}

#[tokio::test]
async fn a_queue_message_of_nothing_is_a_dead_letter_with_its_reason() {
    let _stack = Stack::alone().await;
    let before = pulling::waiting("QUEUE_NOTIFICATIONS_DLQ").await.ready;
    for body in [r#"{"id": "e2e-no-such-message"}"#, "not JSON", r#"{"ids": 1}"#] {
        pulling::send("QUEUE_NOTIFICATIONS", body).await;
    }
    e2e::wait::until("three dead letters", async || {
        (pulling::waiting("QUEUE_NOTIFICATIONS_DLQ").await.ready == before + 3).then_some(())
    })
    .await;
    pulling::purge("QUEUE_NOTIFICATIONS_DLQ").await;
}
