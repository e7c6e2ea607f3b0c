//! The databases as a caller sees them.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{Supabase, router};
use crate::serve::HangUp;

const KEY: &str = "sandbox-landing-service-role-key-000000000000000000000000";

struct Answer {
    /// 0 for a connection that was closed.
    status: u16,
    range: Option<String>,
    body: Value,
}

fn supabase() -> Router {
    router(Arc::new(Supabase::new(Arc::new(|| "2026-11-20T05:00:00Z".parse().unwrap())).unwrap()))
}

async fn answer(supabase: &Router, request: Request<Body>) -> Answer {
    let response = supabase.clone().oneshot(request).await.unwrap();
    if response.extensions().get::<HangUp>().is_some() {
        return Answer { status: 0, range: None, body: Value::Null };
    }
    let status = response.status().as_u16();
    let range = response.headers().get("content-range").map(|range| range.to_str().unwrap().to_owned());
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    Answer { status, range, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
}

async fn control(supabase: &Router, method: &str, path: &str, body: Value) -> Answer {
    let request = Request::builder().method(method).uri(format!("/control/supabase/landing/{path}"));
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    answer(supabase, request.header("content-type", "application/json").body(body).unwrap()).await
}

async fn ask(supabase: &Router, method: &str, table_and_query: &str, key: &str) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(format!("/supabase/landing/rest/v1/{table_and_query}"))
        .header("apikey", key)
        .header("authorization", format!("Bearer {key}"))
        .header("prefer", "count=exact");
    answer(supabase, request.body(Body::empty()).unwrap()).await
}

/// The ids that a question finds.
async fn ids(supabase: &Router, query: &str) -> Vec<u64> {
    let found = ask(supabase, "GET", &format!("landing_leads?{query}"), KEY).await.body;
    found.as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()).collect()
}

async fn with_rows() -> Router {
    let supabase = supabase();
    let rows = json!({"rows": [
        {"id": 1, "source": "proftest_x", "created_at": "2025-03-15T05:00:00.5"},
        {"id": 3, "source": "express", "created_at": "2025-03-15 05:00:01+00"},
        {"id": 2, "source": "Proftest", "created_at": "2025-03-15T05:00:01Z"},
        {"id": 4, "source": null, "created_at": null},
    ]});
    assert_eq!(control(&supabase, "PUT", "tables/landing_leads", rows).await.status, 204);
    supabase
}

