//! Facebook is down: after five failures in a row nobody calls, then one does for all, and what fails for a moment is
//! tried again at once.

use e2e::graph::{self, fault_with};
use e2e::world::{AdAccount, Span};
use e2e::{Spend, pulling, wait};
use serde_json::{Value, json};

async fn state(spend: &Spend) -> Value {
    let breaker = spend.health().await["breaker"].clone();
    assert!(breaker["state"] == "closed" || breaker["since"].is_string(), "{breaker}");
    breaker["state"].clone()
}

#[tokio::test]
async fn five_failures_open_the_breaker_and_one_call_closes_it() {
    let days = Span::last(2);
    let accounts: Vec<AdAccount> = (0..5).map(|_| AdAccount::new(1)).collect();
    let spend = Spend::of(&accounts).await;
    spend.refresh_all(&days.order()).await;
    assert_eq!(state(&spend).await, "closed");
    let before = spend.accounts().await;
    graph::step(4).await;
    graph::faults(&[json!({"kind": "transient"})]).await;
    graph::forget_asked().await;
    // Three tries of each, of which two count: one account's trouble is not everyone's.
    for account in &accounts[..2] {
        pulling::order(&account.id, days).await;
        pulling::until_idle().await;
    }
    assert_eq!((graph::asked().await.count(), state(&spend).await), (6, "closed".into()));
    // The fifth that counts opens it, and is not tried again.
    pulling::order(&accounts[2].id, days).await;
    pulling::until_idle().await;
    assert_eq!((graph::asked().await.count(), state(&spend).await), (7, "open".into()));

    // Nobody calls now, whoever wants something.
    pulling::order_objects(&accounts[2].id).await;
    spend.pull(3).await;
    let job = spend.refresh(&days.order()).await;
    assert_eq!((job.state(), job.in_state("postponed").len()), ("done", 5), "{}", job.0);
    assert_eq!(job.account(&accounts[0].id)["reason"], "breaker_open");
    assert_eq!(graph::asked().await.count(), 7);

    // A minute later one call tries; it fails. The minute is not waited for: its end is moved in the store.
    pulling::end_cool_down().await;
    pulling::order(&accounts[0].id, days).await;
    pulling::until_idle().await;
    assert_eq!((graph::asked().await.count(), state(&spend).await), (8, "open".into()));

    // Again, with five that wait: while the one is under way the others are put off.
    pulling::purge("QUEUE_FACEBOOK_PULL").await;
    graph::faults(&[json!({"kind": "hang", "seconds": 4, "count": 1})]).await;
    pulling::end_cool_down().await;
    for account in &accounts {
        pulling::order(&account.id, days).await;
    }
    wait::until("four of five to be put off", async || {
        let waiting = pulling::waiting("QUEUE_FACEBOOK_PULL").await;
        (waiting.delayed == 4 && waiting.ready == 0).then_some(())
    })
    .await;
    assert_eq!((graph::asked().await.count(), state(&spend).await), (9, "half_open".into()));
    wait::until("the breaker to close", async || (state(&spend).await == "closed").then_some(())).await;
    // What was put off is pulled by itself.
    assert_eq!(pulling::until_idle().await, 4);
    pulling::hurry().await;
    assert_eq!(pulling::until_idle().await, 0);
    assert_eq!(graph::asked().await.count(), 9 + 4);
    for account in &accounts {
        let health = spend.health_of(&account.id).await;
        assert_eq!(health["state"], "ok", "{health}");
        assert!(
            health["last_pulled_at"].as_str() > before[&account.id]["last_pulled_at"].as_str(),
            "{health}"
        );
    }
    spend.assert_as_facebook(days).await;
}

#[tokio::test]
async fn what_fails_for_a_moment_is_tried_again_and_fails_no_refresh() {
    let days = Span::last(2);
    let accounts: Vec<AdAccount> = (0..4).map(|_| AdAccount::new(2)).collect();
    let spend = Spend::of(&accounts).await;
    // Fewer than five in a row at a time, whoever comes first.
    for round in [
        [("hang_up", 1), ("html", 1), ("cut", 1), ("ok_with_error", 1)].as_slice(),
        &[("ok_plain_text", 2), ("bare_503", 1), ("unknown_1", 1)],
    ] {
        graph::step(fastrand::u64(1..1_000)).await;
        let faults: Vec<Value> = round
            .iter()
            .zip(&accounts)
            .map(|((kind, count), account)| {
                fault_with(kind, &account.id, &json!({"edge": "insights", "count": count}))
            })
            .collect();
        graph::faults(&faults).await;
        graph::forget_asked().await;
        spend.refresh_all(&days.order()).await;
        let asked = graph::asked().await;
        for ((kind, count), account) in round.iter().zip(&accounts) {
            assert_eq!(asked.count_of(&account.id), count + 1, "{kind}");
        }
        assert_eq!(state(&spend).await, "closed");
        spend.assert_as_facebook(days).await;
    }
    // The edges that find accounts fail for a moment too.
    graph::faults(
        &["businesses", "adaccounts", "debug_token"]
            .map(|edge| json!({"kind": "bare_503", "edge": edge, "count": 1})),
    )
    .await;
    let job = spend.refresh_all(&days.order()).await;
    assert_eq!((job.notes().len(), graph::hits().await), (0, vec![1, 1, 1]), "{}", job.0);
}

#[tokio::test]
async fn an_account_that_fails_longer_is_tried_later_and_holds_no_other_up() {
    let days = Span::last(1);
    let accounts: Vec<AdAccount> = (0..2).map(|_| AdAccount::new(1)).collect();
    let [ill, well] = [accounts[0].id.as_str(), accounts[1].id.as_str()];
    let spend = Spend::of(&accounts).await;
    spend.refresh_all(&days.order()).await;
    let before = spend.accounts().await;
    graph::step(3).await;
    graph::forget_asked().await;
    graph::faults(&[fault_with("hang_up", ill, &json!({"edge": "insights", "count": 9}))]).await;
    pulling::order(ill, days).await;
    for calls in [3, 6, 9] {
        assert_eq!(pulling::until_idle().await, 1, "the order is put off");
        assert_eq!(graph::asked().await.count_of(ill), calls);
        pulling::order(well, days).await;
        assert_eq!(pulling::until_idle().await, 1, "the other account is not");
        assert_eq!(state(&spend).await, "closed", "after {calls} failures of one account");
        let shown = spend.accounts().await;
        assert_eq!(shown[ill]["last_pulled_at"], before[ill]["last_pulled_at"]);
        assert!(shown[well]["last_pulled_at"].as_str() > before[well]["last_pulled_at"].as_str());
        pulling::hurry().await;
    }
    assert_eq!(pulling::until_idle().await, 0);
    spend.assert_as_facebook(days).await;
}
