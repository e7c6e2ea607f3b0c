//! Secrets are tried before they are kept, used from the next call on, and never told again: not in an answer, a log, the
//! audit, or the store.

use std::collections::BTreeSet;

use e2e::crm::MADE_UP;
use e2e::env::env;
use e2e::neighbours::{self, NAMES, Neighbours, fail, heal, kept, set, until_logged};
use e2e::sandbox::control;
use e2e::template::Template;
use e2e::{Answer, Caller, aws, clock, graph, world};
use serde_json::{Value, json};

/// A token or key that nobody else has, long enough to be looked for.
fn unique(what: &str) -> String {
    format!("{MADE_UP}{what}-{:032x}", fastrand::u128(..))
}

/// The fields of each neighbour's secret that are its key, with a value of this test.
fn planted() -> Vec<(&'static str, Value)> {
    vec![
        ("facebook", json!({ "access_token": unique("facebook") })),
        ("amocrm", json!({ "access_token": unique("amocrm") })),
        ("telegram", json!({ "bot_token": format!("7000000009:{}", unique("telegram")) })),
        ("sms", json!({ "api_key": unique("sms") })),
        ("openai", json!({ "api_key": unique("openai") })),
        ("supabase", json!({"landing_key": unique("landing"), "tripwire_key": unique("tripwire")})),
    ]
}

fn texts(fields: &Value) -> Vec<String> {
    fields.as_object().unwrap().values().map(|value| value.as_str().unwrap().to_owned()).collect()
}

fn last_four(text: &str) -> &str {
    &text[text.len() - 4..]
}

/// Has a neighbour take these for good, and nothing else.
async fn take(name: &str, fields: &Value) {
    match name {
        "facebook" => {
            let mut world = world::world(&[]);
            world["token"] = json!({ "access_token": fields["access_token"] });
            graph::enter(&world).await;
        }
        "amocrm" => {
            let tokens = json!({"tokens": {"long_lived": [fields["access_token"]]}});
            control("PUT", "/control/amocrm/world", Some(&tokens)).await;
        }
        "telegram" => set(name, &json!({ "token": fields["bot_token"] })).await,
        "sms" | "openai" => set(name, &json!({ "api_key": fields["api_key"] })).await,
        _ => {
            for database in ["landing", "tripwire"] {
                let key = json!({ "key": fields[format!("{database}_key")] });
                control("PUT", &format!("/control/supabase/{database}/settings"), Some(&key)).await;
            }
        }
    }
}

/// Ends that of the databases, which no turn at the neighbours takes back.
async fn forget_keys() {
    for database in ["landing", "tripwire"] {
        control("DELETE", &format!("/control/supabase/{database}/settings"), None).await;
    }
}

fn assert_hides(answer: &Answer, secrets: &[String]) {
    let text = answer.text();
    for secret in secrets {
        assert!(!text.contains(&secret[..secret.len() - 5]), "{} tells a secret", answer.asked);
    }
}

#[tokio::test]
async fn a_good_secret_is_kept_and_used_and_a_part_leaves_the_rest() {
    let all = Neighbours::alone().await;
    for (name, fields) in planted() {
        take(name, &fields).await;
        let before = kept(name).await;
        let answer = all.put(&Caller::Admin, name, &fields).await;
        let row = answer.ok()["secret"].take();
        assert_hides(&answer, &texts(&fields));
        let mut expected = before.clone();
        expected.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        assert_eq!(kept(name).await, expected, "{name}");
        assert_eq!(
            (&row["name"], &row["configured"], &row["age_days"]),
            (&json!(name), &json!(true), &json!(0))
        );
        for field in row["fields"].as_array().unwrap() {
            let value = expected[field["name"].as_str().unwrap()].as_str();
            let shown = value.filter(|value| value.len() >= 12).map(last_four);
            assert_eq!(
                (&field["is_set"], field["last_four"].as_str()),
                (&json!(value.is_some()), shown),
                "{row}"
            );
        }
        let told = all.shown(name).await;
        assert_eq!(told["fields"], row["fields"]);
        assert!(told["changed_at"].as_str().is_some_and(|at| at.ends_with("+05:00")), "{told}");
    }
    forget_keys().await;
    // The next calls are made with them.
    let tokens = all.check().await;
    assert!(tokens.values().all(|token| token["valid"] == true), "{tokens:?}");
    all.end().await;
}

