//! Ads behind changed rules: an id in a value decides once no pattern does, also for what came while one did.

use e2e::landing::Form;
use e2e::world::{AdAccount, Span};
use e2e::{Caller, Deal, Guest, Hook, Route, Spend, days, figures, leads, poll, rebuild, settings};
use serde_json::{Value, json};

/// Whose account is known by its id.
const TEAM: &str = "arystan";

/// Who has a pattern for the campaign at first.
const OTHER: &str = "kenesary";

/// A pattern that no other test's values have.
fn fresh_pattern() -> String {
    let letter = |_| char::from(fastrand::u8(b'a'..=b'z'));
    format!("zy{}", (0..12).map(letter).collect::<String>())
}

async fn trail_of(spend: &Spend, deal: Deal) -> (Value, Value) {
    let sale = spend.stack.sale(&deal.sale("express")).await.ok()["sale"].clone();
    (sale["team"].clone(), sale["trail"]["source"].clone())
}

fn by(team: &str, source: &str) -> (Value, Value) {
    (json!(team), json!(source))
}

/// Of what moves, what goes between these two.
fn between(told: &Value) -> Value {
    let moves = told["moves"].as_array().unwrap().iter();
    moves.filter(|one| one["from"] == OTHER && one["to"] == TEAM).cloned().collect()
}

#[tokio::test]
async fn what_a_pattern_decided_goes_to_the_team_of_its_ad_when_the_pattern_is_taken_away() {
    let accounts = [AdAccount::of_team(TEAM, 1)];
    let ad = accounts[0].ads().next().unwrap();
    let spend = Spend::for_forms(&accounts).await;
    let _turn = settings::turn().await;
    spend.refresh_all(&Span::last(1).order()).await;
    let stack = &spend.stack;
    let (day, pattern) = (days::fresh(stack, 1).await, fresh_pattern());
    settings::change(stack, "teams", |teams| settings::give(teams, OTHER, &pattern)).await;
    let campaign = format!("kz_{pattern}_video");
    let [silent, told_again] = [Deal::new(), Deal::new()];
    let hook = |deal, seconds| {
        let won = Hook::won(Route::Funnel, deal, day.noon() + seconds).price(5_000);
        won.campaign(&campaign).utm("UTM_CONTENT", &ad.id)
    };
    for deal in [silent, told_again] {
        assert_eq!(stack.hook(&hook(deal, 0)).await.outcome(), "recorded");
    }
    let form = Form::proftest(&Guest::new()).with("utm_campaign", campaign.as_str());
    let lead = form.with("utm_content", ad.id.as_str()).taken(stack).await;
    assert_eq!(trail_of(&spend, silent).await, by(OTHER, "utm"));
    assert_eq!(leads::lead(&lead).await["team"], OTHER);
    let before = figures::of(stack, day, day).await;

    let mut wanted = settings::section(stack, "teams").await["value"].clone();
    settings::take_away(&mut wanted, &pattern);
    let (from, today) = (day.to_string(), poll::days_ago(0).to_string());
    let told = settings::preview(stack, "teams", &wanted, (&from, &from)).await;
    let expected = json!([{"from": OTHER, "to": TEAM, "sales": 2, "leads": 0, "revenue_kzt": 10_000}]);
    assert_eq!(told["moves"], expected, "{told}");
    let told = settings::preview(stack, "teams", &wanted, (&today, &today)).await;
    assert_eq!(between(&told)[0]["leads"], 1, "{told}");

    settings::change(stack, "teams", |teams| *teams = wanted).await;
    let sale_id = silent.sale("express");
    let path = format!("/api/admin/attribution/explain?sale_id={sale_id}");
    let told = stack.get(&Caller::Admin, &path).await.ok();
    assert_eq!((&told["team"], &told["stands"]["team"]), (&json!(TEAM), &json!(OTHER)), "{told}");
    stack.hook(&hook(told_again, 60)).await.ok();
    let trail = trail_of(&spend, told_again).await;
    assert_eq!(trail, by(OTHER, "utm"), "a hook that says nothing new moves nothing");

    let job = settings::job(stack, "apply", &json!({"from": from, "to": from})).await;
    for deal in [silent, told_again] {
        assert_eq!(trail_of(&spend, deal).await, by(TEAM, "ad"), "{job}");
    }
    let of_leads = settings::job(stack, "apply", &json!({"from": today, "to": today})).await;
    assert_eq!(leads::lead(&lead).await["team"], TEAM, "{of_leads}");
    stack.hook(&hook(silent, 120)).await.ok();
    assert_eq!(trail_of(&spend, silent).await, by(TEAM, "ad"));
    rebuild::assert_no_difference(day, day).await;

    settings::job(stack, "undo", &json!({"job_id": of_leads["job_id"]})).await;
    settings::job(stack, "undo", &json!({"job_id": job["job_id"]})).await;
    for deal in [silent, told_again] {
        assert_eq!(trail_of(&spend, deal).await, by(OTHER, "utm"));
    }
    assert_eq!(leads::lead(&lead).await["team"], OTHER);
    assert_eq!(figures::of(stack, day, day).await, before);
    rebuild::assert_no_difference(day, day).await;
}
