//! What the messengers say no to: for ever, and the reason is kept; for now, and the message comes later.

use chrono::TimeDelta;
use e2e::faults::{Faults, fault};
use e2e::messengers::{Messenger, chat_about, mail_to, sms_to};
use e2e::{Deal, Form, Guest, Hook, Route, Stack, aws, clock, days, env::env, outbox};
use serde_json::{Value, json};

/// Has somebody's order be followed by a message now; its id.
async fn due(stack: &Stack, guest: &Guest, channel: &str) -> String {
    let id = format!("{}-{channel}", Form::order(guest, "kaspi").taken(stack).await);
    outbox::make_due(&id).await;
    outbox::bring(&id).await;
    id
}

/// A fault that strikes the next SMS to somebody.
fn once(mut fault: Value, guest: &Guest) -> Value {
    fault["count"] = 1.into();
    fault["recipient"] = guest.phone().trim_start_matches('+').into();
    fault
}

async fn sold(stack: &Stack) -> (Deal, String) {
    let (deal, day) = (Deal::new(), days::fresh(stack, 1).await);
    assert_eq!(stack.hook(&Hook::won(Route::Traffic, deal, day.noon())).await.outcome(), "recorded");
    (deal, outbox::of_sale(stack, deal, "flagship").await)
}

/// Not before `least`, and with some spread not much later.
fn assert_put_off(
    message: &Value,
    from: chrono::DateTime<chrono::Utc>,
    least: TimeDelta,
    longest: TimeDelta,
) {
    let due = outbox::time(&message["due_at"]);
    assert!(due >= from + least && due <= clock::now() + longest, "{message}");
    assert_eq!(message["state"], "pending");
    assert!(message["last_error"].as_str().is_some_and(|error| !error.is_empty()), "{message}");
}

#[tokio::test]
async fn what_mobizon_will_never_take_has_failed_and_what_it_takes_later_comes_later() {
    let stack = Stack::alone().await;
    let guest = Guest::new();
    let bad = Messenger::Sms.fail(&stack, &[once(json!({"kind": "bad_number"}), &guest)]).await;
    let id = due(&stack, &guest, "sms").await;
    let failed = outbox::until(&id, "failed").await;
    let reason = failed["last_error"].as_str().unwrap();
    assert!(reason.contains("number") && !reason.contains(guest.last_ten()), "{reason}");
    assert_eq!(sms_to(&guest).await, Vec::<Value>::new());
    drop(bad);
    for (fault, word) in [
        (json!({"kind": "no_money"}), "balance"),
        (json!({"kind": "bad_key"}), "api_key"),
        (json!({"kind": "later"}), "99"),
        (json!({"kind": "later", "status": 503}), "503"),
        (json!({"kind": "html"}), "502"),
        (json!({"kind": "hang_up"}), "broke off"),
    ] {
        let guest = Guest::new();
        let failing = Messenger::Sms.fail(&stack, &[once(fault.clone(), &guest)]).await;
        let before = clock::now();
        let id = due(&stack, &guest, "sms").await;
        let tried = outbox::until_tried(&id, 1).await;
        // Half a minute, a fifth more or less.
        assert_put_off(&tried, before, TimeDelta::seconds(24), TimeDelta::seconds(36));
        assert!(tried["last_error"].as_str().unwrap().contains(word), "{fault}: {tried}");
        drop(failing);
        outbox::make_due(&id).await;
        outbox::bring(&id).await;
        let sent = outbox::until(&id, "sent").await;
        assert_eq!((sent["attempts"].as_u64(), sms_to(&guest).await.len()), (Some(2), 1), "{fault}");
        assert_eq!(sent.get("last_error"), None, "{sent}");
    }
}

