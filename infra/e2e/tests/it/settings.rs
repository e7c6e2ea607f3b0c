//! What is configured: read with its version, changed by one admin at a time, refused where it makes no sense.

use e2e::{Caller, Stack, settings};
use serde_json::{Value, json};

#[tokio::test]
async fn of_two_who_save_the_same_section_one_is_told_what_it_is_now_and_nothing_is_lost() {
    let (stack, _turn) = (Stack::open().await, settings::turn().await);
    let held = settings::section(&stack, "ad_accounts").await;
    let (one, other) = (json!({"11": {"enabled": false}}), json!({"22": {"enabled": false}}));
    let (first, second) = tokio::join!(
        settings::put(&stack, "ad_accounts", &held["version"], &one),
        settings::put(&stack, "ad_accounts", &held["version"], &other),
    );
    let (kept, lost, value) = if first.status == 200 { (first, second, one) } else { (second, first, other) };
    let version = kept.ok()["version"].clone();
    assert_eq!(version, held["version"].as_u64().expect("a version") + 1);
    assert_eq!(lost.refused(409, "conflict")["current_version"], version);
    let now = settings::section(&stack, "ad_accounts").await;
    assert_eq!((&now["version"], &now["value"]), (&version, &value));
    settings::put(&stack, "ad_accounts", &version, &held["value"]).await.ok();
}

#[tokio::test]
async fn every_section_is_listed_and_says_its_defaults() {
    let stack = Stack::open().await;
    let list = stack.get(&Caller::Admin, "/api/admin/settings").await.ok();
    let names: Vec<&str> =
        list["items"].as_array().expect("items").iter().filter_map(|item| item["section"].as_str()).collect();
    assert_eq!(names, ["teams", "products", "payment_stages", "ad_accounts", "notifications", "alerts"]);
    for name in names {
        let section = settings::section(&stack, name).await;
        assert!(section["defaults"].is_object() || section["defaults"].is_array(), "{section}");
    }
    stack.get(&Caller::Admin, "/api/admin/settings/secrets").await.refused(404, "not_found");
}

#[tokio::test]
async fn what_is_wrong_is_named_and_changes_nothing() {
    let (stack, _turn) = (Stack::open().await, settings::turn().await);
    let held = settings::section(&stack, "teams").await;
    let mut teams = held["value"].clone();
    teams[0]["color"] = json!("red");
    teams[1]["patterns"][0]["text"] = json!("");
    settings::put(&stack, "teams", &held["version"], &teams)
        .await
        .invalid(&["[0].color", "[1].patterns[0].text"]);
    let fewer: Vec<Value> = held["value"].as_array().expect("teams")[1..].to_vec();
    settings::put(&stack, "teams", &held["version"], &json!(fewer)).await.invalid(&["value"]);
    settings::put(&stack, "teams", &json!("1"), &held["value"]).await.invalid(&["version"]);
    settings::put(&stack, "teams", &held["version"], &Value::Null).await.invalid(&["value"]);
    assert_eq!(settings::section(&stack, "teams").await, held);
    settings::put(&stack, "nothing", &json!(0), &json!({})).await.refused(404, "not_found");
}

#[tokio::test]
async fn buyers_neither_read_nor_change_what_is_configured() {
    let stack = Stack::open().await;
    let buyer = Caller::Buyer("muha");
    let body = || Some(("application/json", json!({"version": 0, "value": {}}).to_string().into_bytes()));
    for (method, path) in [
        ("GET", "/api/admin/settings"),
        ("GET", "/api/admin/settings/teams"),
        ("PUT", "/api/admin/settings/teams"),
        ("GET", "/api/admin/attribution/explain?utm_source=muha"),
        ("POST", "/api/admin/attribution/preview"),
        ("POST", "/api/admin/attribution/apply"),
        ("POST", "/api/admin/attribution/undo"),
        ("GET", "/api/admin/attribution/jobs/1"),
    ] {
        let body = if method == "GET" { None } else { body() };
        stack.send(method, path, &buyer, body).await.refused(403, "forbidden");
    }
}
