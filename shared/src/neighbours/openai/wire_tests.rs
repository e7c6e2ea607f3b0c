use std::time::Duration;

use super::*;
use crate::domain::token_health::Worth;
use crate::neighbours::stand_in::{Seen, json, neighbour};

async fn checked(answer: String) -> (Found, Seen) {
    let (base, asked) = neighbour(answer);
    let openai = OpenAi::new(http::client(Duration::from_secs(5)).unwrap(), &format!("{base}/openai/"));
    let found = openai.check(&Credentials::parse(r#"{"api_key":"sk-test-1"}"#).unwrap()).await;
    (found, asked.recv().unwrap())
}

#[tokio::test]
async fn a_key_is_good_when_the_models_are_listed() {
    let (found, seen) = checked(json(200, r#"{"object":"list","data":[]}"#)).await;
    assert_eq!(found, Found::Good(Worth::default()));
    assert_eq!((seen.method.as_str(), seen.target.as_str()), ("GET", "/openai/v1/models"));
    assert_eq!(seen.headers["authorization"], "Bearer sk-test-1");
}

#[tokio::test]
async fn a_refusal_is_told_by_its_code_and_never_by_its_words() {
    let bad = r#"{"error":{"message":"Incorrect API key provided: sk-test-1","code":"invalid_api_key"}}"#;
    let (found, _) = checked(json(401, bad)).await;
    let Found::Bad(trouble) = &found else { panic!("{found:?}") };
    assert_eq!(trouble.problem, "OpenAI: HTTP 401, invalid_api_key");
    let empty =
        r#"{"error":{"message":"You exceeded","type":"insufficient_quota","code":"insufficient_quota"}}"#;
    let (found, _) = checked(json(429, empty)).await;
    let Found::Good(Worth { notice: Some(notice), .. }) = &found else { panic!("{found:?}") };
    assert_eq!(notice.problem, "OpenAI: HTTP 429, insufficient_quota");
}

#[tokio::test]
async fn what_says_nothing_of_the_key_is_no_answer() {
    let often = r#"{"error":{"code":"rate_limit_exceeded"}}"#;
    for (answer, problem) in [
        (json(429, often), "OpenAI: HTTP 429, rate_limit_exceeded"),
        (json(500, "{}"), "OpenAI: HTTP 500"),
        (json(200, "<html>"), "OpenAI: HTTP 200"),
        (json(404, "{}"), "OpenAI: HTTP 404"),
        (String::new(), "OpenAI broke off without an answer"),
    ] {
        let Found::Unasked(trouble) = checked(answer).await.0 else { panic!("{problem}") };
        assert_eq!(trouble.problem, problem);
    }
}
