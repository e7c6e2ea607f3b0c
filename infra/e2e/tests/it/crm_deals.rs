//! What becomes of a deal: forward to the stage of the payment method, never back, and nothing that somebody said is lost.

use e2e::crm::{Crm, PIPELINE};
use e2e::{Form, Guest, aws, leads};
use serde_json::{Value, json};

const NEW: u64 = 87_654_321;
const TAKEN: u64 = 87_654_325;
const BILLED: u64 = 87_654_329;
const WON: u64 = 142;

async fn written(crm: &Crm, form: &Form) -> Value {
    crm.until_written(&form.taken(&crm.stack).await).await
}

#[tokio::test]
async fn a_deal_moves_to_the_stage_of_the_payment_method_and_never_back() {
    let crm = Crm::open().await;
    crm.configure_stages(&json!({"kaspi": TAKEN, "halyk": BILLED})).await;
    let guest = Guest::new();
    for (form, stage) in [
        (Form::proftest(&guest), NEW),
        (Form::order(&guest, "kaspi"), TAKEN),
        (Form::order(&guest, "halyk"), BILLED),
        (Form::order(&guest, "kaspi"), BILLED),
        (Form::order(&guest, "robokassa"), BILLED),
    ] {
        let lead = written(&crm, &form).await;
        let deal = crm.deal_of(&guest).await;
        assert_eq!((&deal["status_id"], &lead["crm"]["stage"]), (&json!(stage), &json!(stage)), "{form:?}");
    }
    assert_eq!(crm.deal_of(&guest).await["price"], 5_000, "the price of what was ordered");
    // A new person's order begins at its stage.
    let guest = Guest::new();
    written(&crm, &Form::order(&guest, "halyk")).await;
    assert_eq!(crm.deal_of(&guest).await["status_id"], BILLED);
    crm.end().await;
}

#[tokio::test]
async fn a_deal_that_is_closed_stays_closed() {
    let crm = Crm::open().await;
    crm.configure_stages(&json!({"kaspi": TAKEN, "halyk": WON})).await;
    let guest = Guest::new();
    let lead = written(&crm, &Form::order(&guest, "halyk")).await;
    let won = crm.deal_of(&guest).await;
    assert_eq!((&won["status_id"], lead["crm"].get("warning")), (&json!(WON), None));
    written(&crm, &Form::order(&guest, "kaspi")).await;
    written(&crm, &Form::proftest(&guest)).await;
    let deals = crm.deals_of(&guest).await;
    let stages: Vec<&Value> = deals.iter().map(|deal| &deal["status_id"]).collect();
    assert_eq!(stages, [&json!(WON), &json!(TAKEN)], "the order made a new one, the career test joined it");
    assert_eq!(deals[0], won);
    crm.end().await;
}

#[tokio::test]
async fn what_people_have_written_at_a_deal_stays() {
    let crm = Crm::open().await;
    crm.configure_stages(&json!({"kaspi": TAKEN})).await;
    let guest = Guest::new();
    let form = Form::proftest(&guest).with("utm_source", "facebook");
    written(&crm, &form).await;
    let deal = crm.deal_of(&guest).await["id"].as_u64().unwrap();
    let by_hand = json!({"name": "VIP", "price": 7_777, "responsible_user_id": 11, "values": {"UTM_MEDIUM": "by hand"}});
    crm.change(deal, &by_hand).await;
    let order = Form::order(&guest, "kaspi").with("utm_source", "google").with("utm_medium", "cpc");
    written(&crm, &order.with("utm_campaign", "kz_ar_video")).await;
    let after = crm.deal_of(&guest).await;
    let told = ["name", "price", "responsible_user_id", "status_id"].map(|name| after[name].clone());
    assert_eq!(told, [json!("VIP"), json!(7_777), json!(11), json!(TAKEN)]);
    let utm = json!({"UTM_SOURCE": "facebook", "UTM_MEDIUM": "by hand", "UTM_CAMPAIGN": "kz_ar_video"});
    assert_eq!(after["values"], utm, "the first touch stays");
    assert_eq!(crm.asked().await.count_at("lead_update"), 1);
    // The same once more changes nothing, so nothing but a note is written.
    crm.forget_asked().await;
    written(&crm, &Form::order(&guest, "kaspi").with("utm_campaign", "other")).await;
    assert_eq!(crm.asked().await.writes(), 1);
    crm.end().await;
}

