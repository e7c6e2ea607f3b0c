//! Mobizon as a caller sees it.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{Mobizon, router};
use crate::serve::HangUp;

const KEY: &str = "kzsandbox0000000000000000000000000000000000000000000000000000";

fn mobizon() -> Router {
    router(Arc::new(Mobizon::new(Arc::new(|| "2026-11-20T05:00:00Z".parse().unwrap())).unwrap()))
}

/// Status and body; status 0 for a connection that was closed.
async fn answer(mobizon: &Router, request: Request<Body>) -> (u16, Value) {
    let response = mobizon.clone().oneshot(request).await.unwrap();
    if response.extensions().get::<HangUp>().is_some() {
        return (0, Value::Null);
    }
    let status = response.status().as_u16();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

async fn control(mobizon: &Router, method: &str, path: &str, body: Value) -> (u16, Value) {
    let request = Request::builder().method(method).uri(format!("/control/sms/{path}"));
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    answer(mobizon, request.header("content-type", "application/json").body(body).unwrap()).await
}

async fn ask(mobizon: &Router, method: &str, fields: &[(&str, &str)]) -> (u16, Value) {
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = Request::post(format!("/sms/service/{method}?output=json&api=v1&apiKey={KEY}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(form))
        .unwrap();
    answer(mobizon, request).await
}

async fn send(mobizon: &Router, fields: &[(&str, &str)]) -> (u16, Value) {
    ask(mobizon, "message/sendSmsMessage", fields).await
}

const GOOD: [(&str, &str); 2] = [("recipient", "77773886880"), ("text", "Сәлем!")];

async fn record(mobizon: &Router) -> Value {
    control(mobizon, "GET", "messages", Value::Null).await.1
}

#[tokio::test]
async fn a_message_is_kept_as_the_person_would_receive_it() {
    let mobizon = mobizon();
    let fields = [GOOD[0], GOOD[1], ("from", "School"), ("params[validity]", "1440")];
    let (status, said) = send(&mobizon, &fields).await;
    let data = json!({"campaignId": "100001", "messageId": "1", "status": 2});
    assert_eq!((status, said), (200, json!({"code": 0, "data": data, "message": ""})));
    let record = record(&mobizon).await;
    let kept = json!({
        "n": 1, "at": "2026-11-20T05:00:00.000Z", "message_id": "1", "recipient": "77773886880", "text": "Сәлем!",
        "from": "School", "validity": 1440, "segments": 1, "encoding": "UCS-2",
    });
    assert_eq!(record["messages"][0], kept);
    let asked = &record["requests"][0];
    assert_eq!(
        (&asked["edge"], &asked["status"], &asked["code"]),
        (&json!("sendSmsMessage"), &json!(200), &json!(0))
    );
    assert!(!record.to_string().contains(KEY));
}

#[tokio::test]
async fn the_path_is_taken_in_any_case_and_the_fields_from_the_query() {
    let mobizon = mobizon();
    let uri = format!("/sms/SERVICE/Message/SendSMSMessage?apiKey={KEY}&recipient=77773886880&text=a%20b");
    let (_, said) = answer(&mobizon, Request::get(uri).body(Body::empty()).unwrap()).await;
    assert_eq!(said["code"], 0, "{said}");
    assert_eq!(record(&mobizon).await["messages"][0]["text"], "a b");
}

#[tokio::test]
async fn a_refusal_is_a_200_with_a_code() {
    let mobizon = mobizon();
    for (fields, code, field) in [
        (vec![("recipient", "+77773886880"), GOOD[1]], 1, Some("recipient")),
        (vec![("recipient", "87773886880"), GOOD[1]], 1, Some("recipient")),
        (vec![GOOD[0], ("text", " ")], 1, Some("text")),
        (vec![GOOD[0], GOOD[1], ("from", "Bank")], 1, Some("from")),
        (vec![GOOD[0], GOOD[1], ("params[validity]", "9999")], 1, Some("validity")),
        (vec![GOOD[0]], 11, None),
        (vec![GOOD[0], GOOD[1], ("params[name]", "x")], 12, None),
    ] {
        let (status, said) = send(&mobizon, &fields).await;
        assert_eq!((status, &said["code"]), (200, &json!(code)), "{fields:?} {said}");
        assert!(field.is_none_or(|field| said["data"][field].is_string()), "{said}");
    }
    for query in ["apiKey=other", ""] {
        let uri = format!("/sms/service/message/sendSmsMessage?{query}&recipient=77773886880&text=a");
        let (status, said) = answer(&mobizon, Request::get(uri).body(Body::empty()).unwrap()).await;
        assert_eq!((status, &said["code"]), (200, &json!(8)));
    }
    assert_eq!(ask(&mobizon, "message/list", &[]).await.1["code"], 5);
    let record = record(&mobizon).await;
    assert_eq!(record["messages"], json!([]));
    assert!(!record.to_string().contains("other"));
}

#[tokio::test]
async fn a_message_arrives_while_it_is_asked_about() {
    let mobizon = mobizon();
    control(&mobizon, "PUT", "settings", json!({"undeliverable": ["77010000000"]})).await;
    send(&mobizon, &GOOD).await;
    send(&mobizon, &[("recipient", "77010000000"), ("text", &"я".repeat(71))]).await;
    let mut seen = Vec::new();
    for _ in 0..5 {
        let (_, said) =
            ask(&mobizon, "message/GetSMSStatus", &[("ids[0]", "1"), ("ids[1]", "2"), ("ids[2]", "9")]).await;
        let rows = said["data"].as_array().unwrap().clone();
        assert_eq!((rows.len(), &rows[1]["segNum"]), (2, &json!(2)));
        seen.push((rows[0]["status"].clone(), rows[1]["status"].clone()));
    }
    let expected = [
        ("NEW", "NEW"),
        ("ENQUEUD", "ENQUEUD"),
        ("ACCEPTD", "ACCEPTD"),
        ("DELIVRD", "UNDELIV"),
        ("DELIVRD", "UNDELIV"),
    ];
    assert_eq!(seen, expected.map(|(a, b)| (json!(a), json!(b))));
    let (_, said) = ask(&mobizon, "message/GetSMSStatus", &[("ids", "1,2")]).await;
    assert_eq!(said["data"][0]["startSendTs"], "2026-11-20 05:00:00");
    assert_eq!(ask(&mobizon, "message/GetSMSStatus", &[]).await.1["code"], 2);
    let many = (1..102).map(|id| id.to_string()).collect::<Vec<_>>().join(",");
    assert_eq!(ask(&mobizon, "message/GetSMSStatus", &[("ids", &many)]).await.1["code"], 12);
}

#[tokio::test]
async fn each_segment_costs_and_an_empty_balance_sends_nothing() {
    let mobizon = mobizon();
    control(&mobizon, "PUT", "settings", json!({"balance": "50", "price": "20.00"})).await;
    assert_eq!(send(&mobizon, &[GOOD[0], ("text", &"я".repeat(71))]).await.1["code"], 0);
    let (_, said) = ask(&mobizon, "user/getownbalance", &[]).await;
    assert_eq!(said["data"], json!({"balance": "10.00", "currency": "KZT"}));
    assert_eq!(send(&mobizon, &GOOD).await.1["code"], 15);
    assert_eq!(record(&mobizon).await["messages"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn faults_strike_and_only_a_lost_answer_was_carried_out() {
    let mobizon = mobizon();
    for (fault, status, code) in [
        (json!({"kind": "bad_number"}), 200, json!(1)),
        (json!({"kind": "bad_key"}), 200, json!(8)),
        (json!({"kind": "no_money"}), 200, json!(15)),
        (json!({"kind": "later"}), 200, json!(99)),
        (json!({"kind": "later", "status": 503}), 503, Value::Null),
        (json!({"kind": "html"}), 502, Value::Null),
        (json!({"kind": "raw", "body": {"code": 7}}), 200, json!(7)),
        (json!({"kind": "hang_up"}), 0, Value::Null),
    ] {
        let put = control(&mobizon, "PUT", "faults", json!({ "faults": [fault] })).await;
        assert_eq!(put.0, 204, "{}", put.1);
        let (got, said) = send(&mobizon, &GOOD).await;
        assert_eq!((got, said.get("code").cloned().unwrap_or_default()), (status, code), "{fault}");
    }
    assert_eq!(record(&mobizon).await["messages"], json!([]));
    let faults = json!({"faults": [{"kind": "lost_answer", "recipient": "77773886880", "count": 1}]});
    control(&mobizon, "PUT", "faults", faults).await;
    assert_eq!(send(&mobizon, &GOOD).await.0, 0);
    assert_eq!(send(&mobizon, &GOOD).await.1["code"], 0);
    assert_eq!(record(&mobizon).await["messages"].as_array().unwrap().len(), 2);
    control(&mobizon, "PUT", "faults", json!({"faults": [{"kind": "hang", "seconds": 0}]})).await;
    assert_eq!(send(&mobizon, &GOOD).await.1["code"], 0);
    assert_eq!(
        control(&mobizon, "PUT", "faults", json!({"faults": [{"kind": "later", "status": 500}]})).await.0,
        422
    );
}
