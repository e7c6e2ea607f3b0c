//! Facebook blocks an account, all insights or the whole application: nobody calls until the time it named, and then
//! everything goes on by itself.

use chrono::{DateTime, TimeDelta, Utc};
use e2e::graph::{self, fault_with};
use e2e::world::{AdAccount, Span};
use e2e::{Caller, Spend, aws, clock, pulling, wait};
use serde_json::{Value, json};

fn time(text: &Value) -> DateTime<Utc> {
    let text = text.as_str().unwrap_or_else(|| panic!("{text} is no time"));
    DateTime::parse_from_rfc3339(text).expect("RFC 3339").to_utc()
}

/// When the only refused call about an account was answered.
async fn refused_at(account: &str) -> DateTime<Utc> {
    let asked = graph::asked().await;
    let refused: Vec<&Value> =
        asked.of(account).into_iter().filter(|request| !request["code"].is_null()).collect();
    assert_eq!(refused.len(), 1, "{refused:#?}");
    time(&refused[0]["at"])
}

#[track_caller]
fn assert_about(told: DateTime<Utc>, expected: DateTime<Utc>) {
    assert!((told - expected).abs() < TimeDelta::seconds(60), "{told} instead of about {expected}");
}

#[tokio::test]
async fn a_blocked_account_is_left_alone_until_its_time_and_the_others_are_done() {
    let days = Span::last(3);
    let accounts: Vec<AdAccount> = (0..4).map(|_| AdAccount::new(2)).collect();
    let blocked = accounts[0].id.as_str();
    let spend = Spend::of(&accounts).await;
    let nineteen = json!({"minutes": 19, "edge": "insights", "count": 1});
    graph::faults(&[fault_with("account_block", blocked, &nineteen)]).await;
    let job = spend.refresh(&days.order()).await;

    // The refresh does not wait for it.
    assert_eq!((job.state(), job.in_state("done").len(), job.in_state("postponed").len()), ("done", 3, 1));
    let until = refused_at(blocked).await + TimeDelta::minutes(19);
    let row = job.account(blocked);
    assert_about(time(&row["not_before"]), until);
    assert_eq!((&row["state"], &row["reason"]), (&"postponed".into(), &"account_limit".into()), "{row}");
    assert!(row["what_to_do"].as_str().is_some_and(|told| !told.is_empty()), "{row}");
    assert_eq!(job.0["postponed"], json!([row]));
    let health = spend.health_of(blocked).await;
    assert_about(time(&health["not_before"]), until);
    assert_eq!((&health["state"], &health["reason"]), (&"paused".into(), &"account_limit".into()));
    for other in &accounts[1..] {
        assert_eq!(spend.health_of(&other.id).await["state"], "ok");
    }

    // Whoever orders it, on whatever edge: it is put off without a call. The hourly schedule does not even order it.
    let put_off = pulling::until_idle().await;
    pulling::order_objects(blocked).await;
    assert_eq!(pulling::until_idle().await, put_off + 1);
    assert_eq!(spend.plan(3).await, 3);
    assert_eq!(pulling::until_idle().await, put_off + 1);
    assert_eq!(spend.pull(28).await, put_off + 2);
    let again = spend.refresh(&days.order()).await;
    assert_eq!(again.in_state("postponed"), [blocked]);
    let asked = graph::asked().await;
    assert_eq!((asked.count_of(blocked), asked.while_blocked()), (1, 0));
    assert_eq!(spend.accounts().await[blocked]["state"], "paused");
}

