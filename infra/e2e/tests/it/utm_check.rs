//! Ads that run with UTM tags that do not lead to their team: each kind is found, the most expensive stands first, and what
//! was found stays while Facebook cannot be asked.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use e2e::env::env;
use e2e::graph::{self, fault_with};
use e2e::world::{AdAccount, Span, world};
use e2e::{Caller, Spend, aws, pulling, settings};
use serde_json::{Value, json};

const ROUTE: &str = "/api/admin/utm-check";

/// Tags that lead to muha's account, by any name of campaign.
const GOOD: &str =
    "utm_source=facebook&utm_medium=cpc&utm_campaign=onai_{{campaign.name}}&utm_content={{ad.name}}";

/// The ids of an account's ads, in order.
fn ids(account: &AdAccount) -> Vec<&str> {
    account.ads().map(|ad| ad.id.as_str()).collect()
}

/// Gives every ad of these accounts good tags, but for those that are named.
async fn tag(accounts: &[&AdAccount], others: &[(&str, &str)]) {
    let ads = accounts.iter().flat_map(|account| ids(account));
    let tags = |ad: &str| others.iter().find(|(other, _)| *other == ad).map_or(GOOD, |(_, tags)| tags);
    let changes: Vec<Value> = ads.map(|ad| json!({"ad_id": ad, "url_tags": tags(ad)})).collect();
    graph::change_ads(&changes.into()).await;
}

/// What the schedule does every day.
async fn check() -> Value {
    aws::invoke("utm-check", &json!({})).await.expect("a report")
}

async fn shown(spend: &Spend, question: &str) -> Value {
    spend.stack.get(&Caller::Admin, &format!("{ROUTE}?{question}")).await.ok()
}

fn column<'a>(answer: &'a Value, name: &str) -> Vec<&'a str> {
    let items = answer["items"].as_array().expect("items");
    items.iter().map(|item| item[name].as_str().expect("a text")).collect()
}

fn kinds(item: &Value) -> Vec<&str> {
    let findings = item["findings"].as_array().expect("findings");
    findings.iter().map(|finding| finding["kind"].as_str().expect("a kind")).collect()
}

/// How the check of an account stands.
fn account<'a>(answer: &'a Value, id: &str) -> &'a Value {
    let accounts = answer["accounts"].as_array().expect("accounts");
    accounts
        .iter()
        .find(|account| account["account_id"] == id)
        .unwrap_or_else(|| panic!("no {id} in {answer}"))
}

