//! Changed rules: they decide at once about what is new, what stands is moved only by a job, and moved back to what it was.

use e2e::days::{self, Day};
use e2e::landing::Form;
use e2e::settings::fresh_pattern;
use e2e::{Caller, Deal, Guest, Hook, Route, Stack, figures, leads, poll, rebuild, settings};
use serde_json::{Value, json};

fn period(day: Day) -> (String, String) {
    (day.to_string(), day.to_string())
}

async fn sold(stack: &Stack, day: Day, campaign: &str) -> Deal {
    let deal = Deal::new();
    let hook = Hook::won(Route::Funnel, deal, day.noon()).price(5_000).campaign(campaign);
    assert_eq!(stack.hook(&hook).await.outcome(), "recorded");
    deal
}

async fn team_of(stack: &Stack, deal: Deal) -> Value {
    stack.sale(&deal.sale("express")).await.ok()["sale"]["team"].clone()
}

/// How many forms with a pattern in their values are counted today as Kenesary's and as Muha's.
async fn forms_of(pattern: &str) -> [(i64, i64); 2] {
    [leads::counted_by_content("kenesary", pattern).await, leads::counted_by_content("muha", pattern).await]
}

async fn give(stack: &Stack, team: &str, pattern: &str) {
    settings::change(stack, "teams", |teams| settings::give(teams, team, pattern)).await;
}

#[tokio::test]
async fn a_preview_is_what_the_funnel_shows_after_applying_and_undo_restores_every_counter() {
    let (stack, _turn) = (Stack::for_forms().await, settings::turn().await);
    let (day, pattern) = (days::fresh(&stack, 1).await, fresh_pattern());
    give(&stack, "kenesary", &pattern).await;
    let campaign = format!("kz_{pattern}_video");
    let old = [sold(&stack, day, &campaign).await, sold(&stack, day, &campaign).await];
    let other = sold(&stack, day, "muha_1").await;
    let lead = Form::proftest(&Guest::new()).with("utm_campaign", campaign.as_str()).taken(&stack).await;
    assert_eq!(leads::lead(&lead).await["team"], "kenesary");
    let before = figures::of(&stack, day, day).await;
    let key = |team: &str| (team.to_owned(), "express".to_owned());
    assert_eq!(before[&key("kenesary")], figures::Sum::active(2, 10_000));
    assert_eq!(forms_of(&pattern).await, [(1, 0), (0, 0)]);

    let mut wanted = settings::section(&stack, "teams").await["value"].clone();
    settings::give(&mut wanted, "muha", &pattern);
    let (from, to) = period(day);
    let told = settings::preview(&stack, "teams", &wanted, (&from, &to)).await;
    let expected = json!([{"from": "kenesary", "to": "muha", "sales": 2, "leads": 0, "revenue_kzt": 10_000}]);
    assert_eq!((&told["moves"], &told["complete"]), (&expected, &json!(true)), "{told}");
    let today = poll::days_ago(0).to_string();
    let of_today = settings::preview(&stack, "teams", &wanted, (&today, &today)).await;
    let moves = of_today["moves"].as_array().unwrap();
    let between = moves.iter().find(|one| (&one["from"], &one["to"]) == (&"kenesary".into(), &"muha".into()));
    assert_eq!(between.map(|one| &one["leads"]), Some(&json!(1)), "{of_today}");

    give(&stack, "muha", &pattern).await;
    assert_eq!(figures::of(&stack, day, day).await, before, "saving moves nothing");
    let new = sold(&stack, day, &campaign).await;
    assert_eq!(team_of(&stack, new).await, "muha", "what is new is decided at once");
    assert_eq!(team_of(&stack, old[0]).await, "kenesary", "what stands is not moved");
    let again = Hook::won(Route::Funnel, old[0], day.noon() + 60).price(5_000).campaign(&campaign);
    stack.hook(&again).await.ok();
    assert_eq!(team_of(&stack, old[0]).await, "kenesary", "by no event that says nothing new");
    let cheaper = Hook::won(Route::Funnel, old[0], day.noon() + 120).price(4_000).campaign(&campaign);
    assert_eq!(stack.hook(&cheaper).await.outcome(), "updated");
    assert_eq!(team_of(&stack, old[0]).await, "kenesary", "nor by another price");
    rebuild::assert_no_difference(day, day).await;
    let standing = figures::of(&stack, day, day).await;

    let job = settings::job(&stack, "apply", &json!({"from": from, "to": to})).await;
    assert_eq!((&job["deals_moved"], &job["days"]), (&json!(2), &json!(1)), "{job}");
    let of_leads = settings::job(&stack, "apply", &json!({"from": today, "to": today})).await;
    assert_eq!(leads::lead(&lead).await["team"], "muha", "{of_leads}");
    assert_eq!(forms_of(&pattern).await, [(0, 0), (1, 0)]);
    rebuild::until_no_difference(&today, &today).await;
    for deal in [old[0], old[1], new, other] {
        assert_eq!(team_of(&stack, deal).await, "muha");
    }
    let moved = figures::of(&stack, day, day).await;
    assert_eq!(moved.get(&key("kenesary")), None, "{moved:?}");
    assert_eq!(moved[&key("muha")], figures::Sum::active(4, 19_000));
    rebuild::assert_no_difference(day, day).await;

    let id = job["job_id"].clone();
    let undone = settings::job(&stack, "undo", &json!({"job_id": id})).await;
    assert_eq!((&undone["kind"], &undone["of"]), (&json!("undo"), &id), "{undone}");
    assert_eq!(figures::of(&stack, day, day).await, standing);
    rebuild::assert_no_difference(day, day).await;
    stack
        .post_json(&Caller::Admin, "/api/admin/attribution/undo", &json!({"job_id": id}))
        .await
        .refused(409, "conflict");
    settings::job(&stack, "undo", &json!({"job_id": of_leads["job_id"]})).await;
    assert_eq!(leads::lead(&lead).await["team"], "kenesary");
    assert_eq!(forms_of(&pattern).await, [(1, 0), (0, 0)]);
    rebuild::until_no_difference(&today, &today).await;
    settings::change(&stack, "teams", |teams| settings::take_away(teams, &pattern)).await;
}

