//! Faults as a caller meets them, and what the record says afterwards.

use super::*;

#[tokio::test]
async fn every_fault_looks_like_the_real_one() {
    let account = Account::calm().await;
    for (fault, status, kind) in [
        (json!({"kind": "unpaid"}), 402, "application/problem+json"),
        (json!({"kind": "blocked"}), 403, "text/html"),
        (json!({"kind": "forbidden_ip"}), 403, "application/problem+json"),
        (json!({"kind": "unauthorized"}), 401, "application/problem+json"),
        (json!({"kind": "too_many"}), 429, "text/html"),
        (json!({"kind": "bad_gateway"}), 502, "text/html"),
        (json!({"kind": "timeout_504"}), 504, "text/html"),
        (json!({"kind": "html_200"}), 200, "text/html"),
        (json!({"kind": "validation", "path": "price"}), 400, "application/problem+json"),
        (json!({"kind": "raw", "status": 418, "body": {"odd": 1}}), 418, "application/json"),
    ] {
        account.faults(json!([fault])).await;
        let got = account.get("account").await;
        assert_eq!((got.status, got.kind()), (status, kind), "{fault}");
        let record = account.record().await;
        let seen = record["requests"].as_array().unwrap().last().unwrap();
        assert_eq!((&seen["fault"], &seen["status"]), (&fault["kind"], &json!(status)));
    }
    account.control("DELETE", "faults", Value::Null).await;
    assert_eq!(account.get("account").await.status, 200);
    let wrong = account.control("PUT", "faults", json!({"faults": [{"kind": "explode"}]})).await;
    assert_eq!(wrong.status, 422);
}

#[tokio::test]
async fn faults_have_their_place_their_turn_and_their_end() {
    let account = Account::calm().await;
    account.faults(json!([{"kind": "unpaid", "edge": "complex", "skip": 1, "count": 1}])).await;
    let write =
        async || account.call("POST", "leads/complex", json!([complex("one", "+77770000001")])).await.status;
    assert_eq!(account.get("account").await.status, 200);
    assert_eq!([write().await, write().await, write().await], [200, 402, 200]);
    let faults = account.control("GET", "faults", Value::Null).await.body;
    assert_eq!(faults["faults"][0]["hits"], 1);
    account.faults(json!([{"kind": "bad_gateway", "method": "post"}])).await;
    assert_eq!((account.get("leads").await.status, write().await), (200, 502));
    account.faults(json!([{"kind": "timeout_504", "max_batch": 1}])).await;
    let two = json!([complex("one", "+77770000001"), complex("two", "+77770000002")]);
    assert_eq!(write().await, 200);
    assert_eq!(account.call("POST", "leads/complex", two).await.status, 504);
}

#[tokio::test]
async fn a_lost_answer_was_carried_out_and_a_hang_up_was_not() {
    let account = Account::calm().await;
    let found = async || account.get("contacts?query=7770000001").await.status;
    account.faults(json!([{"kind": "hang_up", "edge": "complex", "count": 1}, {"kind": "lost_answer", "edge": "complex"}])).await;
    account.call("POST", "leads/complex", json!([complex("one", "+77770000001")])).await;
    assert_eq!(found().await, 204);
    account.call("POST", "leads/complex", json!([complex("one", "+77770000001")])).await;
    assert_eq!(found().await, 200);
    let record = account.record().await;
    assert_eq!(record["requests"][2]["status"], Value::Null);
    assert_eq!(record["requests"][2]["ids"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn the_record_shows_no_person() {
    let account = Account::calm().await;
    account.get("contacts?query=7011234567&with=leads").await;
    account.call("PATCH", "leads/30200003", json!({"price": 5})).await;
    let record = account.record().await;
    let expected = json!({
        "n": 1, "at": "2026-11-20T12:00:00.000Z", "method": "GET", "edge": "contacts",
        "path": "/api/v4/contacts?query=*&with=leads", "status": 200, "fault": null,
        "token": "long_lived", "ids": [],
    });
    assert_eq!(record["requests"][0], expected);
    assert_eq!(record["requests"][1]["ids"], json!([30_200_003]));
    assert_eq!(record["in_flight_max"], 1);
    assert!(!record.to_string().contains("7011234567"));
}
