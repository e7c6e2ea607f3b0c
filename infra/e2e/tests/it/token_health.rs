//! Whether tokens are good is asked of every neighbour, told in words, and never taken for known where nobody answers.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use e2e::crm::MADE_UP;
use e2e::neighbours::{self, Neighbours, asked, fail, heal, set};
use e2e::sandbox::control;
use e2e::{Caller, aws, clock, graph, world};
use serde_json::{Map, Value, json};

const TOKENS: [&str; 5] = ["facebook", "amocrm", "openai", "telegram", "sms"];

/// A world of Facebook whose token is so.
async fn token_of_facebook(token: &Value) {
    let mut world = world::world(&[]);
    world["token"] = token.clone();
    graph::enter(&world).await;
    graph::forget_asked().await;
}

/// A long-lived token of amoCRM that ends then.
fn jwt(exp: i64) -> String {
    let part = |part: Value| URL_SAFE_NO_PAD.encode(part.to_string());
    format!("{}.{}.{MADE_UP}signature", part(json!({"alg": "none"})), part(json!({ "exp": exp })))
}

/// What amoCRM takes, instead of its world's token.
async fn tokens_of_amocrm(tokens: &Value) {
    control("PUT", "/control/amocrm/world", Some(&json!({ "tokens": tokens }))).await;
}

fn states(tokens: &Map<String, Value>) -> Vec<(&str, &Value)> {
    TOKENS.map(|name| (tokens[name]["status"].as_str().expect("a status"), &tokens[name]["valid"])).to_vec()
}

fn text<'a>(token: &'a Value, name: &str) -> &'a str {
    token[name].as_str().unwrap_or_else(|| panic!("no {name} in {token}"))
}

#[tokio::test]
async fn good_tokens_are_told_good_and_a_read_asks_nobody() {
    let all = Neighbours::alone().await;
    // Messages of earlier forms may still go out.
    set("sms", &json!({"price": "0"})).await;
    for (name, token) in &all.told().await {
        assert_eq!((&token["valid"], &token["checked_at"]), (&Value::Null, &Value::Null), "{name}: {token}");
    }
    let tokens = all.check().await;
    assert_eq!(states(&tokens), [("ok", &json!(true)); 5], "{tokens:?}");
    for token in tokens.values() {
        let nothing = (&token["problem"], &token["what_to_do"], &token["expires_at"], &token["days_left"]);
        assert_eq!(nothing, (&Value::Null, &Value::Null, &Value::Null, &Value::Null), "{token}");
        assert!(text(token, "checked_at").ends_with("+05:00"), "{token}");
    }
    assert_eq!(tokens["sms"]["balance"], json!({"amount": 100_000, "currency": "KZT"}));
    // Neither a read nor another order within half a minute asks anybody.
    let before = (asked("openai", "requests", "models").await, asked("telegram", "messages", "getMe").await);
    assert_eq!((all.told().await, all.check_again().await), (tokens.clone(), tokens));
    let after = (asked("openai", "requests", "models").await, asked("telegram", "messages", "getMe").await);
    assert_eq!(before, after);
    // The schedule does, and finds the same.
    let report = aws::invoke("token-check", &json!({})).await.expect("a report");
    let found = report["tokens"].as_array().expect("tokens");
    assert!(found.len() == 5 && found.iter().all(|token| token["valid"] == true), "{report}");
    assert_eq!(asked("openai", "requests", "models").await, before.0 + 1);
    let buyer = Caller::Buyer("muha");
    all.stack().get(&buyer, "/api/admin/token-health").await.refused(403, "forbidden");
    all.stack().post_json(&buyer, "/api/admin/token-health", &json!({})).await.refused(403, "forbidden");
    all.end().await;
}

