//! The bank as a caller sees it, on Friday the 20th of November 2026.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{Nbk, router};

/// Late on Thursday in UTC, Friday in Almaty.
const NOW: &str = "2026-11-19T20:00:00Z";

fn bank() -> Router {
    router(Arc::new(Nbk::new(Arc::new(|| NOW.parse().unwrap()))))
}

async fn send(bank: &Router, method: &str, path: &str, body: Value) -> (u16, String) {
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    let response = bank.clone().oneshot(request.body(body).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

async fn on(bank: &Router, day: &str) -> String {
    let (status, document) =
        send(bank, "GET", &format!("/nbk/rss/get_rates.cfm?fdate={day}"), Value::Null).await;
    assert_eq!(status, 200);
    document
}

fn items(document: &str) -> usize {
    document.matches("<item>").count()
}

#[tokio::test]
async fn a_working_day_has_all_currencies_and_the_rest_none() {
    let bank = bank();
    assert_eq!(items(&on(&bank, "20.11.2026").await), 39);
    for day in ["14.11.2026", "22.11.2026", "31.12.1999", "rubbish", "2026-11-20"] {
        let document = on(&bank, day).await;
        assert!(items(&document) == 0 && document.contains("</rates>"), "{day}");
    }
}

#[tokio::test]
async fn the_newest_rates_are_those_of_today_in_almaty() {
    let bank = bank();
    let (_, document) = send(&bank, "GET", "/nbk/rss/rates_all.xml", Value::Null).await;
    assert_eq!(document.matches("<pubDate>20.11.2026</pubDate>").count(), 39);
    let missing = json!({"missing": ["2026-11-20", "2026-11-19"]});
    send(&bank, "PUT", "/control/nbk/settings", missing).await;
    let (_, document) = send(&bank, "GET", "/nbk/rss/rates_all.xml", Value::Null).await;
    assert_eq!(document.matches("<pubDate>18.11.2026</pubDate>").count(), 39);
}

#[tokio::test]
async fn it_breaks_as_it_is_told_and_mends_when_reset() {
    let bank = bank();
    let whole = on(&bank, "18.11.2026").await;
    send(&bank, "PUT", "/control/nbk/settings", json!({"malformed": true})).await;
    let half = on(&bank, "18.11.2026").await;
    assert!(half.len() < whole.len() && whole.starts_with(&half));
    send(&bank, "PUT", "/control/nbk/settings", json!({"down": true})).await;
    let (status, _) = send(&bank, "GET", "/nbk/rss/get_rates.cfm?fdate=18.11.2026", Value::Null).await;
    assert_eq!(status, 503);
    assert_eq!(send(&bank, "PUT", "/control/nbk/settings", json!({"donw": true})).await.0, 422);
    assert_eq!(send(&bank, "DELETE", "/control/nbk/settings", Value::Null).await.0, 204);
    assert_eq!(on(&bank, "18.11.2026").await, whole);
}

#[tokio::test]
async fn settings_are_told_back_and_requests_recorded() {
    let bank = bank();
    let overrides = json!({"2026-11-18": {"USD": {"rate": "470.5", "quant": 1}}});
    let wanted = json!({"weekends": "repeat", "overrides": overrides});
    assert_eq!(send(&bank, "PUT", "/control/nbk/settings", wanted).await.0, 204);
    let (_, told) = send(&bank, "GET", "/control/nbk/settings", Value::Null).await;
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(
        (&told["weekends"], &told["overrides"], &told["down"]),
        (&json!("repeat"), &overrides, &json!(false))
    );
    assert!(on(&bank, "18.11.2026").await.contains("<description>470.5</description>"));
    assert_eq!(items(&on(&bank, "15.11.2026").await), 39);
    let (_, record) = send(&bank, "GET", "/control/nbk/requests", Value::Null).await;
    let record: Value = serde_json::from_str(&record).unwrap();
    let expected = json!({"n": 2, "at": "2026-11-19T20:00:00.000Z", "feed": "get_rates", "fdate": "15.11.2026", "status": 200});
    assert_eq!(record["requests"][1], expected);
    send(&bank, "DELETE", "/control/nbk/requests", Value::Null).await;
    assert_eq!(send(&bank, "GET", "/control/nbk/requests", Value::Null).await.1, r#"{"requests":[]}"#);
}
