//! amoCRM is not paid for, blocks, is in a hurry, talks nonsense or breaks off: the last good proof stays with its age, and
//! the reason is said. It is never green by default, and no read fails.

use e2e::books::{self, Books};
use e2e::dealing::Dealing;
use e2e::hook::WON;
use e2e::proof::Proof;
use e2e::{Caller, Crm, poll};
use serde_json::{Value, json};

const READS: [&str; 4] = ["sales/total", "sales", "funnel", "leads/total"];

/// What the funnel says of the same period.
async fn of_funnel(crm: &Crm, caller: &Caller, period: &str) -> Value {
    crm.stack.get(caller, &format!("/api/traffic-dashboard/funnel?{period}")).await.ok()["proof"].take()
}

#[tokio::test]
async fn while_amocrm_cannot_be_read_the_last_good_proof_stays_with_the_reason() {
    let crm = Crm::open().await;
    let day = poll::begin(&crm, 1).await;
    let books = Books::open(&crm.stack, day, 1).await;
    let first = crm.id(0) + 2_000;
    let dealings: Vec<Dealing> =
        (0..4).map(|n| Dealing::new(first + n, day.at(6, 0, 0), 5_000).at_stage(WON)).collect();
    books::make(&crm, &dealings).await;
    poll::look_back_to(day.at(0, 0, 0)).await;
    poll::good().await;
    for (kind, said) in
        [("unpaid", "402"), ("blocked", "403"), ("too_many", "too often"), ("html_200", ""), ("hang_up", "")]
    {
        let good = Proof::of(&crm.stack, &books.period()).await;
        good.assert_green();
        let good_funnel = of_funnel(&crm, &Caller::Admin, &books.period()).await;
        assert_eq!(
            (&good_funnel["state"], &good_funnel["crm_count"]),
            (&json!("green"), &json!(4)),
            "{good_funnel}"
        );
        let mark = poll::mark().await;
        crm.fail(&[json!({ "kind": kind })]).await;
        let problem = poll::problem().await;
        assert!(problem.contains(said) && !problem.is_empty(), "{kind}: {problem}");
        assert_eq!(poll::mark().await, mark, "{kind}");
        let shown = Proof::of(&crm.stack, &books.period()).await;
        let reason = shown.0["reason"].as_str().expect("a reason");
        assert_eq!(shown.0["state"], "unknown", "{kind}: {reason}");
        assert!(reason.contains(said), "{kind}: {reason}");
        for kept in ["crm", "ledger", "missing", "extra", "different", "checked_at"] {
            assert_eq!(shown.0[kept], good.0[kept], "{kind}: {kept}");
        }
        assert!(shown.0["tried_at"].as_str() > good.0["tried_at"].as_str(), "{kind}");
        let funnel = of_funnel(&crm, &Caller::Admin, &books.period()).await;
        assert_eq!((&funnel["state"], &funnel["reason"]), (&json!("unknown"), &shown.0["reason"]), "{kind}");
        for kept in ["crm_count", "ledger_count", "crm_sum", "ledger_sum", "checked_at"] {
            assert_eq!(funnel[kept], good_funnel[kept], "{kind}: {kept}");
        }
        for read in READS {
            crm.stack
                .get(&Caller::Admin, &format!("/api/traffic-dashboard/{read}?{}", books.period()))
                .await
                .ok();
        }
        books.assert_equal(&dealings).await;
        crm.fail(&[]).await;
        poll::let_through(&crm).await;
        poll::good().await;
        assert_eq!(crm.problem().await, "", "{kind}");
    }
    Proof::of(&crm.stack, &books.period()).await.assert_green();
    crm.end().await;
}

#[tokio::test]
async fn a_buyer_sees_the_proof_of_the_own_team_and_not_whose_deals_differ() {
    let crm = Crm::open().await;
    let day = poll::begin(&crm, 1).await;
    let first = crm.id(0) + 2_000;
    // One for each team, and one for nobody.
    let dealings: Vec<Dealing> =
        (0..5).map(|n| Dealing::new(first + n, day.at(6, 0, 0), 5_000).at_stage(WON)).collect();
    books::make(&crm, &dealings).await;
    poll::look_back_to(day.at(0, 0, 0)).await;
    poll::good().await;
    let period = format!("from={day}&to={day}");
    let all = of_funnel(&crm, &Caller::Admin, &period).await;
    assert_eq!(
        (&all["state"], &all["crm_count"], &all["ledger_count"]),
        (&json!("green"), &json!(5), &json!(5)),
        "{all}"
    );
    let own = of_funnel(&crm, &Caller::Buyer("muha"), &period).await;
    assert_eq!(
        (&own["state"], &own["crm_count"], &own["ledger_count"]),
        (&json!("green"), &json!(1), &json!(1)),
        "{own}"
    );
    assert_eq!(own["crm_sum"], json!({"amount": 5_000, "currency": "KZT"}));
    let path = format!("/api/admin/reconciliation?{period}");
    crm.stack.get(&Caller::Buyer("muha"), &path).await.refused(403, "forbidden");
    assert_eq!(crm.stack.get(&Caller::Nobody, &path).await.status, 401);
    crm.end().await;
}