#[tokio::test]
async fn letters_that_ses_does_not_take_for_now_come_later() {
    let stack = Stack::alone().await;
    outbox::until_idle().await;
    for kind in ["throttle", "unavailable", "refuse"] {
        let faults = Faults::on(&stack, &[fault(kind, "ses", "notification-sender")]).await;
        let before = clock::now();
        let guest = Guest::new();
        let id = due(&stack, &guest, "email").await;
        let tried = outbox::until_tried(&id, 1).await;
        assert_put_off(&tried, before, TimeDelta::seconds(24), TimeDelta::seconds(36));
        assert_eq!(mail_to(&guest).await, Vec::<Value>::new());
        faults.off().await;
        outbox::make_due(&id).await;
        outbox::bring(&id).await;
        outbox::until(&id, "sent").await;
        assert_eq!(mail_to(&guest).await.len(), 1, "{kind}");
    }
}

#[tokio::test]
async fn telegram_is_left_alone_for_as_long_as_it_says() {
    let stack = Stack::alone().await;
    outbox::until_idle().await;
    let busy =
        Messenger::Telegram.fail(&stack, &[json!({"kind": "too_many", "retry_after": 2, "count": 1})]).await;
    let before = clock::now();
    let (deal, id) = sold(&stack).await;
    // Nobody hurries it: it comes by the queue's own delay.
    let sent = outbox::until(&id, "sent").await;
    assert_eq!(sent["attempts"], 2, "{sent}");
    assert!(outbox::time(&sent["sent_at"]) >= before + TimeDelta::seconds(2), "{sent}");
    assert_eq!(chat_about(&deal.lead.to_string()).await.len(), 1);
    drop(busy);
    let busy = Messenger::Telegram
        .fail(&stack, &[json!({"kind": "too_many", "retry_after": 600, "count": 1})])
        .await;
    let before = clock::now();
    let (_, id) = sold(&stack).await;
    let tried = outbox::until_tried(&id, 1).await;
    assert_put_off(&tried, before, TimeDelta::seconds(600), TimeDelta::seconds(720));
    drop(busy);
}

#[tokio::test]
async fn a_chat_that_does_not_want_the_bot_is_a_failure_with_the_reason() {
    let stack = Stack::alone().await;
    outbox::until_idle().await;
    for (kind, word) in [("blocked", "blocked"), ("kicked", "removed"), ("chat_not_found", "chat_id")] {
        let failing = Messenger::Telegram.fail(&stack, &[json!({"kind": kind, "count": 1})]).await;
        let (deal, id) = sold(&stack).await;
        let failed = outbox::until(&id, "failed").await;
        assert!(failed["last_error"].as_str().unwrap().contains(word), "{failed}");
        assert_eq!(failed["attempts"], 1);
        assert_eq!(chat_about(&deal.lead.to_string()).await, Vec::<Value>::new());
        drop(failing);
    }
}

#[tokio::test]
async fn a_group_that_has_moved_is_written_to_where_it_is_now() {
    let stack = Stack::alone().await;
    outbox::until_idle().await;
    let chat = aws::secret(env().get("SECRET_TELEGRAM")).await["chat_id"].clone();
    let chat = chat.as_i64().unwrap_or_else(|| chat.as_str().expect("a chat").parse().expect("a number"));
    let new = -1_009_990_000_000 - fastrand::i64(0..100_000);
    outbox::forget_move(chat).await;
    let moving =
        Messenger::Telegram.fail(&stack, &[json!({"kind": "migrated", "to": new, "chat_id": chat})]).await;
    let (deal, id) = sold(&stack).await;
    outbox::until(&id, "sent").await;
    let messages = chat_about(&deal.lead.to_string()).await;
    assert_eq!((messages.len(), &messages[0]["chat_id"]), (1, &json!(new)));
    // The old one is not asked again.
    Messenger::Telegram.forget().await;
    let (deal, id) = sold(&stack).await;
    let sent = outbox::until(&id, "sent").await;
    assert_eq!(sent["attempts"], 1);
    assert_eq!(chat_about(&deal.lead.to_string()).await[0]["chat_id"], new);
    let asked = Messenger::Telegram.requests().await;
    assert!(asked.iter().all(|request| request["chat_id"] == new.to_string().as_str()), "{asked:?}");
    drop(moving);
    outbox::forget_move(chat).await;
}
