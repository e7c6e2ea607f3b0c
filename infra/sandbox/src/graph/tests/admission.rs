//! Version, token, proof, permission, limits.

use super::*;

#[tokio::test]
async fn a_call_without_its_proof_is_refused_and_the_record_says_why() {
    let facebook = Facebook::new();
    let bearer = |request: axum::http::request::Builder| {
        request.header("authorization", format!("Bearer {}", facebook.token))
    };
    let missing = facebook.send(bearer(Request::get("/graph/v26.0/me/adaccounts")), Body::empty()).await;
    assert_eq!(missing.codes(), (400, Some(100), None));
    assert_eq!(missing.body["error"]["type"], "GraphMethodException");
    assert_eq!(facebook.call("GET", "me/adaccounts", "0000").await.codes(), (400, Some(100), None));
    assert_eq!(facebook.get("me/adaccounts").await.status, 200);
    let record = facebook.record().await;
    let proofs = record["requests"].as_array().unwrap().iter().map(|seen| seen["proof"].clone());
    assert_eq!(proofs.collect::<Vec<_>>(), ["missing", "wrong", "ok"]);
    assert!(!record.to_string().contains(&facebook.token));
}

#[tokio::test]
async fn the_token_may_stand_in_the_query_and_must_be_the_worlds() {
    let facebook = Facebook::new();
    let query = |token: &str, proof: &str| {
        Request::get(format!("/graph/v26.0/me/adaccounts?access_token={token}&appsecret_proof={proof}"))
    };
    let good = facebook.send(query(&facebook.token, &facebook.proof), Body::empty()).await;
    assert_eq!(good.status, 200);
    assert_eq!(facebook.send(query("other", ""), Body::empty()).await.codes(), (400, Some(190), None));
    let none = facebook.send(Request::get("/graph/v26.0/me/adaccounts"), Body::empty()).await;
    assert_eq!(none.codes(), (400, Some(2500), None));
    let record = facebook.record().await;
    let places = record["requests"].as_array().unwrap().iter().map(|seen| seen["token_in"].clone());
    assert_eq!(places.collect::<Vec<_>>(), ["query", "query", "none"]);
}

#[tokio::test]
async fn only_one_version_is_served() {
    let facebook = Facebook::new();
    let at = |path: &str| facebook.send(Request::get(format!("/graph/{path}")), Body::empty());
    assert_eq!(at("v25.0/me").await.codes(), (400, Some(2635), None));
    assert_eq!(at("me/adaccounts").await.codes(), (400, Some(2635), None));
    let future = at("v27.0/me").await;
    assert_eq!(future.codes(), (400, Some(2500), None));
    assert_eq!(future.body["error"]["message"], "Unknown path components: /v27.0/me");
}

#[tokio::test]
async fn a_token_dies_in_several_ways_and_debug_token_tells_which() {
    for (state, subcode) in [("expired", 463), ("checkpoint", 459), ("removed", 458), ("password", 460)] {
        let facebook = Facebook::with(json!({ "token": { "state": state } })).await;
        for path in ["me/adaccounts", "act_1", "debug_token?input_token=x"] {
            assert_eq!(facebook.get(path).await.codes(), (400, Some(190), Some(subcode)), "{path}");
        }
        let world = super::super::world::school().unwrap();
        let app = auth::app_token(&world);
        let proof = auth::sign(&app, &world.app.secret);
        let uri = format!("/graph/v26.0/debug_token?input_token={}&appsecret_proof={proof}", facebook.token);
        let request = Request::get(uri).header("authorization", format!("Bearer {app}"));
        let inspected = facebook.send(request, Body::empty()).await;
        let data = &inspected.body["data"];
        assert_eq!((inspected.status, &data["is_valid"]), (200, &json!(false)));
        assert_eq!(data["error"]["subcode"], subcode);
    }
}

