//! amoCRM is not paid for, blocks, fails or breaks off: no form sees it, and afterwards every lead is there once.

use e2e::crm::{self, Crm};
use e2e::{Form, Guest, aws, leads, outbox, wait};
use serde_json::{Value, json};

fn markers(deal: &Value) -> Vec<String> {
    let notes = deal["notes"].as_array().expect("notes").iter();
    let text = |note: &Value| note["params"]["text"].as_str().expect("a text").to_owned();
    notes.map(|note| text(note).lines().last().expect("a line").to_owned()).collect()
}

/// Sends a form and one more, which have to be one deal with two notes once amoCRM is well.
async fn assert_once(crm: &Crm, guest: &Guest, ids: &[String]) {
    crm.until_all_written(ids).await;
    let deal = crm.deal_of(guest).await;
    let expected: Vec<String> = ids.iter().map(|id| format!("Заявка {id}")).collect();
    assert_eq!(markers(&deal), expected, "each once, in the order in which they came");
}

#[tokio::test]
async fn while_amocrm_is_not_paid_for_forms_are_taken_and_then_every_lead_is_there_once_and_in_order() {
    let crm = Crm::open().await;
    for kind in ["unpaid", "blocked"] {
        crm.fail(&[json!({ "kind": kind })]).await;
        let (one, other) = (Guest::new(), Guest::new());
        let mut ids = [vec![], vec![]];
        ids[0].push(Form::proftest(&one).taken(&crm.stack).await);
        crm.until_breaker("open").await;
        for _ in 0..2 {
            ids[0].push(Form::order(&one, "robokassa").taken(&crm.stack).await);
            ids[1].push(Form::proftest(&other).taken(&crm.stack).await);
        }
        let lead = leads::lead(&ids[0][0]).await;
        assert_eq!(lead["status"], "waiting");
        assert!(!crm.problem().await.is_empty(), "a person is told");
        crm.until_put_off(&ids[0][0], if kind == "unpaid" { "402" } else { "403" }).await;
        // However many leads wait, and however often it is swept, it is asked once for each cool-down.
        crm.forget_asked().await;
        for probes in 1..=2 {
            crm::end_cool_down().await;
            let swept = crm.sweep().await;
            assert_eq!((&swept["probes"], &swept["leads"]), (&json!(true), &json!(0)), "{swept}");
            wait::until("the probe", async || (crm.asked().await.all().len() >= probes).then_some(())).await;
            crm.until_breaker("open").await;
            outbox::sweep().await;
            crm.until_idle().await;
            assert_eq!(crm.asked().await.all().len(), probes, "{kind}");
        }
        crm.fail(&[]).await;
        crm::end_cool_down().await;
        outbox::sweep().await;
        crm.until_breaker("closed").await;
        assert_once(&crm, &one, &ids[0]).await;
        assert_once(&crm, &other, &ids[1]).await;
        assert_eq!(crm.problem().await, "");
    }
    crm.end().await;
}

#[tokio::test]
async fn wherever_an_answer_is_lost_there_is_one_deal_and_one_note() {
    let crm = Crm::open().await;
    crm.configure_stages(&json!({"kaspi": 87_654_325})).await;
    for (edge, kind) in [
        ("complex", "lost_answer"),
        ("complex", "hang_up"),
        ("complex", "timeout_504"),
        ("complex", "cut"),
        ("note_create", "lost_answer"),
        ("note_create", "bad_gateway"),
        ("lead_update", "lost_answer"),
        ("lead_update", "html_200"),
        ("contacts", "hang_up"),
        ("contacts", "html_200"),
    ] {
        let guest = Guest::new();
        let first = Form::proftest(&guest).with("utm_source", "ig");
        let mut ids = vec![];
        if edge == "lead_update" {
            ids.push(first.taken(&crm.stack).await);
            crm.until_all_written(&ids).await;
        }
        crm.fail(&[json!({"edge": edge, "kind": kind, "count": 1})]).await;
        ids.push(Form::order(&guest, "kaspi").with("utm_campaign", "kz_ar_video").taken(&crm.stack).await);
        wait::until("the fault", async || (crm.hits().await > 0).then_some(())).await;
        assert_once(&crm, &guest, &ids).await;
        let deal = crm.deal_of(&guest).await;
        assert_eq!(
            (&deal["status_id"], &deal["values"]["UTM_CAMPAIGN"]),
            (&json!(87_654_325), &json!("kz_ar_video")),
            "{edge} {kind}"
        );
    }
    crm.fail(&[]).await;
    crm.end().await;
}

#[tokio::test]
async fn who_is_asked_too_often_is_left_alone_by_everybody() {
    let crm = Crm::open().await;
    crm.fail(&[json!({"kind": "too_many", "count": 2})]).await;
    let guests: Vec<Guest> = (0..3).map(|_| Guest::new()).collect();
    let mut ids = vec![];
    for guest in &guests {
        ids.push(Form::proftest(guest).taken(&crm.stack).await);
    }
    crm.until_all_written(&ids).await;
    for guest in &guests {
        crm.deal_of(guest).await;
    }
    let asked = crm.asked().await;
    let refused = asked.all().iter().filter(|request| request["status"] == 429).count();
    assert_eq!(refused, 2, "nobody went on asking");
    crm.end().await;
}

#[tokio::test]
async fn a_lead_that_amocrm_will_never_take_is_failed_and_told_without_its_values() {
    let crm = Crm::open().await;
    crm.fail(&[json!({"edge": "complex", "kind": "validation", "path": "name"})]).await;
    let guest = Guest::new();
    let id = Form::proftest(&guest).taken(&crm.stack).await;
    let lead = crm.until_lead(&id, "to be failed", |lead| lead["status"] == "failed").await;
    let error = lead["crm"]["last_error"].as_str().unwrap();
    assert!(error.contains("name") && !error.contains(guest.last_ten()), "{error}");
    assert_eq!(crm.deals_of(&guest).await, Vec::<Value>::new());
    crm.end().await;
}

#[tokio::test]
async fn a_check_of_the_pipeline_that_could_not_ask_says_why_and_finds_nothing() {
    let crm = Crm::open().await;
    crm.fail(&[json!({"kind": "unpaid"})]).await;
    let report = aws::invoke("pipeline-check", &json!({})).await.expect("a report");
    assert_eq!(report["ok"], Value::Null, "{report}");
    assert!(report["problem"].as_str().unwrap().contains("not paid"), "{report}");
    crm.until_breaker("open").await;
    crm.end().await;
}