#[tokio::test]
async fn what_will_not_last_is_a_warning_with_what_to_do() {
    let all = Neighbours::alone().await;
    let at = |days: i64| (clock::now() + TimeDelta::days(days) + TimeDelta::hours(1)).timestamp();
    // The earlier of both ends counts, and 0 is no end.
    token_of_facebook(&json!({"expires_at": at(30), "data_access_expires_at": at(9)})).await;
    let token = jwt(at(3));
    tokens_of_amocrm(&json!({ "long_lived": [token] })).await;
    neighbours::store("amocrm", &json!({ "access_token": token })).await;
    fail("openai", &json!({"kind": "insufficient_quota"})).await;
    set("sms", &json!({"balance": "420.50", "price": "0"})).await;
    let tokens = all.check().await;
    for name in ["facebook", "amocrm", "openai", "sms"] {
        let token = &tokens[name];
        assert_eq!((&token["status"], &token["valid"]), (&json!("warning"), &json!(true)), "{token}");
        assert!(!text(token, "problem").is_empty() && !text(token, "what_to_do").is_empty(), "{token}");
    }
    assert_eq!((&tokens["facebook"]["days_left"], &tokens["amocrm"]["days_left"]), (&json!(9), &json!(3)));
    assert!(text(&tokens["openai"], "problem").contains("insufficient_quota"));
    assert_eq!(tokens["sms"]["balance"]["amount"], 420);
    // Later than two weeks is no warning; a scope that is missed is.
    token_of_facebook(&json!({"expires_at": at(14)})).await;
    assert_eq!(all.check().await["facebook"]["status"], "ok");
    token_of_facebook(&json!({"scopes": ["ads_read"]})).await;
    let facebook = &all.check().await["facebook"];
    assert_eq!(facebook["status"], "warning", "{facebook}");
    assert!(text(facebook, "problem").contains("business_management"), "{facebook}");
    all.end().await;
}

#[tokio::test]
async fn a_dead_token_is_told_in_the_neighbours_own_words_and_an_unpaid_account_apart_from_it() {
    let all = Neighbours::alone().await;
    token_of_facebook(&json!({"state": "expired"})).await;
    fail("amocrm", &json!({"edge": "account", "kind": "unauthorized"})).await;
    fail("openai", &json!({"kind": "bad_key"})).await;
    set("telegram", &json!({"token": "7000000001:AAanother-bot-of-this-test"})).await;
    fail("sms", &json!({"kind": "bad_key"})).await;
    let tokens = all.check().await;
    assert_eq!(states(&tokens), [("error", &json!(false)); 5], "{tokens:?}");
    let report = aws::invoke("token-check", &json!({})).await.expect("a report");
    assert!(report["tokens"].as_array().unwrap().iter().all(|token| token["valid"] == false), "{report}");
    for (name, words) in [
        ("facebook", "190/463"),
        ("amocrm", "HTTP 401"),
        ("openai", "invalid_api_key"),
        ("telegram", "Unauthorized"),
        ("sms", "Login failed"),
    ] {
        assert!(text(&tokens[name], "problem").contains(words), "{}", tokens[name]);
    }
    // Others than the token can be in the way, and others can help.
    let dead = text(&tokens["amocrm"], "what_to_do").to_owned();
    for (kind, words, status, valid) in
        [("unpaid", "HTTP 402", "warning", true), ("forbidden_ip", "HTTP 403", "error", false)]
    {
        fail("amocrm", &json!({"edge": "account", "kind": kind})).await;
        let amocrm = all.check().await["amocrm"].clone();
        assert_eq!((&amocrm["status"], &amocrm["valid"]), (&json!(status), &json!(valid)), "{amocrm}");
        assert!(text(&amocrm, "problem").contains(words), "{amocrm}");
        assert_ne!(text(&amocrm, "what_to_do"), dead, "{amocrm}");
    }
    set("telegram", &json!({"chats": []})).await;
    token_of_facebook(&json!({"scopes": ["public_profile"]})).await;
    let tokens = all.check().await;
    assert!(text(&tokens["telegram"], "problem").contains("chat not found"), "{}", tokens["telegram"]);
    assert!(text(&tokens["facebook"], "problem").contains("ads_read"), "{}", tokens["facebook"]);
    // Nobody's breaker knows of it.
    assert_eq!(all.crm.breaker().await, Value::Null);
    all.end().await;
}