#[tokio::test]
async fn every_kind_is_found_and_the_most_expensive_stands_first() {
    let today = Span::last(1);
    let mut muha = AdAccount::of_team("muha", 10);
    let amounts = ["1.00", "90.00", "20.00", "70.00", "40.00", "50.00", "60.00", "30.00", "80.00", "10.00"];
    for (ad, amount) in muha.ads_mut().zip(amounts) {
        amount.clone_into(&mut ad.spend);
    }
    let (traf4, nobody) = (AdAccount::of_team("traf4", 1), AdAccount::new(1));
    let spend = Spend::of(&[muha.clone(), traf4.clone(), nobody.clone()]).await;
    let ads = ids(&muha);
    let broken = [
        (ads[2], ""),
        (ads[3], "utm_campain=onai_{{campaign.name}}&utm_source=onai"),
        (ads[4], "utm_source=fb?utm_campaign=onai"),
        (ads[5], "utm_campaign=onai&utm_campaign=muha"),
        (ads[6], "utm_campaign={{campaign.name}}&utm_content={{ad.name}}"),
        (ads[7], "utm_campaign=kz_ar_video"),
        // It does not run.
        (ads[8], ""),
        // Ids lead to the own account.
        (ads[9], "utm_content={{ad.id}}"),
        (ids(&traf4)[0], "utm_campaign=alex_1"),
    ];
    tag(&[&muha, &traf4, &nobody], &broken).await;
    graph::change_ads(&json!([{"ad_id": ads[8], "effective_status": "ADSET_PAUSED"}])).await;
    spend.refresh_all(&today.order()).await;
    graph::forget_asked().await;
    let report = check().await;
    assert_eq!(report, json!({"accounts": 3, "ads": 11, "with_findings": 6, "problems": []}));
    assert_eq!(graph::asked().await.count(), 3, "a page of each account");

    graph::forget_asked().await;
    let answer = shown(&spend, "").await;
    assert_eq!(graph::asked().await.count(), 0);
    assert_eq!(column(&answer, "ad_id"), [ads[3], ads[6], ads[5], ads[4], ads[7], ads[2]]);
    let found: Vec<Vec<&str>> = answer["items"].as_array().unwrap().iter().map(kinds).collect();
    let expected =
        ["misspelt", "no_team", "doubled", "misspelt", "other_team", "missing"].map(|kind| vec![kind]);
    assert_eq!(found, expected);
    let dearest = &answer["items"][0];
    assert_eq!(dearest["spend"], json!({"amount": 7_000, "currency": "USD"}), "{dearest}");
    assert_eq!((&dearest["team"], &dearest["spend_of"]), (&"muha".into(), &"today".into()));
    assert_eq!(dearest["campaign_id"], muha.campaigns[0].id);
    let advice = dearest["findings"][0]["what_to_do"].as_str().unwrap();
    assert_eq!(advice, "Write utm_campaign instead of utm_campain.");
    assert_eq!(answer["items"][4]["findings"][0]["goes_to"], "arystan");

    // As insights count it, to the tenge.
    let insights = spend.insights(&format!("{}&level=ad", today.query())).await;
    let kzt: BTreeMap<&str, i64> = insights
        .rows
        .iter()
        .map(|row| (row["ad_id"].as_str().unwrap(), row["spend_kzt"].as_i64().unwrap()))
        .collect();
    let items = answer["items"].as_array().unwrap();
    assert!(items.iter().all(|item| item["spend_kzt"] == kzt[item["ad_id"].as_str().unwrap()]), "{answer}");
    let summary = &answer["summary"];
    let at_risk: i64 = ads[2..8].iter().map(|ad| kzt[ad]).sum();
    assert_eq!(summary["spend_at_risk_kzt"], at_risk, "{summary}");
    assert_eq!(summary["spend_at_risk"], json!([{"amount": 27_000, "currency": "USD"}]));
    assert_eq!((&summary["ads"], &summary["with_findings"]), (&11.into(), &6.into()));
    assert_eq!((&answer["stale"], answer["checked_at"].is_string()), (&false.into(), true));
    assert_eq!(account(&answer, &nobody.id)["with_findings"], 0);

    // What is mended is gone after the next check.
    tag(&[&muha, &traf4, &nobody], &[broken[1], broken[8]]).await;
    check().await;
    assert_eq!(column(&shown(&spend, "").await, "ad_id"), [ads[3]]);
}

#[tokio::test]
async fn a_list_is_cut_into_pages_and_narrowed_down() {
    let (muha, kenesary) = (AdAccount::of_team("muha", 3), AdAccount::of_team("kenesary", 1));
    let spend = Spend::of(&[muha.clone(), kenesary.clone()]).await;
    let ads = ids(&muha);
    let other = ids(&kenesary)[0];
    tag(&[&muha, &kenesary], &[(ads[0], ""), (ads[1], ""), (ads[2], "utm_campaign=x")]).await;
    // Facebook finds a full page too much and gives smaller ones; links count like url_tags.
    graph::faults(&[json!({"kind": "reduce_data", "edge": "ads", "account_id": muha.id, "max_limit": 50})])
        .await;
    graph::change_ads(&json!([{"ad_id": ads[1], "link": "https://a.kz/?utm_campaign=onai"}])).await;
    graph::change_ads(
        &json!([{"ad_id": other, "links": ["https://a.kz/?utm_term=1", "https://a.kz/?utm_term=2"]}]),
    )
    .await;
    spend.refresh_all(&Span::last(2).order()).await;
    let report = check().await;
    assert_eq!((&report["ads"], &report["problems"]), (&4.into(), &json!([])), "{report}");

    let whole = shown(&spend, "").await;
    // Good tags are muha's: in another team's account they are another team's.
    let mut expected = vec![ads[0], ads[2], other];
    let mut found = column(&whole, "ad_id");
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected, "{whole}");
    let first = shown(&spend, "limit=2").await;
    let cursor = first["next_cursor"].as_str().expect("a next page");
    let second = shown(&spend, &format!("limit=2&cursor={cursor}")).await;
    assert_eq!([column(&first, "ad_id"), column(&second, "ad_id")].concat(), column(&whole, "ad_id"));
    assert!(second.get("next_cursor").is_none(), "{second}");

    assert_eq!(column(&shown(&spend, "team=kenesary").await, "ad_id"), [other]);
    assert_eq!(column(&shown(&spend, "kind=missing").await, "ad_id"), [ads[0]]);
    let none = shown(&spend, "team=arystan&kind=doubled").await;
    assert_eq!((column(&none, "ad_id").len(), &none["summary"]["spend_at_risk_kzt"]), (0, &0.into()));

    let ask =
        async |caller: Caller, question: &str| spend.stack.get(&caller, &format!("{ROUTE}?{question}")).await;
    ask(Caller::Admin, "team=nobody").await.refused(404, "not_found");
    ask(Caller::Admin, "kind=wrong").await.invalid(&["kind"]);
    ask(Caller::Admin, "limit=0").await.invalid(&["limit"]);
    ask(Caller::Admin, "cursor=x").await.invalid(&["cursor"]);
    for question in ["", "team=muha", "kind=wrong"] {
        ask(Caller::Buyer("muha"), question).await.refused(403, "forbidden");
    }
}