#[tokio::test]
async fn rows_are_filtered_and_ordered_as_postgrest_does() {
    let supabase = with_rows().await;
    for (query, expected) in [
        ("order=created_at.asc,id.asc", vec![1, 2, 3, 4]),
        ("order=created_at.desc.nullslast,id.desc&limit=2", vec![3, 2]),
        ("created_at=gte.2025-03-15T05:00:01.000000Z&order=id.asc", vec![2, 3]),
        (
            "created_at=gt.2025-03-15T05:00:00.500000Z&created_at=lte.2026-01-01T00:00:00Z&order=id",
            vec![2, 3],
        ),
        ("created_at=eq.2025-03-15T05:00:01Z&id=gt.2", vec![3]),
        ("source=like.proftest*", vec![1]),
        ("source=ilike.proftest*&order=id", vec![1, 2]),
        ("source=not.ilike.proftest*", vec![3]),
        ("source=is.null", vec![4]),
        ("source=not.is.null&id=in.(1,3,4)&order=id.desc", vec![3, 1]),
        ("id=neq.1&id=lt.4&order=id&offset=1", vec![3]),
    ] {
        assert_eq!(ids(&supabase, query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn a_count_stands_in_the_range() {
    let supabase = with_rows().await;
    let page = ask(&supabase, "GET", "landing_leads?select=id&limit=2&order=id", KEY).await;
    assert_eq!((page.status, page.range.as_deref()), (206, Some("0-1/4")));
    assert_eq!(page.body, json!([{"id": 1}, {"id": 2}]));
    let head = ask(&supabase, "HEAD", "landing_leads?limit=1", KEY).await;
    assert_eq!((head.range.as_deref(), head.body), (Some("0-0/4"), json!("")));
    let none = ask(&supabase, "GET", "landing_leads?id=eq.9", KEY).await;
    assert_eq!((none.status, none.range.as_deref(), none.body), (200, Some("*/0"), json!([])));
    assert_eq!(ask(&supabase, "GET", "landing_leads?offset=5", KEY).await.body["code"], "PGRST103");
    control(&supabase, "PUT", "settings", json!({"max_rows": 3})).await;
    assert_eq!(ids(&supabase, "order=id&limit=1000").await, [1, 2, 3]);
}

#[tokio::test]
async fn a_bad_key_and_a_missing_table_are_said_as_supabase_says_them() {
    let supabase = with_rows().await;
    let bad = ask(&supabase, "GET", "landing_leads", "other").await;
    let hint = "Double check your Supabase `anon` or `service_role` API key.";
    assert_eq!((bad.status, bad.body), (401, json!({"message": "Invalid API key", "hint": hint})));
    let missing = ask(&supabase, "GET", "landing_lead", KEY).await;
    assert_eq!(missing.status, 404);
    assert_eq!(missing.body["code"], "PGRST205");
    assert_eq!(missing.body["hint"], "Perhaps you meant the table 'public.landing_leads'");
    assert_eq!(control(&supabase, "DELETE", "tables/landing_leads", Value::Null).await.status, 204);
    let dropped = ask(&supabase, "GET", "landing_leads", KEY).await.body;
    assert_eq!(dropped["message"], "Could not find the table 'public.landing_leads' in the schema cache");
    control(&supabase, "DELETE", "tables", Value::Null).await;
    assert_eq!(ask(&supabase, "GET", "landing_leads", KEY).await.status, 200);
    let column = ask(&with_rows().await, "GET", "landing_leads?x=eq.1", KEY).await;
    assert_eq!(column.body["message"], "column landing_leads.x does not exist");
}

#[tokio::test]
async fn an_id_that_is_there_is_replaced_and_others_are_added() {
    let supabase = with_rows().await;
    let rows = json!({"rows": [{"id": 1, "source": "new"}, {"id": 9}]});
    assert_eq!(control(&supabase, "POST", "tables/landing_leads", rows).await.status, 204);
    assert_eq!(ids(&supabase, "order=id").await, [1, 2, 3, 4, 9]);
    assert_eq!(ids(&supabase, "source=eq.new").await, [1]);
    let sizes = control(&supabase, "GET", "tables", Value::Null).await.body;
    assert_eq!(sizes["tables"]["landing_leads"], 5);
}

#[tokio::test]
async fn each_fault_is_seen_as_it_is_said() {
    let supabase = with_rows().await;
    for (fault, status, code) in [
        (json!({"kind": "bad_key"}), 401, Value::Null),
        (json!({"kind": "missing_table"}), 404, json!("PGRST205")),
        (json!({"kind": "missing_table", "old": true}), 404, json!("42P01")),
        (json!({"kind": "forbidden"}), 403, json!("42501")),
        (json!({"kind": "schema_cache"}), 503, json!("PGRST002")),
        (json!({"kind": "paused"}), 540, Value::Null),
        (json!({"kind": "html"}), 502, Value::Null),
        (json!({"kind": "cut"}), 200, Value::Null),
        (json!({"kind": "hang_up"}), 0, Value::Null),
        (json!({"kind": "raw", "status": 418, "body": {"code": "x"}}), 418, json!("x")),
    ] {
        let put = control(&supabase, "PUT", "faults", json!({ "faults": [fault] })).await;
        assert_eq!(put.status, 204, "{}", put.body);
        let got = ask(&supabase, "GET", "landing_leads?order=id&limit=4", KEY).await;
        assert_eq!(
            (got.status, got.body.get("code").cloned().unwrap_or_default()),
            (status, code),
            "{fault}"
        );
    }
    let faults = json!({"faults": [{"kind": "ignored_filters", "columns": ["id"], "count": 1}]});
    control(&supabase, "PUT", "faults", faults).await;
    assert_eq!(ids(&supabase, "id=eq.9&order=id").await, [1, 2, 3, 4]);
    assert_eq!(ids(&supabase, "id=eq.9&order=id").await, [0; 0]);
    control(&supabase, "PUT", "faults", json!({"faults": [{"kind": "ignored_order", "table": "other"}]}))
        .await;
    assert_eq!(ids(&supabase, "order=id").await, [1, 2, 3, 4]);
}

#[tokio::test]
async fn what_was_asked_is_recorded_without_keys() {
    let supabase = with_rows().await;
    ask(&supabase, "GET", "landing_leads?order=id&limit=2", KEY).await;
    ask(&supabase, "GET", "landing_leads", "other").await;
    let record = control(&supabase, "GET", "requests", Value::Null).await.body;
    let requests = record["requests"].as_array().unwrap();
    assert_eq!((&requests[0]["status"], &requests[0]["rows"]), (&json!(206), &json!(2)));
    assert_eq!((&requests[0]["query"], &requests[0]["key"]), (&json!("order=id&limit=2"), &json!("ok")));
    assert_eq!((&requests[1]["status"], &requests[1]["key"]), (&json!(401), &json!("wrong")));
    assert!(!record.to_string().contains(KEY));
    let other = Request::get("/control/supabase/other/requests").body(Body::empty()).unwrap();
    assert_eq!(answer(&supabase, other).await.status, 404);
}
