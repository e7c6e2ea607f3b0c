//! A token that is dead is noticed at once and left alone, and what the token may not see is told apart from it.

use e2e::graph::{self, fault, fault_with};
use e2e::world::{AdAccount, Span, world};
use e2e::{Caller, Spend, pulling};
use serde_json::{Value, json};

fn accounts(count: usize) -> Vec<AdAccount> {
    (0..count).map(|_| AdAccount::new(1)).collect()
}

async fn token_is(state: &str, accounts: &[AdAccount]) {
    let mut world = world(accounts);
    world["token"] = json!({ "state": state });
    graph::enter(&world).await;
    graph::forget_asked().await;
}

#[tokio::test]
async fn a_dead_token_is_probed_by_a_person_and_by_nobody_else() {
    let days = Span::last(2);
    let accounts = accounts(3);
    let spend = Spend::of(&accounts).await;
    spend.refresh_all(&days.order()).await;
    assert_eq!(spend.health().await["token"]["valid"], true);
    for (state, subcode) in [("removed", 458), ("checkpoint", 459), ("password", 460), ("expired", 463)] {
        token_is(state, &accounts).await;
        let job = spend.refresh(&days.order()).await;
        assert_eq!(job.state(), "failed", "{state}: {}", job.0);
        assert!(job.notes()[0].contains("Connect Facebook again"), "{state}: {:?}", job.notes());
        let asked = graph::asked().await;
        let refused = asked.refused();
        assert_eq!((asked.count(), refused.len()), (1, 1), "{state}");
        assert_eq!((&refused[0]["code"], &refused[0]["subcode"]), (&190.into(), &subcode.into()), "{state}");

        let token = &spend.health().await["token"];
        assert_eq!(token["valid"], false, "{state}: {token}");
        for told in ["problem", "what_to_do", "checked_at"] {
            assert!(token[told].as_str().is_some_and(|told| !told.is_empty()), "{state}: {token}");
        }
        // Nobody else tries.
        assert_eq!((spend.plan(3).await, spend.plan(28).await), (0, 0), "{state}");
        pulling::order(&accounts[0].id, days).await;
        pulling::order_objects(&accounts[1].id).await;
        assert_eq!(pulling::until_idle().await, 0, "{state}: what cannot succeed does not wait");
        assert_eq!(graph::asked().await.count(), 1, "{state}");
    }
    let freshness = &spend.funnel(&Caller::Admin, &days.query()).await["freshness"]["spend"];
    assert_eq!(freshness["stale"], true, "{freshness}");
    assert!(freshness["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{freshness}");

    token_is("valid", &accounts).await;
    spend.refresh_all(&days.order()).await;
    let token = &spend.health().await["token"];
    assert_eq!((&token["valid"], &token["problem"]), (&true.into(), &Value::Null), "{token}");
    assert_eq!(spend.plan(3).await, 3);
    assert_eq!(pulling::until_idle().await, 0);
    spend.assert_as_facebook(days).await;
}

#[tokio::test]
async fn a_token_that_dies_while_accounts_are_pulled_stops_the_others() {
    let days = Span::last(2);
    let accounts = accounts(9);
    let spend = Spend::of(&accounts).await;
    graph::faults(&[json!({"kind": "expired", "edge": "insights"})]).await;
    let job = spend.refresh(&days.order()).await;
    assert_eq!((job.state(), job.in_state("parked").len()), ("done", 9), "{}", job.0);
    assert_eq!(job.account(&accounts[8].id)["reason"], "token_dead");
    // At most those that were under way side by side when the first was refused.
    let refused = graph::asked().await.count_at("insights");
    assert!((1..=5).contains(&refused), "{refused} calls");
    assert_eq!(spend.health().await["token"]["valid"], false);
    assert_eq!(spend.plan(28).await, 0);
    // What was wrong with everyone's token is nobody's own fault.
    graph::faults(&[]).await;
    let job = spend.refresh_all(&days.order()).await;
    assert_eq!(job.in_state("done").len(), 9);
    assert_eq!(spend.health_of(&accounts[0].id).await["state"], "ok");
}

#[tokio::test]
async fn an_account_that_waits_for_a_person_is_parked_with_its_reason_and_comes_back() {
    let days = Span::last(2);
    let accounts = accounts(6);
    let id = |n: usize| accounts[n].id.as_str();
    let spend = Spend::of(&accounts).await;
    let nonsense = json!({"error": {"message": "(#100) Nonsense", "type": "OAuthException", "code": 100}});
    graph::faults(&[
        fault("permission", id(0)),
        fault("permission_100_33", id(1)),
        fault("abuse", id(2)),
        fault("version", id(3)),
        fault_with("raw", id(4), &json!({"status": 400, "body": nonsense})),
    ])
    .await;
    let reasons = [
        (id(0), "permission_missing"),
        (id(1), "permission_missing"),
        (id(2), "blocked"),
        (id(3), "version_gone"),
        (id(4), "misconfigured"),
    ];
    let job = spend.refresh(&days.order()).await;
    assert_eq!((job.state(), job.in_state("done")), ("done", vec![id(5).to_owned()]), "{}", job.0);
    for (account, reason) in reasons {
        let row = job.account(account);
        assert_eq!((&row["state"], &row["reason"]), (&"parked".into(), &reason.into()), "{row}");
        assert!(row["message"].as_str().is_some_and(|said| !said.is_empty()), "{row}");
        let health = spend.health_of(account).await;
        assert_eq!((&health["state"], &health["reason"]), (&"parked".into(), &reason.into()), "{health}");
        assert!(health["what_to_do"].as_str().is_some_and(|told| !told.is_empty()), "{health}");
        assert_eq!(graph::asked().await.count_of(account), 1, "{reason} is not asked for again");
    }
    assert_eq!(spend.health().await["token"]["valid"], true);

    // The hourly pull leaves them alone; the nightly one looks whether someone has done something.
    assert_eq!(spend.plan(3).await, 1);
    assert_eq!(pulling::until_idle().await, 0);
    assert_eq!(graph::asked().await.count_of(id(0)), 1);
    graph::faults(&[]).await;
    assert_eq!(spend.plan(28).await, 6);
    assert_eq!(pulling::until_idle().await, 0);
    for account in &accounts {
        let health = spend.health_of(&account.id).await;
        assert_eq!((&health["state"], &health["reason"]), (&"ok".into(), &Value::Null), "{health}");
    }
    spend.assert_as_facebook(Span::last(28)).await;
}