#[tokio::test]
async fn a_blocked_account_gets_no_request_and_the_others_are_checked() {
    let today = Span::last(1);
    let (muha, other) = (AdAccount::of_team("muha", 2), AdAccount::new(1));
    let spend = Spend::of(&[muha.clone(), other.clone()]).await;
    let ads = ids(&muha);
    tag(&[&muha, &other], &[(ads[0], "")]).await;
    spend.refresh_all(&today.order()).await;
    check().await;
    let before = shown(&spend, "").await;
    assert_eq!(column(&before, "ad_id"), [ads[0]]);

    let minutes = json!({"minutes": 19, "edge": "insights", "count": 1});
    graph::faults(&[fault_with("account_block", &muha.id, &minutes)]).await;
    pulling::order(&muha.id, today).await;
    pulling::until_idle().await;
    tag(&[&muha], &[(ads[1], "")]).await;
    graph::forget_asked().await;
    let report = check().await;
    assert_eq!(
        (&report["accounts"], &report["problems"][0]["account_id"]),
        (&1.into(), &json!(muha.id)),
        "{report}"
    );
    let asked = graph::asked().await;
    assert_eq!((asked.count_of(&muha.id), asked.count_of(&other.id), asked.while_blocked()), (0, 1, 0));

    let after = shown(&spend, "").await;
    assert_eq!(column(&after, "ad_id"), [ads[0]], "what was found before stays");
    let (was, is) = (account(&before, &muha.id), account(&after, &muha.id));
    assert_eq!((&is["checked_at"], &is["stale"]), (&was["checked_at"], &true.into()));
    assert!(is["problem"].as_str().is_some_and(|said| said.contains("left alone until")), "{is}");
    assert_eq!(account(&after, &other.id)["problem"], Value::Null);
}

#[tokio::test]
async fn of_an_account_that_is_switched_off_nothing_is_asked_or_told() {
    let (muha, other) = (AdAccount::of_team("muha", 1), AdAccount::new(1));
    let spend = Spend::of(&[muha.clone(), other.clone()]).await;
    let ads = ids(&muha);
    tag(&[&muha, &other], &[(ads[0], "")]).await;
    spend.refresh_all(&Span::last(1).order()).await;
    check().await;
    assert_eq!(column(&shown(&spend, "").await, "ad_id"), ads);
    let _turn = settings::turn().await;
    let off = json!({ muha.id.as_str(): {"enabled": false} });
    settings::change(&spend.stack, "ad_accounts", |held| *held = off).await;
    graph::forget_asked().await;
    assert_eq!(check().await["accounts"], 1);
    let asked = graph::asked().await;
    assert_eq!((asked.count_of(&muha.id), asked.count_of(&other.id)), (0, 1));
    let told = shown(&spend, "").await;
    assert_eq!(column(&told, "ad_id"), [""; 0]);
    assert_eq!(told["accounts"].as_array().expect("accounts").len(), 1, "{told}");
    settings::change(&spend.stack, "ad_accounts", |held| *held = json!({})).await;
    assert_eq!(column(&shown(&spend, "").await, "ad_id"), ads, "what was found before is there");
}