#[tokio::test]
async fn a_deal_that_somebody_moved_to_another_pipeline_or_deleted_is_not_followed() {
    let crm = Crm::open().await;
    crm.configure_stages(&json!({})).await;
    let guest = Guest::new();
    written(&crm, &Form::proftest(&guest)).await;
    let moved = crm.deal_of(&guest).await["id"].as_u64().unwrap();
    crm.change(moved, &json!({"pipeline_id": 10_350_999, "status_id": 87_700_025})).await;
    written(&crm, &Form::proftest(&guest)).await;
    let deals = crm.deals_of(&guest).await;
    assert_eq!(deals.len(), 2, "{deals:?}");
    assert_eq!((&deals[0]["pipeline_id"], &deals[1]["pipeline_id"]), (&json!(10_350_999), &json!(PIPELINE)));
    let path = format!("/control/amocrm/leads/{}", deals[1]["id"]);
    e2e::sandbox::control("DELETE", &path, None).await;
    let lead = written(&crm, &Form::proftest(&guest)).await;
    assert_ne!(lead["crm"]["deal"]["lead"], deals[1]["id"]);
    assert_eq!(crm.deals_of(&guest).await.len(), 2);
    crm.end().await;
}

#[tokio::test]
async fn stages_that_the_account_lacks_are_told_and_the_lead_is_not_lost() {
    let crm = Crm::open().await;
    // As the old system had them: 142 is won, 143 is lost, and there is no 144.
    let guest = Guest::new();
    let lead = written(&crm, &Form::order(&guest, "robokassa")).await;
    let warning = lead["crm"]["warning"].as_str().expect("a warning");
    assert!(warning.contains("144") && warning.contains("payment_stages"), "{warning}");
    assert_eq!(crm.deal_of(&guest).await["status_id"], NEW);
    let report = aws::invoke("pipeline-check", &json!({})).await.expect("a report");
    assert_eq!(report["ok"], false, "{report}");
    let findings = report["findings"].as_array().unwrap();
    let told: Vec<(&str, u64)> = findings
        .iter()
        .map(|finding| (finding["payment_method"].as_str().unwrap(), finding["status_id"].as_u64().unwrap()))
        .collect();
    assert_eq!(told, [("kaspi", 142), ("halyk", 143), ("robokassa", 144)]);
    for (finding, word) in findings.iter().zip(["won", "lost", "not in pipeline"]) {
        assert!(finding["problem"].as_str().unwrap().contains(word), "{finding}");
        assert!(finding["what_to_do"].as_str().unwrap().contains(&TAKEN.to_string()), "{finding}");
    }
    crm.configure_stages(&json!({"kaspi": TAKEN, "halyk": BILLED, "robokassa": BILLED})).await;
    let report = aws::invoke("pipeline-check", &json!({})).await.expect("a report");
    assert_eq!((&report["ok"], &report["findings"]), (&json!(true), &json!([])), "{report}");
    crm.end().await;
}

#[tokio::test]
async fn an_account_without_utm_fields_gets_its_leads_with_the_values_in_the_note() {
    let crm =
        Crm::of(&json!({"lead_fields": [{"id": 644_001, "name": "Способ оплаты", "type": "text"}]})).await;
    let guest = Guest::new();
    let lead = written(&crm, &Form::proftest(&guest).with("utm_campaign", "kz_ar_video")).await;
    assert!(lead["crm"]["warning"].as_str().expect("a warning").contains("UTM_CAMPAIGN"), "{lead}");
    let deal = crm.deal_of(&guest).await;
    assert!(deal["notes"].to_string().contains("kz_ar_video"), "{deal}");
    crm.end().await;
}

#[tokio::test]
async fn a_lead_over_a_limit_is_kept_and_amocrm_is_not_told_of_it() {
    let crm = Crm::open().await;
    let guest = Guest::new();
    let mut taken = vec![];
    for _ in 0..5 {
        taken.push(Form::proftest(&guest).taken(&crm.stack).await);
    }
    Form::proftest(&guest).send(&crm.stack).await.refused(429, "rate_limited");
    crm.until_all_written(&taken).await;
    assert_eq!(
        (leads::of_phone(&guest).await.len(), crm.deal_of(&guest).await["notes"].as_array().unwrap().len()),
        (6, 5)
    );
    crm.end().await;
}
