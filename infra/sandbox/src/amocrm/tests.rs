//! The neighbour as a caller sees it: over its router, with a clock that the test moves.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use chrono::{DateTime, Utc};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{Amocrm, router};

mod admission;
mod by_hand;
mod failures;
mod hooks;
mod journal;
mod kept;
mod lossy;
mod reads;
mod size;
mod whole;
mod wire;
mod writes;

/// Noon of the 20th in UTC.
const NOW: &str = "2026-11-20T12:00:00Z";
const NOON: i64 = 1_795_176_000;
const TOKEN: &str = "amocrm-sandbox-long-lived-0000000000000001";
const PIPELINE: u64 = 10_350_882;

/// A neighbour and its clock.
struct Account {
    router: Router,
    millisecond: Arc<AtomicI64>,
}

/// What came back.
struct Got {
    status: u16,
    headers: HeaderMap,
    body: Value,
    text: String,
}

impl Got {
    /// The ids of a list, in its order.
    fn ids(&self, name: &str) -> Vec<u64> {
        let list =
            self.body["_embedded"][name].as_array().unwrap_or_else(|| panic!("no {name}: {}", self.text));
        list.iter().map(|one| one["id"].as_u64().unwrap()).collect()
    }

    fn kind(&self) -> &str {
        self.headers["content-type"].to_str().unwrap()
    }

    /// Code and path of each error of the first entity.
    fn flaws(&self) -> Vec<(&str, &str)> {
        let errors = self.body["validation-errors"][0]["errors"].as_array().unwrap();
        errors.iter().map(|one| (one["code"].as_str().unwrap(), one["path"].as_str().unwrap())).collect()
    }
}

impl Account {
    fn new() -> Self {
        let start: DateTime<Utc> = NOW.parse().unwrap();
        let millisecond = Arc::new(AtomicI64::new(start.timestamp_millis()));
        let hand = Arc::clone(&millisecond);
        let clock = Arc::new(move || DateTime::from_timestamp_millis(hand.load(Ordering::SeqCst)).unwrap());
        Self { router: router(Arc::new(Amocrm::new(clock, None).unwrap())), millisecond }
    }

    /// Without limits, where these are not what is tested.
    async fn calm() -> Self {
        let account = Self::new();
        account.put("settings", json!({"per_second": 1000, "account_per_second": 1000})).await;
        account
    }

    fn wait(&self, milliseconds: i64) {
        self.millisecond.fetch_add(milliseconds, Ordering::SeqCst);
    }

    async fn get(&self, path: &str) -> Got {
        self.call("GET", path, Value::Null).await
    }

    async fn call(&self, method: &str, path: &str, body: Value) -> Got {
        self.call_as(method, path, body, Some(TOKEN)).await
    }

    async fn call_as(&self, method: &str, path: &str, body: Value, token: Option<&str>) -> Got {
        let mut request = Request::builder().method(method).uri(format!("/amocrm/api/v4/{path}"));
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        self.send(request.header("host", "sandbox"), body).await
    }

    async fn control(&self, method: &str, path: &str, body: Value) -> Got {
        let request = Request::builder().method(method).uri(format!("/control/amocrm/{path}"));
        self.send(request, body).await
    }

    async fn put(&self, path: &str, body: Value) {
        let got = self.control("PUT", path, body).await;
        assert_eq!(got.status, 204, "{}", got.text);
    }

    async fn faults(&self, faults: Value) {
        self.put("faults", json!({ "faults": faults })).await;
    }

    async fn record(&self) -> Value {
        self.control("GET", "requests", Value::Null).await.body
    }

    async fn send(&self, request: axum::http::request::Builder, body: Value) -> Got {
        let request = request.header("content-type", "application/json");
        let body = Body::from(if body.is_null() { String::new() } else { body.to_string() });
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Got { status: parts.status.as_u16(), headers: parts.headers, body, text }
    }
}

/// A deal with its person, as the writer makes it.
fn complex(name: &str, phone: &str) -> Value {
    json!({
        "name": name, "pipeline_id": PIPELINE, "request_id": name,
        "custom_fields_values": [{"field_code": "UTM_SOURCE", "values": [{"value": "facebook"}]}],
        "_embedded": {"contacts": [{"first_name": name, "custom_fields_values": [
            {"field_code": "PHONE", "values": [{"value": phone, "enum_code": "MOB"}]},
        ]}]},
    })
}
