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

use super::{Graph, auth, router};

mod admission;
mod failures;
mod figures;
mod lists;
mod wire;

/// Noon of the 20th in UTC, five in the afternoon in Almaty.
const NOW: &str = "2026-11-20T12:00:00Z";

/// A neighbour, its clock, and how a caller signs.
struct Facebook {
    router: Router,
    second: Arc<AtomicI64>,
    token: String,
    proof: String,
}

/// What came back.
struct Got {
    status: u16,
    headers: HeaderMap,
    body: Value,
    text: String,
}

impl Got {
    fn codes(&self) -> (u16, Option<i64>, Option<i64>) {
        let error = &self.body["error"];
        (self.status, error["code"].as_i64(), error["error_subcode"].as_i64())
    }

    fn header(&self, name: &str) -> Value {
        self.headers.get(name).map_or(Value::Null, |value| serde_json::from_slice(value.as_bytes()).unwrap())
    }

    fn data(&self) -> &Vec<Value> {
        self.body["data"].as_array().unwrap_or_else(|| panic!("no data in {}", self.text))
    }
}

impl Facebook {
    fn new() -> Self {
        let start: DateTime<Utc> = NOW.parse().unwrap();
        let second = Arc::new(AtomicI64::new(start.timestamp()));
        let hand = Arc::clone(&second);
        let clock = Arc::new(move || DateTime::from_timestamp(hand.load(Ordering::SeqCst), 0).unwrap());
        let graph = Arc::new(Graph::new(clock).unwrap());
        let world = Arc::clone(&graph.state().world);
        let proof = auth::sign(&world.token.access_token, &world.app.secret);
        Self { router: router(graph), second, token: world.token.access_token.clone(), proof }
    }

    async fn with(world: Value) -> Self {
        let facebook = Self::new();
        assert_eq!(facebook.control("PUT", "world", world).await.status, 204);
        facebook
    }

    fn wait(&self, seconds: i64) {
        self.second.fetch_add(seconds, Ordering::SeqCst);
    }

    /// A signed call.
    async fn get(&self, path: &str) -> Got {
        self.call("GET", path, &self.proof).await
    }

    async fn post(&self, path: &str) -> Got {
        self.call("POST", path, &self.proof).await
    }

    async fn call(&self, method: &str, path: &str, proof: &str) -> Got {
        let mark = if path.contains('?') { '&' } else { '?' };
        let uri = format!("/graph/v26.0/{path}{mark}appsecret_proof={proof}");
        let request = Request::builder().method(method).uri(uri);
        self.send(request.header("authorization", format!("Bearer {}", self.token)), Body::empty()).await
    }

    /// All items behind a path, page by page.
    async fn all(&self, path: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let mut after = String::new();
        loop {
            let page = self.get(&format!("{path}{after}")).await;
            items.extend(page.data().clone());
            if page.body["paging"]["next"].is_null() {
                return items;
            }
            after = format!("&after={}", page.body["paging"]["cursors"]["after"].as_str().unwrap());
        }
    }

    async fn control(&self, method: &str, path: &str, body: Value) -> Got {
        let request = Request::builder().method(method).uri(format!("/control/graph/{path}"));
        let request = request.header("content-type", "application/json");
        self.send(request, Body::from(if body.is_null() { String::new() } else { body.to_string() })).await
    }

    async fn faults(&self, faults: Value) {
        let got = self.control("PUT", "faults", json!({ "faults": faults })).await;
        assert_eq!(got.status, 204, "{}", got.text);
    }

    async fn record(&self) -> Value {
        self.control("GET", "requests", Value::Null).await.body
    }

    async fn send(&self, request: axum::http::request::Builder, body: Body) -> Got {
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Got { status: parts.status.as_u16(), headers: parts.headers, body, text }
    }
}

/// Two accounts in one business, the second a client's; four ads with a dollar amount a day each.
fn small() -> Value {
    let ad = |id: &str, spend: &str| {
        json!({
            "id": id, "name": format!("ad {id}"), "url_tags": "utm_campaign={{campaign.name}}",
            "daily": {"spend": spend, "impressions": 1000, "reach": 800, "clicks": 20, "link_clicks": 10},
        })
    };
    let account = |id: &str, ads: [Value; 2]| {
        let [first, second] = ads;
        json!({
            "id": id, "name": format!("account {id}"), "currency": "USD", "timezone_name": "Asia/Almaty",
            "assigned": id == "11",
            "campaigns": [{"id": format!("{id}1"), "name": "c", "daily_budget": "5000", "adsets": [
                {"id": format!("{id}2"), "name": "one", "ads": [first]},
                {"id": format!("{id}3"), "name": "two", "ads": [second]},
            ]}],
        })
    };
    json!({
        "businesses": [{"id": "900", "name": "School", "owned": ["11"], "client": ["22"]}],
        "accounts": [
            account("11", [ad("1101", "10.10"), ad("1102", "0.20")]),
            account("22", [ad("2201", "7.00"), ad("2202", "1.05")]),
        ],
    })
}

/// The insights of the account over these days.
fn insights(account: &str, level: &str, since: &str, until: &str) -> String {
    let range = json!({ "since": since, "until": until }).to_string();
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("level", level)
        .append_pair("time_range", &range)
        .append_pair("time_increment", "1")
        .append_pair("fields", "campaign_id,adset_id,ad_id,account_currency,spend,impressions,reach,clicks,inline_link_clicks,ctr,cpc,cpm,actions")
        .finish();
    format!("act_{account}/insights?{query}")
}