#[tokio::test]
async fn a_living_token_is_inspected_by_itself() {
    let facebook = Facebook::with(json!({"token": {"expires_at": 1_800_000_000}})).await;
    let got = facebook.get(&format!("debug_token?input_token={}", facebook.token)).await;
    let data = &got.body["data"];
    assert_eq!((&data["is_valid"], &data["expires_at"]), (&json!(true), &json!(1_800_000_000)));
    assert_eq!(data["scopes"], json!(["ads_read", "business_management", "public_profile"]));
    let other = facebook.get("debug_token?input_token=other").await;
    assert_eq!((other.status, &other.body["data"]["is_valid"]), (200, &json!(false)));
}

#[tokio::test]
async fn a_missing_permission_is_403_and_one_gated_field_fails_the_whole_call() {
    let facebook =
        Facebook::with(json!({"token": {"scopes": ["ads_read"]}, "businesses": [{"id": "9", "name": "b"}]}))
            .await;
    assert_eq!(facebook.get("me/businesses").await.codes(), (403, Some(200), None));
    let facebook = Facebook::with(small()).await;
    assert_eq!(facebook.get("me/adaccounts?fields=name,owner").await.codes(), (403, Some(200), None));
    assert_eq!(facebook.get("me/adaccounts?fields=name").await.status, 200);
    let mut open = small();
    open["token"] = json!({"gated_fields": true});
    let facebook = Facebook::with(open).await;
    let owned = facebook.get("act_11?fields=name,owner").await;
    assert_eq!(owned.body, json!({"name": "account 11", "owner": "900", "id": "act_11"}));
}

#[tokio::test]
async fn the_limited_tier_blocks_an_account_and_counts_who_keeps_calling() {
    let mut world = small();
    world["tier"] = json!("limited");
    let facebook = Facebook::with(world).await;
    facebook.faults(json!([{"kind": "transient", "count": 10}])).await;
    for call in 0..60 {
        let expected = if call < 10 { 503 } else { 200 };
        assert_eq!(facebook.get("act_11/campaigns").await.status, expected, "failed calls cost as much");
    }
    let refused = facebook.get("act_11/campaigns").await;
    assert_eq!(refused.codes(), (400, Some(17), Some(2_446_079)));
    let usage = refused.header("x-ad-account-usage");
    assert_eq!(
        (&usage["reset_time_duration"], &usage["ads_api_access_tier"]),
        (&json!(300), &json!("development_access"))
    );
    facebook.wait(100);
    assert_eq!(facebook.get("act_11").await.codes(), (400, Some(17), Some(2_446_079)));
    assert_eq!(facebook.get("act_22").await.status, 200, "other accounts go on");
    assert_eq!(facebook.record().await["while_blocked"], json!({"11": 1}));
    facebook.wait(300);
    assert_eq!(facebook.get("act_11").await.status, 200);
}

#[tokio::test]
async fn every_answer_carries_its_usage_good_or_failed() {
    let facebook = Facebook::with(small()).await;
    let good = facebook.get(&insights("11", "ad", "2026-11-18", "2026-11-19")).await;
    let failed = facebook.get("act_11/insights?level=nonsense").await;
    for got in [&good, &failed] {
        assert_eq!(got.headers["facebook-api-version"], "v26.0");
        assert_eq!(got.header("x-app-usage")["call_count"], 0);
        assert_eq!(got.header("x-business-use-case-usage")["11"][0]["type"], "ads_insights");
        assert_eq!(got.header("x-fb-ads-insights-throttle")["ads_api_access_tier"], "standard_access");
        assert_eq!(got.header("x-ad-account-usage")["reset_time_duration"], 0);
    }
    let management = facebook.get("act_11/campaigns").await;
    assert_eq!(management.header("x-business-use-case-usage")["11"][0]["type"], "ads_management");
    assert!(!management.headers.contains_key("x-fb-ads-insights-throttle"));
    assert!(!facebook.get("me/adaccounts").await.headers.contains_key("x-ad-account-usage"));
}
