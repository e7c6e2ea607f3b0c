//! Facebook's figures move for four weeks: whatever pulls meet, the days show what it says now, and nothing else is kept.

use std::collections::BTreeSet;

use e2e::graph::{self, fault_with};
use e2e::world::{AdAccount, Span};
use e2e::{Spend, pulling, wait};
use serde_json::{Value, json};

async fn assert_whole(account: &str, days: Span) {
    let kept = pulling::kept(account).await;
    assert!(kept.is_whole(), "rows that no day names: {kept:#?}");
    for day in days.days() {
        assert!(kept.days.contains_key(&day.to_string()), "{day} is not there");
    }
}

/// The ads that have a row on a day.
async fn ads_of(spend: &Spend, account: &str, day: impl std::fmt::Display) -> BTreeSet<String> {
    let question = format!("from={day}&to={day}&level=ad&account_id={account}");
    let rows = spend.insights(&question).await.rows;
    rows.iter().map(|row| row["ad_id"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test]
async fn a_day_that_is_lowered_is_lower_and_a_row_that_vanishes_is_gone() {
    let days = Span::last(5);
    let account = AdAccount::new(6).delivering(days);
    let spend = Spend::of(std::slice::from_ref(&account)).await;
    spend.refresh_all(&days.order()).await;
    spend.assert_as_facebook(days).await;

    let ads: Vec<&str> = account.ads().map(|ad| ad.id.as_str()).collect();
    let all: BTreeSet<String> = ads.iter().map(|id| (*id).to_owned()).collect();
    assert_eq!(ads_of(&spend, &account.id, days.from).await, all);
    let before = graph::sums(days).await.account(&account.id);
    graph::change(&[(ads[0], days.from, Some("0.01")), (ads[1], days.from, None), (ads[2], days.to, None)])
        .await;
    let after = graph::sums(days).await.account(&account.id);
    assert!(after.spend < before.spend && after.impressions < before.impressions);
    spend.refresh_all(&days.order()).await;
    spend.assert_as_facebook(days).await;
    let without: BTreeSet<String> = all.iter().filter(|id| *id != ads[1]).cloned().collect();
    assert_eq!(ads_of(&spend, &account.id, days.from).await, without);

    // A whole day that is gone is zero, and a window that says the same again changes nothing.
    let gone: Vec<_> = ads.iter().map(|ad| (*ad, days.to, None)).collect();
    graph::change(&gone).await;
    for _ in 0..2 {
        spend.refresh_all(&days.order()).await;
        spend.assert_as_facebook(days).await;
        assert_eq!(ads_of(&spend, &account.id, days.to).await, BTreeSet::new());
        assert_whole(&account.id, days).await;
    }
}

#[tokio::test]
async fn figures_that_move_are_those_of_the_last_pull() {
    let days = Span::last(28);
    let accounts = [AdAccount::new(3).by_plan().delivering(days), AdAccount::of_team("muha", 2)];
    let spend = Spend::of(&accounts).await;
    let mut seen = BTreeSet::new();
    for step in [1, 7, 3] {
        graph::step(step).await;
        seen.insert(graph::sums(days).await.whole().spend);
        spend.refresh_all(&days.order()).await;
        spend.assert_as_facebook(days).await;
    }
    assert_eq!(seen.len(), 3, "the figures did not move");
    // The hourly pull replaces the last days only.
    graph::step(9).await;
    assert_eq!(spend.pull(3).await, 0);
    spend.assert_as_facebook(Span::last(3)).await;
    for account in &accounts {
        assert_whole(&account.id, days).await;
    }
}

#[tokio::test]
async fn an_account_is_pulled_by_one_at_a_time_however_many_orders_there_are() {
    let days = Span::last(3);
    let account = AdAccount::new(4).delivering(days);
    let spend = Spend::of(std::slice::from_ref(&account)).await;
    spend.refresh_all(&days.order()).await;
    graph::change(&[(&account.campaigns[0].adsets[0].ads[0].id, days.to, Some("77.70"))]).await;
    graph::forget_asked().await;
    graph::faults(&[fault_with("hang", &account.id, &json!({"seconds": 1, "count": 1}))]).await;
    for _ in 0..2 {
        pulling::order(&account.id, days).await;
    }
    // The second finds the account taken and comes again in five seconds, which are not waited for.
    assert_eq!(pulling::until_idle().await, 1);
    assert_eq!(graph::asked().await.count_of(&account.id), 1);
    pulling::hurry().await;
    assert_eq!(pulling::until_idle().await, 0);
    let asked = graph::asked().await;
    assert_eq!((asked.count_of(&account.id), asked.in_flight(&account.id)), (2, 1));
    spend.assert_as_facebook(days).await;
    assert_whole(&account.id, days).await;
}

#[tokio::test]
async fn a_pull_that_dies_half_way_changes_nothing_and_leaves_nothing() {
    let days = Span::last(14);
    // Forty ads on fourteen days are two pages.
    let account = AdAccount::new(40).by_plan().delivering(days);
    let spend = Spend::of(std::slice::from_ref(&account)).await;
    spend.refresh_all(&days.order()).await;
    let before = spend.insights(&format!("{}&level=ad&granularity=day", days.query())).await.rows;
    assert_eq!(before.len(), 40 * 14);
    assert!(pulling::kept(&account.id).await.is_whole());

    graph::step(5).await;
    graph::forget_asked().await;
    graph::faults(&[fault_with("hang", &account.id, &json!({"edge": "insights", "skip": 1, "seconds": 20}))])
        .await;
    pulling::order(&account.id, days).await;
    wait::until("the second page to be asked for", async || {
        (graph::asked().await.count_of(&account.id) == 2).then_some(())
    })
    .await;
    let half = pulling::kept(&account.id).await;
    assert!(half.unfinished && !half.is_whole(), "the first page is not written: {half:#?}");
    assert!(pulling::kill("facebook-pull").await > 0, "no process to kill");
    let question = format!("{}&level=ad&granularity=day&account_id={}", days.query(), account.id);
    let now = spend.insights(&question).await.rows;
    assert_eq!(now, before, "half a pull is shown");

    // The message comes again after its time, and the dead one's lease ends; neither is waited for.
    graph::faults(&[]).await;
    pulling::purge("QUEUE_FACEBOOK_PULL").await;
    pulling::end_lease(&account.id).await;
    pulling::order(&account.id, days).await;
    pulling::until_idle().await;
    spend.assert_as_facebook(days).await;
    assert_whole(&account.id, days).await;
}

#[tokio::test]
async fn a_page_that_is_cut_off_is_asked_for_again() {
    let days = Span::last(14);
    let account = AdAccount::new(40).by_plan().delivering(days);
    let spend = Spend::of(std::slice::from_ref(&account)).await;
    for kind in ["cut", "hang_up"] {
        graph::step(fastrand::u64(1..1_000)).await;
        graph::forget_asked().await;
        graph::faults(&[fault_with(kind, &account.id, &json!({"edge": "insights", "skip": 1, "count": 1}))])
            .await;
        spend.refresh_all(&days.order()).await;
        assert_eq!(graph::hits().await, [1], "{kind}");
        let after: Vec<Value> =
            graph::asked().await.of(&account.id).iter().map(|request| request["after"].clone()).collect();
        assert_eq!(after, [false, true, true], "{kind}: only the page that was lost");
        spend.assert_as_facebook(days).await;
        assert_whole(&account.id, days).await;
    }
}