#[tokio::test]
async fn while_facebook_is_down_the_last_result_stands_with_its_age() {
    let accounts = [AdAccount::of_team("muha", 1), AdAccount::new(1), AdAccount::new(1)];
    let spend = Spend::of(&accounts).await;
    let ad = ids(&accounts[0])[0];
    tag(&accounts.iter().collect::<Vec<_>>(), &[(ad, "utm_souce=onai")]).await;
    spend.refresh_all(&Span::last(1).order()).await;
    check().await;
    let before = shown(&spend, "").await;
    assert_eq!((column(&before, "ad_id"), &before["stale"]), (vec![ad], &false.into()));

    graph::faults(&[json!({"kind": "transient"})]).await;
    graph::forget_asked().await;
    let report = check().await;
    assert_eq!(
        (&report["accounts"], report["problems"].as_array().unwrap().len()),
        (&0.into(), 3),
        "{report}"
    );
    let asked = graph::asked().await.count();
    assert!((1..=9).contains(&asked), "{asked} calls to someone who is down");
    // Not even one, as long as it is left alone.
    for _ in 0..2 {
        check().await;
    }
    let calls = graph::asked().await.count();
    check().await;
    assert_eq!(graph::asked().await.count(), calls);

    let after = shown(&spend, "").await;
    assert_eq!((&after["items"], &after["checked_at"]), (&before["items"], &before["checked_at"]));
    assert_eq!(after["stale"], true);
    for account in after["accounts"].as_array().unwrap() {
        assert!(account["problem"].is_string() && account["problem_at"].is_string(), "{account}");
    }

    // A result that nobody renewed is overdue after a day, without any problem.
    graph::faults(&[]).await;
    pulling::end_cool_down().await;
    assert_eq!(check().await["problems"], json!([]));
    assert_eq!(shown(&spend, "").await["stale"], false);
    age(&accounts[1].id).await;
    let answer = shown(&spend, "").await;
    assert_eq!(
        (&answer["stale"], account(&answer, &accounts[1].id)["stale"].clone()),
        (&true.into(), true.into())
    );
    assert_eq!(account(&answer, &accounts[2].id)["stale"], false);
}

/// Makes an account's result two days older.
async fn age(account: &str) {
    let key = json!({"pk": {"S": "utm_check"}, "sk": {"S": account}});
    let table = env().get("TABLE_ADS");
    let mut item = aws::dynamodb("GetItem", &json!({"TableName": table, "Key": key})).await["Item"].take();
    let mut document: Value =
        serde_json::from_str(item["document"]["S"].as_str().expect("a document")).unwrap();
    let checked_at: DateTime<Utc> = serde_json::from_value(document["checked_at"].take()).expect("a time");
    document["checked_at"] = json!(checked_at - TimeDelta::days(2));
    item["document"]["S"] = document.to_string().into();
    aws::dynamodb("PutItem", &json!({"TableName": table, "Item": item})).await;
}

#[tokio::test]
async fn a_dead_token_is_tried_once_for_all_accounts() {
    let accounts = [AdAccount::new(1), AdAccount::new(1)];
    let spend = Spend::of(&accounts).await;
    spend.refresh_all(&Span::last(1).order()).await;
    let mut dead = world(&accounts);
    dead["token"] = json!({"state": "expired"});
    graph::enter(&dead).await;
    graph::forget_asked().await;
    let report = check().await;
    assert_eq!(report["problems"].as_array().map(Vec::len), Some(2), "{report}");
    assert_eq!(graph::asked().await.count(), 1);
    let answer = shown(&spend, "").await;
    let said = account(&answer, &accounts[1].id)["problem"].as_str().expect("a problem");
    assert!(said.contains("Connect Facebook again"), "{said}");
    assert_eq!((&answer["checked_at"], &answer["stale"]), (&Value::Null, &true.into()));
}
