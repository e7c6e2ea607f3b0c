//! What Facebook finds too much is asked for in smaller windows, then in smaller pages, then as a report.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use e2e::graph::{self, Asked, fault_with};
use e2e::world::{AdAccount, Span};
use e2e::{Spend, pulling};
use serde_json::{Value, json};

/// How long the windows of an account's good calls were, in days.
fn lengths(asked: &Asked, account: &str) -> BTreeSet<i64> {
    let day = |value: &Value| value.as_str().unwrap().parse::<NaiveDate>().unwrap();
    let good = asked.of(account).into_iter().filter(|request| request["code"].is_null());
    good.map(|request| (day(&request["until"]) - day(&request["since"])).num_days() + 1).collect()
}

fn edges(asked: &Asked, account: &str) -> BTreeSet<String> {
    asked.of(account).iter().map(|request| request["edge"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_window_that_is_too_much_is_halved_and_a_page_too() {
    let days = Span::last(28);
    let accounts: Vec<AdAccount> = (0..4).map(|_| AdAccount::new(3)).collect();
    let id = |n: usize| accounts[n].id.as_str();
    let spend = Spend::of(&accounts).await;
    graph::faults(&[
        fault_with("reduce_data", id(0), &json!({"max_days": 7})),
        fault_with("too_much_data_100", id(1), &json!({"count": 2})),
        fault_with("timeout_100", id(2), &json!({"count": 1})),
        fault_with("reduce_data", id(3), &json!({"max_days": 14, "max_limit": 499, "count": 2})),
    ])
    .await;
    spend.refresh_all(&days.order()).await;
    spend.assert_as_facebook(days).await;
    let asked = graph::asked().await;
    assert_eq!(lengths(&asked, id(0)), [7].into());
    // The other half is not asked for as a whole: what was too much here would be there.
    assert_eq!(lengths(&asked, id(1)), [7].into());
    assert_eq!(lengths(&asked, id(2)), [14].into());
    for account in &accounts {
        assert_eq!(edges(&asked, &account.id), ["insights".to_owned()].into());
        assert!(pulling::kept(&account.id).await.is_whole());
    }
}

#[tokio::test]
async fn pages_get_smaller_where_one_day_is_too_much() {
    let days = Span::last(2);
    let account = AdAccount::new(70);
    let spend = Spend::of(std::slice::from_ref(&account)).await;
    graph::faults(&[fault_with("reduce_data", &account.id, &json!({"max_days": 1, "max_limit": 70}))]).await;
    spend.refresh_all(&days.order()).await;
    spend.assert_as_facebook(days).await;
    let asked = graph::asked().await;
    let limits: Vec<i64> =
        asked.of(&account.id).iter().map(|request| request["limit"].as_i64().unwrap()).collect();
    // Two days, one day, smaller pages of it; the second page; the other day begins where the first ended.
    assert_eq!(limits, [500, 500, 250, 125, 62, 62, 62, 62]);
}

#[tokio::test]
async fn what_is_too_much_in_any_page_comes_as_a_report() {
    let days = Span::last(2);
    let accounts: Vec<AdAccount> = (0..5).map(|_| AdAccount::new(30)).collect();
    let id = |n: usize| accounts[n].id.as_str();
    let spend = Spend::of(&accounts).await;
    let once = json!({"count": 1});
    let mut faults: Vec<Value> = accounts
        .iter()
        .map(|account| fault_with("reduce_data", &account.id, &json!({"edge": "insights"})))
        .collect();
    faults.extend([
        fault_with("report_failed", id(1), &once),
        fault_with("report_skipped", id(2), &once),
        fault_with("report_unreadable", id(3), &once),
        fault_with("report_slow", id(4), &json!({"polls": 2})),
    ]);
    graph::faults(&faults).await;
    // Reports are asked after at growing intervals, which are not waited for.
    let job = spend.refresh_hurriedly(&days.order()).await;
    assert_eq!(job.in_state("done").len(), accounts.len(), "{}", job.0);
    spend.assert_as_facebook(days).await;
    let asked = graph::asked().await;
    for account in &accounts {
        let started = asked.of(&account.id).iter().filter(|call| call["edge"] == "report_start").count();
        let is_lost = accounts[1..4].iter().any(|lost| lost.id == account.id);
        assert_eq!(started, if is_lost { 3 } else { 2 }, "one for each day, and one for a lost one");
        assert!(pulling::kept(&account.id).await.is_whole());
    }
}