#[tokio::test]
async fn what_a_neighbour_refuses_is_not_kept_and_the_old_one_works_on() {
    let all = Neighbours::alone().await;
    for (name, fields) in planted() {
        let before = kept(name).await;
        let answer = all.put(&Caller::Admin, name, &fields).await;
        let blamed = fields.as_object().unwrap().keys().next().unwrap();
        let body = answer.invalid(&[blamed]);
        let words = match name {
            "facebook" => "not valid",
            "amocrm" => "HTTP 401",
            "telegram" => "Unauthorized",
            "sms" => "Login failed",
            "openai" => "invalid_api_key",
            _ => "Invalid API key",
        };
        let problem = body["details"][0]["problem"].as_str().unwrap();
        assert!(problem.contains(words), "{name}: {problem}");
        assert_hides(&answer, &texts(&fields));
        assert_eq!(kept(name).await, before, "{name}");
    }
    // A chat that the bot is not in, a token without its scope, an app's wrong secret.
    let chat = all.put(&Caller::Admin, "telegram", &json!({"chat_id": -1_009_999_999_999_i64})).await;
    chat.invalid(&["chat_id"]);
    let app = all.put(&Caller::Admin, "facebook", &json!({"app_secret": unique("app")})).await;
    app.invalid(&["app_secret"]);
    let mut world = world::world(&[]);
    world["token"] = json!({"scopes": ["public_profile"]});
    graph::enter(&world).await;
    let scope = all.put(&Caller::Admin, "facebook", &neighbours::default("facebook")).await;
    let problem = scope.invalid(&["access_token"])["details"][0]["problem"].take();
    assert!(problem.as_str().unwrap().contains("ads_read"), "{problem}");
    graph::enter(&world::world(&[])).await;
    // Of two databases the one whose key is bad is named.
    let mut keys = neighbours::default("supabase");
    keys["tripwire_key"] = unique("tripwire").into();
    all.put(&Caller::Admin, "supabase", &keys).await.invalid(&["tripwire_key"]);
    let tokens = all.check().await;
    assert!(tokens.values().all(|token| token["valid"] == true), "{tokens:?}");
    all.end().await;
}

#[tokio::test]
async fn what_cannot_be_tried_is_not_kept() {
    let all = Neighbours::alone().await;
    let rows = all.audit("limit=500").await.len();
    for (of, name) in [
        ("graph", "facebook"),
        ("amocrm", "amocrm"),
        ("telegram", "telegram"),
        ("sms", "sms"),
        ("openai", "openai"),
    ] {
        let before = kept(name).await;
        fail(of, &json!({"kind": "hang_up"})).await;
        let answer = all.put(&Caller::Admin, name, &neighbours::default(name)).await;
        let message = answer.refused(502, "upstream_error")["message"].take();
        assert!(message.as_str().unwrap().contains("Nothing was stored"), "{message}");
        assert_hides(&answer, &texts(&before));
        heal(of).await;
        assert_eq!(kept(name).await, before, "{name}");
    }
    assert_eq!(all.audit("limit=500").await.len(), rows, "nothing has changed");
    all.end().await;
}

