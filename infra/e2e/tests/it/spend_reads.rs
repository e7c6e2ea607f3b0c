//! Reads answer from our own store: with Facebook gone they show what they showed, and say that it grows old.

use e2e::graph;
use e2e::world::{AdAccount, Span};
use e2e::{Caller, Spend, wait};
use serde_json::{Value, json};

/// Every read that shows what was spent.
fn reads(account: &str, days: Span) -> [String; 6] {
    let days = days.query();
    [
        "/api/traffic-facebook/accounts".to_owned(),
        format!("/api/traffic-facebook/campaigns/{account}?{days}"),
        format!("/api/facebook-ads/insights?{days}&level=ad"),
        format!("/api/facebook-ads/insights?{days}&level=account&granularity=day&account_id={account}"),
        "/api/traffic-facebook/health".to_owned(),
        format!("/api/traffic-dashboard/funnel?{days}"),
    ]
}

/// An answer without what tells the time.
fn figures(mut answer: Value) -> Value {
    let told = answer.as_object_mut().unwrap();
    for changing in ["generated_at", "freshness", "breaker", "token"] {
        told.remove(changing);
    }
    answer
}

#[tokio::test]
async fn with_facebook_gone_every_read_answers_in_full_and_says_so() {
    let days = Span::last(7);
    let accounts = [AdAccount::of_team("arystan", 4), AdAccount::new(3)];
    let spend = Spend::of(&accounts).await;
    spend.refresh_all(&days.order()).await;
    let paths = reads(&accounts[0].id, days);
    let mut before = vec![];
    for path in &paths {
        let answer = spend.stack.get(&Caller::Admin, path).await.ok();
        let freshness = &answer["freshness"]["spend"];
        assert_eq!((&freshness["stale"], &freshness["status"]), (&false.into(), &"fresh".into()), "{path}");
        before.push(figures(answer));
    }
    for kind in ["bare_503", "hang_up"] {
        graph::faults(&[json!({ "kind": kind })]).await;
        spend.refresh(&days.order()).await;
        wait::until("the breaker to open", async || {
            (spend.health().await["breaker"]["state"] == "open").then_some(())
        })
        .await;
        graph::forget_asked().await;
        for (path, before) in paths.iter().zip(&before) {
            let answer = spend.stack.get(&Caller::Admin, path).await.ok();
            let freshness = &answer["freshness"]["spend"];
            assert_eq!(
                (&freshness["stale"], &freshness["status"]),
                (&true.into(), &"stale".into()),
                "{path}: {freshness}"
            );
            let reason = freshness["reason"].as_str();
            assert!(reason.is_some_and(|reason| !reason.is_empty()), "{path}: {freshness}");
            assert!(freshness["last_success_at"].is_string(), "{path}: {freshness}");
            assert_eq!(&figures(answer), before, "{path}");
        }
        assert_eq!(graph::asked().await.count(), 0, "{kind}: a read has called Facebook");
    }
}

#[tokio::test]
async fn many_readers_at_once_are_no_call_to_facebook() {
    let days = Span::last(7);
    let accounts = [AdAccount::of_team("muha", 5)];
    let spend = Spend::of(&accounts).await;
    spend.refresh_all(&days.order()).await;
    graph::forget_asked().await;
    let path = format!("/api/facebook-ads/insights?{}&level=ad", days.query());
    let asking = (0..20).map(async |n| {
        let caller = if n % 2 == 0 { Caller::Admin } else { Caller::Buyer("muha") };
        spend.stack.get(&caller, &path).await.ok()["rows"].clone()
    });
    let answers = futures::future::join_all(asking).await;
    assert_eq!(answers[0].as_array().map(Vec::len), Some(5));
    assert!(answers.iter().all(|rows| *rows == answers[0]), "not all were told the same");
    assert_eq!(graph::asked().await.count(), 0);

    // A finished pull drops what was kept of the answers, also one of days long ago.
    for days in [days, Span { from: days.from - chrono::Days::new(90), to: days.to - chrono::Days::new(90) }]
    {
        spend.refresh_all(&days.order()).await;
        spend.assert_as_facebook(days).await;
        let ad = &accounts[0].ads().next().unwrap().id;
        graph::change(&[(ad, days.from, Some("123.45"))]).await;
        spend.refresh_all(&days.order()).await;
        spend.assert_as_facebook(days).await;
    }
}