#[tokio::test]
async fn an_account_whose_time_has_come_is_pulled_by_itself() {
    let days = Span::last(2);
    let accounts: Vec<AdAccount> = (0..5).map(|_| AdAccount::new(2)).collect();
    let id = |n: usize| accounts[n].id.as_str();
    let spend = Spend::of(&accounts).await;
    spend.refresh_all(&days.order()).await;
    let unusual = json!({"error": {
        "message": "(#613) Calls to this api have exceeded the rate limit.", "type": "OAuthException", "code": 613,
        "error_subcode": 1_487_742,
    }});
    let usage = r#"{"acc_id_util_pct":100,"reset_time_duration":3,"ads_api_access_tier":"standard_access"}"#;
    let raw = json!({
        "edge": "insights", "count": 1, "status": 400, "body": unusual, "headers": {"x-ad-account-usage": usage},
    });
    let short = |edge: &str| json!({"seconds": 3, "edge": edge, "count": 1});
    graph::faults(&[
        fault_with("account_block", id(0), &short("insights")),
        fault_with("buc_block", id(1), &short("insights")),
        fault_with("buc_management_block", id(2), &short("campaigns")),
        fault_with("raw", id(3), &raw),
    ])
    .await;
    graph::change(&[(&accounts[0].ads().next().unwrap().id, days.to, Some("88.80"))]).await;
    graph::forget_asked().await;
    // Campaigns and ads of one account, the insights of the others: a block on one edge holds for all.
    pulling::order_objects(id(2)).await;
    wait::until("the account to be blocked", async || {
        (spend.health_of(id(2)).await["state"] == "paused").then_some(())
    })
    .await;
    // That order would hold the account when its insights are due.
    pulling::purge("QUEUE_FACEBOOK_PULL").await;
    let job = spend.refresh(&days.order()).await;
    assert_eq!((job.state(), job.in_state("done")), ("done", vec![id(4).to_owned()]), "{}", job.0);
    for account in &accounts[..4] {
        assert_eq!(job.account(&account.id)["reason"], "account_limit", "{}", job.0);
        let done = spend.until_account(job.id(), &account.id, "done").await;
        assert_eq!((&done["rows"], &done["not_before"]), (&4.into(), &Value::Null), "{done}");
        assert_eq!(spend.health_of(&account.id).await["state"], "ok");
    }
    let asked = graph::asked().await;
    let codes: Vec<(i64, i64)> = asked
        .refused()
        .iter()
        .map(|request| (request["code"].as_i64().unwrap(), request["subcode"].as_i64().unwrap()))
        .collect();
    assert_eq!(codes.len(), 4, "{codes:?}");
    for code in [(17, 2_446_079), (80_000, 2_446_079), (80_004, 2_446_079), (613, 1_487_742)] {
        assert!(codes.contains(&code), "{code:?} in {codes:?}");
    }
    assert_eq!(asked.while_blocked(), 0);
    spend.assert_as_facebook(days).await;
}

#[tokio::test]
async fn a_block_of_the_application_holds_for_all_accounts_and_edges() {
    let days = Span::last(2);
    let accounts: Vec<AdAccount> = (0..3).map(|_| AdAccount::new(1)).collect();
    let spend = Spend::of(&accounts).await;
    spend.refresh_all(&days.order()).await;
    graph::faults(&[json!({"kind": "app_block", "edge": "insights", "minutes": 60, "count": 1})]).await;
    graph::forget_asked().await;
    pulling::order(&accounts[0].id, days).await;
    pulling::until_idle().await;
    let refused = refused_at(&accounts[0].id).await;
    let health = spend.health().await;
    // Facebook did not say for how long: five minutes at first.
    assert_about(time(&health["app"]["paused_until"]), refused + TimeDelta::minutes(5));
    assert_eq!(health["app"]["reason"], "app_limit", "{health}");

    assert_eq!(spend.pull(28).await, 4, "every account is put off");
    pulling::order_objects(&accounts[1].id).await;
    assert_eq!(pulling::until_idle().await, 5);
    let found = aws::invoke("facebook-discover", &json!({})).await.expect("a report");
    assert_eq!(found["notes"].as_array().map(Vec::len), Some(1), "{found}");
    let job = spend.refresh(&days.order()).await;
    assert_eq!((job.state(), job.in_state("postponed").len()), ("done", 3), "{}", job.0);
    assert_eq!(job.account(&accounts[1].id)["reason"], "app_limit", "{}", job.0);
    let asked = graph::asked().await;
    assert_eq!((asked.count(), asked.while_blocked()), (1, 0));
    let funnel = spend.funnel(&Caller::Admin, &days.query()).await;
    assert_eq!(funnel["freshness"]["spend"]["stale"], true, "{}", funnel["freshness"]);
    assert!(clock::now() < time(&health["app"]["paused_until"]), "the test took longer than the pause");
}

#[tokio::test]
async fn a_block_of_insights_lets_other_calls_through() {
    let days = Span::last(2);
    let accounts: Vec<AdAccount> = (0..2).map(|_| AdAccount::new(3)).collect();
    let spend = Spend::of(&accounts).await;
    spend.refresh_all(&days.order()).await;
    graph::faults(&[json!({"kind": "insights_block", "minutes": 60, "count": 1})]).await;
    graph::forget_asked().await;
    pulling::order(&accounts[0].id, days).await;
    assert_eq!(pulling::until_idle().await, 1);
    assert_eq!(spend.health().await["app"]["reason"], "insights_limit");
    pulling::order(&accounts[1].id, days).await;
    assert_eq!(pulling::until_idle().await, 2);
    pulling::order_objects(&accounts[1].id).await;
    assert_eq!(pulling::until_idle().await, 2, "the insights are put off, the objects are read");
    let asked = graph::asked().await;
    assert_eq!((asked.count_at("insights"), asked.while_blocked()), (1, 0));
    assert!(asked.count_at("campaigns") == 1 && asked.count_at("ads") == 1);
    assert_eq!(refused_at(&accounts[0].id).await, time(&asked.refused()[0]["at"]));
}