#[tokio::test]
async fn a_change_that_is_none_is_told_by_its_fields() {
    let all = Neighbours::alone().await;
    let admin = &Caller::Admin;
    all.put(admin, "openai", &json!({})).await.invalid(&["body"]);
    all.put(admin, "openai", &json!({"key": "x"})).await.invalid(&["key"]);
    all.put(admin, "openai", &json!({"api_key": ["x"]})).await.invalid(&["api_key"]);
    all.put(admin, "sms", &json!({"api_key": null})).await.invalid(&["api_key"]);
    all.put(admin, "openai", &json!(["api_key"])).await.invalid(&["body"]);
    let nobody = json!({"api_key": "x"});
    all.put(admin, "google", &nobody).await.refused(404, "not_found");
    let missing = all.stack().get(admin, "/api/admin/secrets/google").await;
    missing.refused(404, "not_found");
    let buyer = Caller::Buyer("muha");
    for name in NAMES {
        all.put(&buyer, name, &nobody).await.refused(403, "forbidden");
        all.stack().get(&buyer, &format!("/api/admin/secrets/{name}")).await.refused(403, "forbidden");
    }
    all.stack().get(&buyer, "/api/admin/secrets").await.refused(403, "forbidden");
    all.stack().get(&buyer, "/api/admin/audit").await.refused(403, "forbidden");
    // Two who replace it at once: the lock is another's.
    let until = (clock::now() + chrono::TimeDelta::minutes(5)).timestamp_millis().to_string();
    let lock =
        json!({"pk": {"S": "lock#secret-openai"}, "ticket": {"S": "e2e"}, "lease_until": {"N": until}});
    aws::dynamodb("PutItem", &json!({"TableName": env().get("TABLE_SETTINGS"), "Item": lock})).await;
    all.put(admin, "openai", &neighbours::default("openai")).await.refused(409, "conflict");
    neighbours::forget("lock#secret-openai").await;
    all.put(admin, "openai", &neighbours::default("openai")).await.ok();
    all.end().await;
}

/// Every item of every table, as text.
async fn everything() -> Vec<(String, String)> {
    let mut all = vec![];
    for name in ["EVENTS", "SALES", "COUNTERS", "ADS", "LEADS", "NOTIFICATIONS", "SETTINGS"] {
        let mut input = json!({"TableName": env().get(&format!("TABLE_{name}"))});
        loop {
            let mut page = aws::dynamodb("Scan", &input).await;
            let items = page["Items"].as_array().expect("items").iter();
            all.extend(items.map(|item| (name.to_owned(), item.to_string())));
            match page.get_mut("LastEvaluatedKey") {
                Some(key) if !key.is_null() => input["ExclusiveStartKey"] = key.take(),
                _ => break,
            }
        }
    }
    all
}

#[tokio::test]
async fn a_planted_secret_is_in_no_answer_no_log_no_audit_row_and_nowhere_in_the_store() {
    let all = Neighbours::alone().await;
    let mut secrets = vec![];
    let mut answers = vec![];
    for (name, fields) in planted() {
        // Refused, untried, then taken.
        answers.push(all.put(&Caller::Admin, name, &fields).await);
        take(name, &fields).await;
        answers.push(all.put(&Caller::Admin, name, &fields).await);
        assert_eq!(answers.last().unwrap().status, 200, "{name}: {}", answers.last().unwrap().shown());
        secrets.extend(texts(&fields));
    }
    let report = aws::invoke("token-check", &json!({})).await.expect("a report").to_string();
    all.check().await;
    // Those that are kept die, and are told of.
    for name in ["openai", "sms", "telegram"] {
        control("DELETE", &format!("/control/{name}/settings"), None).await;
    }
    all.check().await;
    for path in ["/api/admin/secrets", "/api/admin/token-health", "/api/admin/audit?limit=500"] {
        answers.push(all.stack().get(&Caller::Admin, path).await);
    }
    forget_keys().await;
    for answer in &answers {
        assert_hides(answer, &secrets);
    }
    assert_eq!(secrets.len(), 7);
    // More than the end of none is anywhere; the last four characters alone may stand in the audit.
    let telling: Vec<&str> = secrets.iter().map(|secret| &secret[..secret.len() - 4]).collect();
    assert!(telling.iter().all(|secret| secret.len() > 30 && !report.contains(secret)));
    for (table, item) in everything().await {
        assert!(!telling.iter().any(|secret| item.contains(secret)), "a secret in {table}");
    }
    until_logged("secret-replace", "a secret was replaced").await;
    for function in Template::read().function_names() {
        for line in e2e::logs::of(&function).await {
            assert!(!telling.iter().any(|secret| line.contains(secret)), "{function} logs a secret");
        }
    }
    let rows = all.audit("limit=500").await;
    let ends: BTreeSet<&str> = secrets.iter().map(|secret| last_four(secret)).collect();
    for secret in &ends {
        assert!(rows.iter().any(|row| row["after"].to_string().contains(secret)), "no row for …{secret}");
    }
    all.end().await;
}