#[tokio::test]
async fn a_sale_that_becomes_another_products_goes_and_comes_back() {
    let (stack, _turn) = (Stack::open().await, settings::turn().await);
    let day = days::fresh(&stack, 1).await;
    let deal = Deal::new();
    // A price that no other test has.
    let hook = Hook::won(Route::Sales, deal, day.noon()).price(4_987);
    assert_eq!(stack.hook(&hook).await.outcome(), "recorded");
    let before = figures::of(&stack, day, day).await;
    let held = settings::section(&stack, "products").await;
    let mut wanted = held["value"].clone();
    wanted["products"][0]["from_price"] = json!(4_987);
    let (from, to) = period(day);
    let told = settings::preview(&stack, "products", &wanted, (&from, &to)).await;
    let expected = json!([{"from": "other", "to": "express", "sales": 1, "revenue_from_kzt": 4_987, "revenue_to_kzt": 4_987}]);
    assert_eq!((&told["products"], &told["moves"]), (&expected, &json!([])), "{told}");
    assert_eq!(told["warnings"], json!([]), "{told}");
    let mut stages = wanted.clone();
    stages["stages"]["sale"] = json!([{"pipeline": 1, "stage": 2}]);
    let told = settings::preview(&stack, "products", &stages, (&from, &to)).await;
    assert_eq!(told["warnings"].as_array().map(Vec::len), Some(1), "{told}");
    settings::change(&stack, "products", |products| *products = wanted).await;
    // More days than are worked off in one go.
    let job = settings::job(&stack, "apply", &json!({"from": from, "to": day.plus(34).to_string()})).await;
    assert_eq!((&job["days"], &job["days_done"]), (&json!(35), &json!(35)), "{job}");
    stack.sale(&deal.sale("express")).await.ok();
    rebuild::assert_no_difference(day, day).await;
    settings::job(&stack, "undo", &json!({"job_id": job["job_id"]})).await;
    assert_eq!(figures::of(&stack, day, day).await, before);
    rebuild::assert_no_difference(day, day).await;
    settings::change(&stack, "products", |products| *products = held["value"].clone()).await;
}

#[tokio::test]
async fn a_rule_is_explained_by_values_and_by_a_sale() {
    let (stack, _turn) = (Stack::open().await, settings::turn().await);
    let (day, pattern) = (days::fresh(&stack, 1).await, fresh_pattern());
    let ask = async |query: &str| {
        stack.get(&Caller::Admin, &format!("/api/admin/attribution/explain?{query}")).await
    };
    let answer = ask("utm_campaign=proftest_kenesary&utm_source=").await.ok();
    assert_eq!((&answer["team"], &answer["trail"]["pattern"]), (&json!("kenesary"), &json!("kenesary")));
    for blank in ["", "utm_campaign=%20", "utm_campaign=&utm_source="] {
        let answer = ask(blank).await.ok();
        assert_eq!((&answer["team"], &answer["trail"]["source"]), (&Value::Null, &json!("none")));
        assert_eq!(answer["trail"]["reason"], "no_utm", "{answer}");
    }
    let nobodys_ad = fastrand::u64(100_000_000_000_000..900_000_000_000_000);
    let answer = ask(&format!("utm_content={nobodys_ad}")).await.ok();
    assert_eq!(
        (&answer["team"], &answer["trail"]["reason"]),
        (&Value::Null, &json!("unknown_utm")),
        "{answer}"
    );
    let deal = sold(&stack, day, &pattern).await;
    give(&stack, "traf4", &pattern).await;
    let answer = ask(&format!("sale_id={}", deal.sale("express"))).await.ok();
    assert_eq!((&answer["team"], &answer["stands"]["team"]), (&json!("traf4"), &Value::Null), "{answer}");
    settings::change(&stack, "teams", |teams| settings::take_away(teams, &pattern)).await;
    ask("sale_id=1-2-express").await.refused(404, "not_found");
    ask("sale_id=nothing").await.refused(404, "not_found");
}

#[tokio::test]
async fn an_order_that_makes_no_sense_begins_no_job() {
    let stack = Stack::open().await;
    let post = async |what: &str, body: &Value| {
        stack.post_json(&Caller::Admin, &format!("/api/admin/attribution/{what}"), body).await
    };
    post("apply", &json!({})).await.invalid(&["body"]);
    post("apply", &json!({"from": "2026-11-02", "to": "2026-11-01"})).await.invalid(&["to"]);
    let id = "01931d6c-5b00-7000-8000-000000000001";
    for none in ["none", "current", "applied", id] {
        post("undo", &json!({"job_id": none})).await.refused(404, "not_found");
    }
    post("preview", &json!({"section": "notifications", "value": {}})).await.invalid(&["section"]);
    post("preview", &json!({"section": "teams", "value": []}))
        .await
        .invalid(&["value", "value", "value", "value", "value"]);
    stack.get(&Caller::Admin, "/api/admin/attribution/jobs/none").await.refused(404, "not_found");
}
