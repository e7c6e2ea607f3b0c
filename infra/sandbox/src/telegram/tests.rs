//! Telegram as a caller sees it.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{Telegram, router};
use crate::serve::HangUp;

const TOKEN: &str = "7000000001:AAsandbox-bot-token-of-no-real-bot";
const CHAT: i64 = -1_001_234_567_890;

fn telegram() -> Router {
    router(Arc::new(Telegram::new(Arc::new(|| "2026-11-20T05:00:00Z".parse().unwrap())).unwrap()))
}

/// Status and body; status 0 for a connection that was closed.
async fn call(telegram: &Router, method: &str, path: &str, body: Value) -> (u16, Value) {
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    answer(telegram, request.body(body).unwrap()).await
}

async fn answer(telegram: &Router, request: Request<Body>) -> (u16, Value) {
    let response = telegram.clone().oneshot(request).await.unwrap();
    if response.extensions().get::<HangUp>().is_some() {
        return (0, Value::Null);
    }
    let status = response.status().as_u16();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

async fn send(telegram: &Router, body: Value) -> (u16, Value) {
    call(telegram, "POST", &format!("/telegram/bot{TOKEN}/sendMessage"), body).await
}

async fn strike(telegram: &Router, faults: Value) {
    let (status, said) = call(telegram, "PUT", "/control/telegram/faults", json!({ "faults": faults })).await;
    assert_eq!(status, 204, "{said}");
}

async fn record(telegram: &Router) -> Value {
    call(telegram, "GET", "/control/telegram/messages", Value::Null).await.1
}

#[tokio::test]
async fn a_chat_receives_what_its_readers_see() {
    let telegram = telegram();
    let raw = "*Сатылым* 😀\n5 000 ₸ \\(express\\)";
    let (status, said) =
        send(&telegram, json!({"chat_id": CHAT, "text": raw, "parse_mode": "MarkdownV2"})).await;
    assert_eq!((status, &said["ok"]), (200, &json!(true)), "{said}");
    let message = &said["result"];
    assert_eq!((&message["message_id"], &message["date"]), (&json!(1), &json!(1_795_150_800)));
    assert_eq!(message["chat"], json!({"id": CHAT, "type": "supergroup", "title": "Sales"}));
    assert_eq!(message["text"], "Сатылым 😀\n5 000 ₸ (express)");
    assert_eq!(message["entities"], json!([{"type": "bold", "offset": 0, "length": 7}]));
    let record = record(&telegram).await;
    let kept = &record["messages"][0];
    assert_eq!((&kept["n"], &kept["at"]), (&json!(1), &json!("2026-11-20T05:00:00.000Z")));
    assert_eq!((&kept["text"], &kept["raw"]), (&message["text"], &json!(raw)));
    assert_eq!((&kept["chat_id"], &kept["parse_mode"]), (&json!(CHAT), &json!("MarkdownV2")));
    assert_eq!(record["requests"][0]["status"], 200);
    assert!(!record.to_string().contains("AAsandbox"), "{record}");
}

#[tokio::test]
async fn a_form_and_a_query_are_taken_too() {
    let telegram = telegram();
    let request = Request::post(format!("/telegram/bot{TOKEN}/SENDMESSAGE?disable_notification=true"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(format!("chat_id={CHAT}&text=a_b%2B")))
        .unwrap();
    let (status, said) = answer(&telegram, request).await;
    assert_eq!((status, &said["result"]["text"]), (200, &json!("a_b+")));
    assert!(said["result"].get("entities").is_none());
}

#[tokio::test]
async fn what_telegram_refuses_is_refused_in_its_words() {
    let telegram = telegram();
    let bytes = "я".repeat(4096);
    let (status, _) = send(&telegram, json!({"chat_id": CHAT, "text": bytes})).await;
    assert_eq!(status, 200);
    let escaped = "\\.".repeat(4096);
    let whole = json!({"chat_id": CHAT, "text": escaped, "parse_mode": "MarkdownV2"});
    assert_eq!(send(&telegram, whole).await.0, 200);
    let markdown = |text: &str| json!({"chat_id": CHAT, "text": text, "parse_mode": "MarkdownV2"});
    for (body, expected) in [
        (json!({"chat_id": CHAT}), "Bad Request: message text is empty"),
        (json!({"chat_id": CHAT, "text": " \n"}), "Bad Request: text must be non-empty"),
        (json!({"chat_id": CHAT, "text": "😀".repeat(2049)}), "Bad Request: message is too long"),
        (json!({"text": "a"}), "Bad Request: chat_id is empty"),
        (json!({"chat_id": 5, "text": "a"}), "Bad Request: chat not found"),
        (
            markdown("1.5"),
            "Bad Request: can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'",
        ),
        (markdown("*a"), "Bad Request: can't parse entities: Can't find end of Bold entity at byte offset 0"),
    ] {
        let (status, said) = send(&telegram, body).await;
        assert_eq!((status, &said["description"]), (400, &json!(expected)));
        assert_eq!(said["error_code"], 400);
    }
    for body in [
        json!({"chat_id": CHAT, "text": "a", "parse_mode": "HTML"}),
        json!({"chat_id": CHAT, "text": "a", "reply_markup": {}}),
    ] {
        assert_eq!(send(&telegram, body).await.0, 501);
    }
    assert_eq!(record(&telegram).await["messages"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn the_token_is_asked_for_first() {
    let telegram = telegram();
    strike(&telegram, json!([{"kind": "blocked"}])).await;
    let wrong = "/telegram/bot1:other/sendMessage";
    let (status, said) = call(&telegram, "POST", wrong, json!({"chat_id": CHAT, "text": "a"})).await;
    let unauthorized = json!({"ok": false, "error_code": 401, "description": "Unauthorized"});
    assert_eq!((status, said), (401, unauthorized));
    let record = record(&telegram).await;
    assert_eq!(record["requests"][0]["token"], "wrong");
    assert!(!record.to_string().contains("other"));
    let (_, faults) = call(&telegram, "GET", "/control/telegram/faults", Value::Null).await;
    assert_eq!(faults["faults"][0]["hits"], 0);
}

#[tokio::test]
async fn the_bot_and_its_chats_tell_who_they_are() {
    let telegram = telegram();
    let me = format!("/telegram/bot{TOKEN}/getMe");
    let (_, said) = call(&telegram, "GET", &me, Value::Null).await;
    assert_eq!(
        (&said["result"]["is_bot"], &said["result"]["username"]),
        (&json!(true), &json!("school_sandbox_bot"))
    );
    let chat = format!("/telegram/bot{TOKEN}/getChat?chat_id=");
    let (_, said) = call(&telegram, "GET", &format!("{chat}500000001"), Value::Null).await;
    assert_eq!(said["result"], json!({"id": 500_000_001, "type": "private", "first_name": "Aigerim"}));
    assert_eq!(call(&telegram, "GET", &format!("{chat}7"), Value::Null).await.0, 400);
    let unknown = format!("/telegram/bot{TOKEN}/sendPhoto");
    assert_eq!(call(&telegram, "POST", &unknown, json!({})).await.0, 404);
}

#[tokio::test]
async fn each_fault_looks_like_the_real_thing_and_nothing_is_sent() {
    let telegram = telegram();
    let message = json!({"chat_id": CHAT, "text": "a"});
    for (fault, status, said) in [
        (
            json!({"kind": "too_many", "retry_after": 7}),
            429,
            json!({"ok": false, "error_code": 429, "description": "Too Many Requests: retry after 7", "parameters": {"retry_after": 7}}),
        ),
        (
            json!({"kind": "blocked"}),
            403,
            json!({"ok": false, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}),
        ),
        (
            json!({"kind": "kicked"}),
            403,
            json!({"ok": false, "error_code": 403, "description": "Forbidden: bot was kicked from the group chat"}),
        ),
        (
            json!({"kind": "migrated", "to": -1009}),
            400,
            json!({"ok": false, "error_code": 400, "description": "Bad Request: group chat was upgraded to a supergroup chat", "parameters": {"migrate_to_chat_id": -1009}}),
        ),
        (json!({"kind": "raw", "status": 200, "body": "<html>"}), 200, json!("<html>")),
        (json!({"kind": "hang_up"}), 0, Value::Null),
    ] {
        strike(&telegram, json!([fault])).await;
        assert_eq!(send(&telegram, message.clone()).await, (status, said));
    }
    strike(&telegram, json!([{"kind": "bad_gateway"}])).await;
    let (status, page) = send(&telegram, message.clone()).await;
    assert!(status == 502 && page.as_str().unwrap().starts_with("<html>"));
    assert_eq!(record(&telegram).await["messages"], json!([]));
    // The group's new id is known from now on.
    strike(&telegram, json!([])).await;
    assert_eq!(send(&telegram, json!({"chat_id": "-1009", "text": "a"})).await.0, 200);
}

#[tokio::test]
async fn a_lost_answer_was_carried_out() {
    let telegram = telegram();
    strike(&telegram, json!([{"kind": "lost_answer", "count": 1}])).await;
    let message = json!({"chat_id": CHAT, "text": "a"});
    assert_eq!(send(&telegram, message.clone()).await.0, 0);
    assert_eq!(send(&telegram, message).await.1["result"]["message_id"], 2);
    let record = record(&telegram).await;
    assert_eq!(record["messages"].as_array().unwrap().len(), 2);
    let asked = &record["requests"][0];
    assert_eq!((&asked["status"], &asked["fault"]), (&Value::Null, &json!("lost_answer")));
}

#[tokio::test]
async fn who_waits_long_enough_gets_the_true_answer() {
    let telegram = telegram();
    strike(&telegram, json!([{"kind": "hang", "seconds": 0, "chat_id": CHAT, "edge": "sendMessage"}])).await;
    assert_eq!(send(&telegram, json!({"chat_id": CHAT, "text": "a"})).await.0, 200);
    let record = record(&telegram).await;
    assert_eq!(
        (&record["requests"][0]["fault"], &record["messages"][0]["text"]),
        (&json!("hang"), &json!("a"))
    );
}

#[tokio::test]
async fn limits_are_off_until_they_are_set() {
    let telegram = telegram();
    let message = json!({"chat_id": CHAT, "text": "a"});
    for _ in 0..40 {
        assert_eq!(send(&telegram, message.clone()).await.0, 200);
    }
    call(&telegram, "DELETE", "/control/telegram/messages", Value::Null).await;
    let limits = json!({"limits": {"per_chat_per_minute": 1}});
    assert_eq!(call(&telegram, "PUT", "/control/telegram/settings", limits).await.0, 204);
    assert_eq!(send(&telegram, message.clone()).await.0, 200);
    let (status, said) = send(&telegram, message.clone()).await;
    assert_eq!((status, &said["parameters"]["retry_after"]), (429, &json!(60)));
    call(&telegram, "DELETE", "/control/telegram/settings", Value::Null).await;
    assert_eq!(send(&telegram, message).await.0, 200);
}

#[tokio::test]
async fn settings_that_cannot_be_are_refused() {
    let telegram = telegram();
    for settings in
        [json!({"tokn": "a"}), json!({"limits": {"per_hour": 1}}), json!({"chats": [{"title": "a"}]})]
    {
        assert_eq!(call(&telegram, "PUT", "/control/telegram/settings", settings).await.0, 422);
    }
}
