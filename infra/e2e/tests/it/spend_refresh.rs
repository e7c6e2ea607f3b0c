//! A person asks for a refresh: one at a time however many ask, and everyone sees how far it is.

use std::collections::BTreeSet;

use e2e::faults::{Faults, fault};
use e2e::graph::{self, fault_with};
use e2e::world::{AdAccount, Span};
use e2e::{Caller, Spend};
use futures::future::join_all;
use serde_json::{Value, json};

const REFRESH: &str = "/api/traffic-facebook/refresh";

fn id(answer: &Value) -> String {
    answer["job_id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn twenty_who_ask_at_once_get_one_refresh() {
    let accounts: Vec<AdAccount> = (0..3).map(|_| AdAccount::new(2)).collect();
    let spend = Spend::of(&accounts).await;
    let slow = &accounts[1].id;
    graph::faults(&[fault_with("hang", slow, &json!({"edge": "insights", "seconds": 2, "count": 1}))]).await;
    let order = json!({});
    let asking = (0..20).map(async |_| spend.ask_refresh(&Caller::Admin, &order).await.accepted());
    let begun = join_all(asking).await;
    let ids: BTreeSet<String> = begun.iter().map(id).collect();
    assert_eq!(ids.len(), 1, "{begun:?}");
    assert_eq!(begun.iter().filter(|answer| answer["joined"] == false).count(), 1, "{begun:?}");

    // While one account is slow the others are done, and who asks then joins.
    let job_id = id(&begun[0]);
    for quick in [&accounts[0], &accounts[2]] {
        spend.until_account(&job_id, &quick.id, "done").await;
    }
    let job = spend.job(&Caller::Admin, &job_id).await.ok();
    assert_eq!((&job["state"], &job["finished_at"]), (&"running".into(), &Value::Null), "{job}");
    let summary = json!({"total": 3, "done": 2, "postponed": 0, "parked": 0, "queued": 1});
    assert_eq!(job["summary"], summary, "{job}");
    let late = spend.ask_refresh(&Caller::Admin, &order).await.accepted();
    assert_eq!(
        (&late["joined"], &late["state"], id(&late)),
        (&true.into(), &"running".into(), job_id.clone())
    );

    let job = spend.until_ended(&job_id).await;
    assert_eq!((job.state(), job.in_state("done").len()), ("done", 3), "{}", job.0);
    assert!(job.0["finished_at"].is_string(), "{}", job.0);
    let asked = graph::asked().await;
    assert_eq!(asked.count_at("businesses"), 1, "accounts were looked for more than once");
    assert_eq!(asked.count_at("insights"), 3);
    let next = spend.refresh_all(&order).await;
    assert_ne!(next.id(), job_id, "the next refresh is another");
    spend.assert_as_facebook(Span::last(28)).await;
}

#[tokio::test]
async fn a_buyer_refreshes_the_own_accounts_only() {
    let days = Span::last(1);
    let accounts = [AdAccount::of_team("muha", 1), AdAccount::of_team("arystan", 1), AdAccount::new(1)];
    let [own, foreign, nobodys] = &accounts;
    let spend = Spend::of(&accounts).await;
    let buyer = Caller::Buyer("muha");
    for other in [&foreign.id, &nobodys.id, "123456789012345"] {
        let order = json!({ "account_id": other });
        spend.ask_refresh(&buyer, &order).await.refused(403, "forbidden");
    }
    assert_eq!(graph::asked().await.count(), 0);
    for order in [days.order(), json!({"account_id": format!("act_{}", own.id), "from": days.from})] {
        let begun = spend.ask_refresh(&buyer, &order).await.accepted();
        let job = spend.until_ended(&id(&begun)).await;
        assert_eq!(job.in_state("done"), [own.id.as_str()], "{}", job.0);
        let asked = graph::asked().await;
        assert_eq!((asked.count_of(&foreign.id), asked.count_of(&nobodys.id)), (0, 0));
    }
    // Of the admin's refresh of everything a buyer sees the own part.
    let job = spend.refresh_all(&days.order()).await;
    assert_eq!(job.in_state("done").len(), 3);
    let seen = spend.job(&buyer, job.id()).await.ok();
    assert_eq!(
        (&seen["summary"]["total"], &seen["accounts"][0]["account_id"]),
        (&1.into(), &own.id.clone().into())
    );
    assert!(!seen.to_string().contains(&foreign.id) && !seen.to_string().contains(&nobodys.id), "{seen}");
    // One account by its name, and one that the token does not see.
    let one = spend.refresh_all(&json!({"account_id": nobodys.id})).await;
    assert_eq!(one.in_state("done"), [nobodys.id.as_str()]);
    let none = spend.refresh_all(&json!({"account_id": "123456789012345"})).await;
    assert_eq!((none.in_state("done").len(), none.notes().len()), (0, 1), "{}", none.0);
    assert_eq!(
        spend.job(&buyer, none.id()).await.ok()["notes"],
        json!([]),
        "notes may name anyone's account"
    );
}

#[tokio::test]
async fn an_order_that_is_none_and_a_refresh_that_is_none_are_refused() {
    let spend = Spend::of(&[AdAccount::new(1)]).await;
    for (order, field) in [
        (json!([]), "body"),
        (json!("all"), "body"),
        (json!({"from": "yesterday"}), "from"),
        (json!({"from": 20_261_101}), "from"),
        (json!({"to": "2026-02-30"}), "to"),
        (json!({"from": "2026-03-02", "to": "2026-03-01"}), "to"),
        (json!({"from": "2024-01-01", "to": "2026-01-01"}), "to"),
        (json!({"from": "2019-01-01", "to": "2019-01-02"}), "from"),
        (json!({"from": "2199-01-01", "to": "2199-01-02"}), "from"),
        (json!({"account_id": "me"}), "account_id"),
        (json!({"account_id": 1}), "account_id"),
    ] {
        for caller in [Caller::Admin, Caller::Buyer("muha")] {
            spend.ask_refresh(&caller, &order).await.invalid(&[field]);
        }
    }
    let broken = Some(("application/json", b"{".to_vec()));
    spend.stack.send("POST", REFRESH, &Caller::Admin, broken).await.invalid(&["body"]);
    for unknown in ["01931d6c-0000-7000-8000-000000000001", "1", "%20", "x#y"] {
        let unknown = unknown.replace('#', "%23");
        for caller in [Caller::Admin, Caller::Buyer("muha")] {
            spend.job(&caller, &unknown).await.refused(404, "not_found");
        }
    }
    assert_eq!(graph::asked().await.count(), 0, "nothing of this reaches Facebook");
    // What is not known is left alone, and so is an empty body.
    let order = json!({"force": true, "from": null});
    let begun = spend.ask_refresh(&Caller::Admin, &order).await.accepted();
    spend.until_ended(&id(&begun)).await;
    let begun = spend.stack.send("POST", REFRESH, &Caller::Admin, None).await.accepted();
    assert_eq!(spend.until_ended(&id(&begun)).await.state(), "done");
}

#[tokio::test]
async fn a_refresh_that_cannot_be_queued_keeps_nobody_from_the_next() {
    let spend = Spend::alone(&[AdAccount::new(1)]).await;
    for kind in ["unavailable", "refuse"] {
        let faults = Faults::on(&spend.stack, &[fault(kind, "sqs", "facebook-refresh")]).await;
        spend.ask_refresh(&Caller::Admin, &json!({})).await.refused(503, "service_unavailable");
        faults.off().await;
        spend.refresh_all(&json!({})).await;
    }
}
