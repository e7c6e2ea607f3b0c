use std::time::Duration;

use super::*;
use crate::neighbours::stand_in::{json, neighbour_that};

const OK: &str = r#"{"ok":true,"result":{"id":1}}"#;

/// What is found where the bot and the chat are answered so.
async fn checked(me: (u16, &'static str), chat: (u16, &'static str)) -> Found {
    let (base, asked) = neighbour_that(move |seen| {
        let (status, body) = if seen.target.ends_with("/getMe") { me } else { chat };
        json(status, body)
    });
    let telegram = Telegram::new(http::client(Duration::from_secs(5)).unwrap(), &base);
    let stored = r#"{"bot_token":"7000000001:AA-bot_token","chat_id":-100}"#;
    let found = telegram.check(&Credentials::parse(stored).unwrap(), "-100").await;
    let seen: Vec<_> = asked.try_iter().collect();
    assert_eq!(seen.len(), 2);
    let chat = seen.iter().find(|seen| seen.target.ends_with("/getChat")).unwrap();
    assert_eq!(chat.body, r#"{"chat_id":-100}"#);
    found
}

fn problem(found: &Found) -> &str {
    match found {
        Found::Good(_) => "good",
        Found::Bad(trouble) | Found::Unasked(trouble) => &trouble.problem,
    }
}

#[tokio::test]
async fn a_bot_that_is_there_and_in_its_chat_is_good() {
    assert_eq!(checked((200, OK), (200, OK)).await, Found::Good(Worth::default()));
}

#[tokio::test]
async fn a_bot_that_is_not_there_is_told_apart_from_a_chat_that_it_does_not_reach() {
    let unknown = (401, r#"{"ok":false,"error_code":401,"description":"Unauthorized"}"#);
    let found = checked(unknown, unknown).await;
    assert_eq!(problem(&found), "Telegram: HTTP 401: Unauthorized");
    assert!(matches!(&found, Found::Bad(trouble) if trouble.what_to_do.contains("bot_token")));
    let lost = (400, r#"{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}"#);
    let found = checked((200, OK), lost).await;
    assert_eq!(problem(&found), "Telegram: HTTP 400: Bad Request: chat not found");
    assert!(matches!(&found, Found::Bad(trouble) if trouble.what_to_do.contains("chat_id")));
    let kicked = r#"{"ok":false,"error_code":403,"description":"Forbidden: bot 7000000001:AA-bot_token"}"#;
    assert_eq!(problem(&checked((200, OK), (403, kicked)).await), "Telegram: HTTP 403");
}

#[tokio::test]
async fn what_says_nothing_of_the_bot_is_no_answer() {
    for answer in [(502, "<html>"), (429, r#"{"ok":false,"error_code":429}"#), (500, r#"{"ok":false}"#)] {
        assert!(!checked(answer, (200, OK)).await.is_answer(), "{answer:?}");
        assert!(!checked((200, OK), answer).await.is_answer(), "{answer:?}");
    }
}
