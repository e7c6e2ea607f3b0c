use std::time::Duration;

use super::*;
use crate::neighbours::stand_in::{Seen, json, neighbour};

const TOKEN: &str = "7000000001:AA-bot_token";

fn credentials() -> Credentials {
    let stored = serde_json::json!({"bot_token": TOKEN, "chat_id": -1001234567890_i64});
    Credentials::parse(&stored.to_string()).unwrap()
}

async fn sent(answer: String) -> (Said, Seen) {
    let (base, asked) = neighbour(answer);
    let telegram = Telegram::new(http::client(Duration::from_secs(5)).unwrap(), &format!("{base}/telegram/"));
    let credentials = credentials();
    let said = telegram.send(&credentials, credentials.chat(), r"*продажа*\!").await;
    (said, asked.recv().unwrap())
}

fn refusal(code: u16, description: &str, parameters: &serde_json::Value) -> String {
    let body = serde_json::json!({"ok": false, "error_code": code, "description": description, "parameters": parameters});
    json(code, &body.to_string())
}

#[tokio::test]
async fn a_message_is_one_request_in_markdown() {
    let (said, seen) = sent(json(200, r#"{"ok":true,"result":{"message_id":17,"date":1}}"#)).await;
    assert_eq!(said, Said::Of(Delivery::Sent { id: Some("17".to_owned()) }));
    assert_eq!(
        (seen.method.as_str(), seen.target.as_str()),
        ("POST", "/telegram/bot7000000001:AA-bot_token/sendMessage")
    );
    assert_eq!(seen.headers["content-type"], "application/json");
    let body: serde_json::Value = serde_json::from_str(&seen.body).unwrap();
    let expected = serde_json::json!({
        "chat_id": -1001234567890_i64,
        "text": r"*продажа*\!",
        "parse_mode": "MarkdownV2",
        "link_preview_options": {"is_disabled": true},
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn every_answer_has_its_meaning() {
    let none = serde_json::json!({});
    let never = |reason: &str| Said::Of(Delivery::never(reason));
    let person = |reason: &str| Said::Of(Delivery::fails_without_person(reason));
    let later = |reason: &str| Said::Of(Delivery::later(reason));
    let unknown_bot = "Telegram does not know the bot: store its present bot_token in the secret telegram";
    let after = |after| Delivery::Later {
        reason: "Telegram takes no more messages for now (429)".to_owned(),
        after,
        needs_person: false,
    };
    for (answer, expected) in [
        (
            refusal(400, "Bad Request: chat not found", &none),
            person("Telegram knows no such chat: check chat_id in the secret telegram"),
        ),
        (
            refusal(400, "Bad Request: can't parse entities: Character '.' is reserved", &none),
            never("Telegram cannot read the text"),
        ),
        (
            refusal(400, "Bad Request: message text is empty", &none),
            never("Telegram refuses the message (400)"),
        ),
        (
            refusal(400, "Bad Request: not enough rights to send text messages to the chat", &none),
            person("the bot may not write to the chat: let it send messages there"),
        ),
        (
            refusal(403, "Forbidden: bot was blocked by the user", &none),
            person("the bot is blocked by the person it writes to"),
        ),
        (
            refusal(403, "Forbidden: bot was kicked from the group chat", &none),
            person("the bot was removed from the chat: add it again"),
        ),
        (
            refusal(403, "Forbidden: user is deactivated", &none),
            person("Telegram forbids the bot to write to the chat (403)"),
        ),
        (refusal(401, "Unauthorized", &none), Said::Of(Delivery::waits_for_person(unknown_bot))),
        (refusal(404, "Not Found", &none), Said::Of(Delivery::waits_for_person(unknown_bot))),
        (
            refusal(429, "Too Many Requests: retry after 7", &serde_json::json!({"retry_after": 7})),
            Said::Of(after(Some(Duration::from_secs(7)))),
        ),
        (refusal(429, "Too Many Requests", &none), Said::Of(after(None))),
        (
            refusal(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                &serde_json::json!({"migrate_to_chat_id": -1009}),
            ),
            Said::Moved("-1009".to_owned()),
        ),
        (refusal(500, "Internal Server Error", &none), later("Telegram answered 500")),
        (json(502, "<html>502</html>"), later("Telegram answered 502 with no JSON")),
        (json(200, "<html>hello</html>"), later("Telegram answered 200 with no JSON")),
        (String::new(), later("Telegram broke off without an answer")),
    ] {
        assert_eq!(sent(answer).await.0, expected);
    }
}

#[tokio::test]
async fn nobody_there_is_a_reason_without_an_address() {
    let telegram = Telegram::new(http::client(Duration::from_secs(5)).unwrap(), "http://127.0.0.1:1");
    let credentials = credentials();
    let said = telegram.send(&credentials, "@sales", "x").await;
    assert_eq!(said, Said::Of(Delivery::later("Telegram cannot be reached")));
}