#[tokio::test]
async fn neighbours_that_hang_leave_what_was_known_and_open_no_breaker() {
    let all = Neighbours::alone().await;
    let end = (clock::now() + TimeDelta::days(100)).timestamp();
    token_of_facebook(&json!({ "expires_at": end })).await;
    let before = all.check().await;
    for name in ["graph", "amocrm", "openai", "telegram", "sms"] {
        fail(name, &json!({"kind": "hang", "seconds": 60})).await;
    }
    // The schedule's run is none the worse for it.
    let report = aws::invoke("token-check", &json!({})).await.expect("a report");
    assert!(report["tokens"].as_array().unwrap().iter().all(|token| token["valid"].is_null()), "{report}");
    let tokens = all.check().await;
    assert_eq!(states(&tokens), [("unknown", &Value::Null); 5], "{tokens:?}");
    for (name, token) in &tokens {
        assert!(!text(token, "problem").is_empty() && !text(token, "what_to_do").is_empty(), "{token}");
        let known = json!({"valid": true, "checked_at": before[name]["checked_at"]});
        assert_eq!(token["last_known"], known, "{token}");
        assert_ne!(token["checked_at"], before[name]["checked_at"], "{token}");
    }
    assert_eq!(tokens["facebook"]["expires_at"], before["facebook"]["expires_at"]);
    assert_eq!(all.crm.breaker().await, Value::Null);
    let health = all.stack().get(&Caller::Admin, "/api/traffic-facebook/health").await.ok();
    assert_eq!(health["breaker"]["state"], "closed", "{health}");
    // One of them is well again: the others are told as they are.
    heal("sms").await;
    let tokens = all.check().await;
    assert_eq!((&tokens["sms"]["valid"], &tokens["sms"]["last_known"]), (&json!(true), &Value::Null));
    assert_eq!(tokens["openai"]["status"], "unknown");
    all.end().await;
}

#[tokio::test]
async fn facebook_is_not_asked_while_it_wants_to_be_left_alone() {
    let all = Neighbours::alone().await;
    token_of_facebook(&json!({})).await;
    let until = (clock::now() + TimeDelta::minutes(20)).to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    let pause = json!({"until": until, "reason": "app_limit"}).to_string();
    let item = json!({"pk": {"S": "facebook#app"}, "app": {"S": pause}});
    let put = json!({"TableName": e2e::env::env().get("TABLE_SETTINGS"), "Item": item});
    aws::dynamodb("PutItem", &put).await;
    let facebook = &all.check().await["facebook"];
    assert_eq!((&facebook["status"], &facebook["valid"]), (&json!("unknown"), &Value::Null), "{facebook}");
    let given = json!({"access_token": "EAAsandbox-of-this-test-000000000001"});
    all.put(&Caller::Admin, "facebook", &given).await.refused(502, "upstream_error");
    assert_eq!(graph::asked().await.count(), 0);
    neighbours::forget("facebook#app").await;
    assert_eq!(all.check().await["facebook"]["valid"], true);
    assert_eq!(graph::asked().await.count_at("debug_token"), 1);
    all.end().await;
}

#[tokio::test]
async fn an_access_token_that_can_be_renewed_is_renewed_and_no_secret_is_known_as_none() {
    let all = Neighbours::alone().await;
    let made_up = |what: &str| format!("{MADE_UP}{what}-0000000000000000");
    let oauth = json!({
        "client_id": made_up("client"), "client_secret": made_up("client-secret"), "redirect_uri": "https://example.org/oauth",
        "access_token": made_up("access"), "refresh_token": made_up("refresh"),
    });
    tokens_of_amocrm(&json!({"long_lived": [], "oauth": oauth})).await;
    neighbours::store("amocrm", &oauth).await;
    all.crm.expire_access_tokens().await;
    let report = aws::invoke("token-check", &json!({})).await.expect("a report");
    let amocrm = report["tokens"].as_array().unwrap().iter().find(|token| token["name"] == "amocrm").unwrap();
    // It ends every day, and nobody has to do anything about that.
    assert_eq!((&amocrm["status"], &amocrm["expires_at"]), (&json!("ok"), &Value::Null), "{amocrm}");
    let first = neighbours::kept("amocrm").await;
    assert_ne!(first["refresh_token"], oauth["refresh_token"]);
    all.crm.expire_access_tokens().await;
    assert_eq!(all.check().await["amocrm"]["valid"], true);
    assert_ne!(neighbours::kept("amocrm").await["refresh_token"], first["refresh_token"]);
    // A refresh token that is used up is for a person.
    neighbours::store("amocrm", &oauth).await;
    let amocrm = &all.check().await["amocrm"];
    assert_eq!((&amocrm["status"], &amocrm["valid"]), (&json!("error"), &json!(false)), "{amocrm}");
    for name in TOKENS {
        neighbours::store(name, &json!({})).await;
    }
    let tokens = all.check().await;
    assert_eq!(states(&tokens), [("error", &json!(false)); 5], "{tokens:?}");
    assert!(tokens.values().all(|token| text(token, "what_to_do").contains("/api/admin/secrets/")));
    all.end().await;
}