#[tokio::test]
async fn the_audit_tells_who_replaced_what_the_newest_first_page_by_page() {
    let all = Neighbours::alone().await;
    let day = clock::now().date_naive();
    let mut ends = vec![];
    for _ in 0..3 {
        let key = unique("openai");
        set("openai", &json!({ "api_key": key })).await;
        all.put(&Caller::Admin, "openai", &json!({ "api_key": key })).await.ok();
        ends.push(last_four(&key).to_owned());
    }
    let email = env().get("ADMIN_EMAIL");
    let rows = all.audit(&format!("who={email}&limit=2")).await;
    let id = rows[0]["who"]["id"].as_str().unwrap();
    assert_eq!(all.audit(&format!("who={id}&limit=500")).await, rows);
    assert_eq!(all.audit("who=nobody@school.example").await, Vec::<Value>::new());
    let changes: Vec<(&Value, &Value)> =
        rows.iter().take(3).map(|row| (&row["before"]["api_key"], &row["after"]["api_key"])).collect();
    let expected = [(&ends[1], &ends[2]), (&ends[0], &ends[1])].map(|(from, to)| (json!(from), json!(to)));
    assert_eq!(changes[..2], expected.each_ref().map(|(from, to)| (from, to)));
    assert_eq!(changes[2].1, &json!(ends[0]));
    for row in &rows[..3] {
        let told = (&row["action"], &row["subject"], &row["who"]["email"]);
        assert_eq!(told, (&json!("secret_replaced"), &json!("openai"), &json!(email)), "{row}");
        assert!(row["effect"].as_str().is_some_and(|effect| effect.contains("real call")), "{row}");
    }
    assert!(rows.is_sorted_by(|newer, older| newer["at"].as_str() >= older["at"].as_str()), "{rows:?}");
    let before = day - chrono::Days::new(40);
    let past = all.audit(&format!("from={before}&to={before}")).await;
    assert_eq!(past, Vec::<Value>::new());
    let ask =
        async |question: &str| all.stack().get(&Caller::Admin, &format!("/api/admin/audit?{question}")).await;
    ask("limit=0").await.invalid(&["limit"]);
    ask("cursor=x").await.invalid(&["cursor"]);
    ask("from=2026-02-30").await.invalid(&["from"]);
    all.end().await;
}

#[tokio::test]
async fn amocrms_keys_are_tried_by_new_tokens_and_these_are_kept() {
    let all = Neighbours::alone().await;
    let oauth = json!({
        "client_id": unique("client"), "client_secret": unique("client-secret"), "redirect_uri": "https://example.org/oauth",
        "access_token": unique("access"), "refresh_token": unique("refresh"),
    });
    let tokens = json!({"long_lived": [], "oauth": oauth});
    control("PUT", "/control/amocrm/world", Some(&json!({ "tokens": tokens }))).await;
    neighbours::store("amocrm", &oauth).await;
    // The access token works, and what stands beside it would renew nothing.
    let wrong = all.put(&Caller::Admin, "amocrm", &json!({"client_secret": unique("other")})).await;
    wrong.invalid(&["client_secret"]);
    let alone = all.put(&Caller::Admin, "amocrm", &json!({"access_token": oauth["access_token"]})).await;
    alone.invalid(&["refresh_token"]);
    assert_eq!(kept("amocrm").await, oauth, "the old one works on");
    all.put(&Caller::Admin, "amocrm", &json!({"client_secret": oauth["client_secret"]})).await.ok();
    let renewed = kept("amocrm").await;
    for name in ["access_token", "refresh_token"] {
        assert_ne!(renewed[name], oauth[name], "{name}");
    }
    for name in ["client_id", "client_secret", "redirect_uri"] {
        assert_eq!(renewed[name], oauth[name], "{name}");
    }
    assert_eq!(all.check().await["amocrm"]["valid"], true);
    all.end().await;
}
