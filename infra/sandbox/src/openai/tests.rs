//! OpenAI as a caller sees it.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{OpenAi, router};
use crate::serve::HangUp;

const KEY: &str = "sk-sandbox-000000000000000000000000000000000000000000000000";

fn openai() -> Router {
    router(Arc::new(OpenAi::new(Arc::new(|| "2026-11-20T05:00:00Z".parse().unwrap())).unwrap()))
}

/// Status and body; status 0 for a connection that was closed.
async fn answer(openai: &Router, request: Request<Body>) -> (u16, Value) {
    let response = openai.clone().oneshot(request).await.unwrap();
    if response.extensions().get::<HangUp>().is_some() {
        return (0, Value::Null);
    }
    let status = response.status().as_u16();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

async fn control(openai: &Router, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let request = Request::builder().method(method).uri(format!("/control/openai/{path}"));
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    answer(openai, request.header("content-type", "application/json").body(body).unwrap()).await
}

async fn models(openai: &Router, key: &str) -> (u16, Value) {
    let request = Request::get("/openai/v1/models").header("authorization", format!("Bearer {key}"));
    answer(openai, request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn models_are_listed_to_the_key_alone() {
    let openai = openai();
    let (status, listed) = models(&openai, KEY).await;
    assert_eq!(
        (status, &listed["object"], &listed["data"][0]["id"]),
        (200, &json!("list"), &json!("gpt-5-mini"))
    );
    let (status, refused) = models(&openai, "sk-wrong").await;
    assert_eq!((status, &refused["error"]["code"]), (401, &json!("invalid_api_key")));
    let other = Request::get("/openai/v1/files").header("authorization", format!("Bearer {KEY}"));
    assert_eq!(answer(&openai, other.body(Body::empty()).unwrap()).await.0, 501);
    let asked = control(&openai, "GET", "requests", &Value::Null).await.1;
    let keys: Vec<_> = asked["requests"].as_array().unwrap().iter().map(|asked| &asked["key"]).collect();
    assert_eq!(keys, ["ok", "wrong", "ok"]);
    assert!(!asked.to_string().contains("sk-"));
    assert_eq!(control(&openai, "PUT", "settings", &json!({"api_key": "sk-wrong"})).await.0, 204);
    assert_eq!((models(&openai, "sk-wrong").await.0, models(&openai, KEY).await.0), (200, 401));
}

#[tokio::test]
async fn faults_look_as_openais_own() {
    let openai = openai();
    for (kind, status, code) in [
        ("bad_key", 401, "invalid_api_key"),
        ("insufficient_quota", 429, "insufficient_quota"),
        ("too_many", 429, "rate_limit_exceeded"),
        ("server_error", 500, "server_error"),
    ] {
        let faults = json!({"faults": [{"kind": kind, "count": 1}]});
        assert_eq!(control(&openai, "PUT", "faults", &faults).await.0, 204);
        let (told, body) = models(&openai, KEY).await;
        assert_eq!((told, &body["error"]["code"]), (status, &json!(code)));
        assert_eq!(models(&openai, KEY).await.0, 200, "{kind} ends");
    }
    control(&openai, "PUT", "faults", &json!({"faults": [{"kind": "hang_up"}]})).await;
    assert_eq!(models(&openai, KEY).await.0, 0);
    control(&openai, "DELETE", "faults", &Value::Null).await;
    assert_eq!(models(&openai, KEY).await.0, 200);
}
