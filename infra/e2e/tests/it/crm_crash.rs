//! A writer that dies, or whose store fails, at any step: one deal, one note.

use e2e::faults::Faults;
use e2e::{Crm, Form, Guest, crm, pulling, wait};
use serde_json::{Value, json};

const WRITER: &str = "amocrm-writer";

async fn assert_one(crm: &Crm, guest: &Guest, id: &str) {
    crm.until_all_written(&[id.to_owned()]).await;
    let deal = crm.deal_of(guest).await;
    assert_eq!(deal["notes"].as_array().unwrap().len(), 1, "{deal}");
}

fn of_leads(kind: &str, action: &str) -> Value {
    json!({"kind": kind, "service": "dynamodb", "function": WRITER, "action": action, "resource": "leads"})
}

#[tokio::test]
async fn a_deal_or_a_note_that_could_not_be_noted_is_found_again() {
    let crm = Crm::alone().await;
    // The lead is put with its deal's id; settled in a transaction.
    for (edge, action) in [("complex", "PutItem"), ("note_create", "TransactWriteItems")] {
        let guest = Guest::new();
        crm::deliver(false).await;
        let id = Form::proftest(&guest).taken(&crm.stack).await;
        // The fault begins while amoCRM thinks about the write.
        crm.fail(&[json!({"edge": edge, "kind": "hang", "seconds": 2, "count": 1})]).await;
        let during = async {
            wait::until("the write", async || (crm.hits().await > 0).then_some(())).await;
            Faults::on(&crm.stack, &[of_leads("unavailable", action)]).await
        };
        let (tried, faults) = tokio::join!(crm::attempt(&id), during);
        assert_eq!(tried, Ok(true), "{edge}: the queue brings it again");
        assert!(faults.hits().await[0] > 0, "{edge}");
        faults.off().await;
        crm.fail(&[]).await;
        crm.forget_locks(&id).await;
        crm::deliver(true).await;
        assert_one(&crm, &guest, &id).await;
    }
    crm.end().await;
}

#[tokio::test]
async fn a_writer_that_dies_while_amocrm_thinks_leaves_no_double() {
    let crm = Crm::alone().await;
    for edge in ["complex", "note_create"] {
        let guest = Guest::new();
        crm::deliver(false).await;
        let id = Form::proftest(&guest).taken(&crm.stack).await;
        crm.fail(&[json!({"edge": edge, "kind": "hang", "seconds": 8, "count": 1})]).await;
        let during = async {
            wait::until("the write", async || (crm.hits().await > 0).then_some(())).await;
            assert!(pulling::kill(WRITER).await > 0, "nobody was about it");
        };
        let (tried, ()) = tokio::join!(crm::attempt(&id), during);
        assert!(tried.is_err(), "it lived: {tried:?}");
        crm.fail(&[]).await;
        crm.forget_locks(&id).await;
        crm::deliver(true).await;
        assert_one(&crm, &guest, &id).await;
    }
    crm.end().await;
}

#[tokio::test]
async fn a_queue_that_refuses_costs_no_lead() {
    let crm = Crm::alone().await;
    let faults = Faults::on(&crm.stack, &[e2e::faults::fault("unavailable", "sqs", "landing-submit")]).await;
    let guest = Guest::new();
    let id = Form::order(&guest, "robokassa").taken(&crm.stack).await;
    faults.until_hit(0).await;
    faults.off().await;
    assert_one(&crm, &guest, &id).await;
    crm.end().await;
}

#[tokio::test]
async fn a_queue_message_of_no_lead_is_a_dead_letter() {
    let crm = Crm::alone().await;
    let before = pulling::waiting("QUEUE_AMOCRM_WRITER_DLQ").await.ready;
    for body in [r#"{"lead_id": "018f0000-0000-7000-8000-000000000000"}"#, "not JSON", r#"{"id": 1}"#] {
        pulling::send("QUEUE_AMOCRM_WRITER", body).await;
    }
    wait::until("three dead letters", async || {
        (pulling::waiting("QUEUE_AMOCRM_WRITER_DLQ").await.ready == before + 3).then_some(())
    })
    .await;
    pulling::purge("QUEUE_AMOCRM_WRITER_DLQ").await;
    crm.end().await;
}
