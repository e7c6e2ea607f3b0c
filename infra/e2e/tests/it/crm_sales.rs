//! A sale whose deal says nothing is the team's whose form the deal came of: whichever is heard of first.

use e2e::crm::PIPELINE;
use e2e::days::{self, Day};
use e2e::{Crm, Deal, Form, Guest, Hook, Route, events, rebuild};
use serde_json::{Value, json};

/// The deal that a form of the career test became, in amoCRM and so in hooks.
async fn deal_of(crm: &Crm, guest: &Guest, lead: &str) -> Deal {
    let lead = crm.until_written(lead).await;
    let deal = crm.deal_of(guest).await["id"].as_u64().unwrap();
    assert_eq!(lead["crm"]["deal"]["lead"], deal);
    Deal { account: lead["crm"]["deal"]["account"].as_u64().unwrap(), lead: deal }
}

fn sold(deal: Deal, day: Day) -> Hook {
    Hook::added(Route::Funnel, deal, day.noon())
}

fn assert_arystan(page: &Value, lead: &str) {
    let sale = &page["sale"];
    assert_eq!(
        (&sale["team"], &sale["trail"]["source"]),
        (&json!("arystan"), &json!("landing_lead")),
        "{page}"
    );
    assert!(page.to_string().contains(lead), "the form behind the deal is shown: {page}");
}

#[tokio::test]
async fn a_sale_without_utm_is_the_teams_of_the_form_behind_its_deal() {
    let crm = Crm::open().await;
    let (guest, day) = (Guest::new(), days::fresh(&crm.stack, 1).await);
    let lead = Form::proftest(&guest).with("slug", "proftest_arystan").taken(&crm.stack).await;
    let deal = deal_of(&crm, &guest, &lead).await;
    assert_eq!(crm.stack.hook(&sold(deal, day)).await.outcome(), "recorded");
    assert_arystan(&crm.stack.until_sold(deal, "express").await, &lead);
    crm.end().await;
}

#[tokio::test]
async fn a_sale_that_was_heard_of_before_the_form_moves_to_the_forms_team_by_the_rules_of_today() {
    let crm = Crm::open().await;
    let (guest, day) = (Guest::new(), days::fresh(&crm.stack, 1).await);
    // Somebody made the deal by hand, and sold, before the form came to amoCRM.
    let (contact, id) = (crm.id(1), crm.id(2));
    crm.add(&json!({
        "contacts": [{"id": contact, "name": "By Hand", "values": {"PHONE": guest.phone()}}],
        "leads": [{"id": id, "name": "By Hand", "pipeline_id": PIPELINE, "status_id": 87_654_325, "contacts": [contact]}],
    }))
    .await;
    let deal = Deal { account: 29_600_001, lead: id };
    assert_eq!(crm.stack.hook(&sold(deal, day)).await.outcome(), "recorded");
    let page = crm.stack.until_sold(deal, "express").await;
    assert_eq!(page["sale"]["team"], Value::Null, "{page}");
    events::file_as_other(deal, "express").await;
    let lead = Form::proftest(&guest).with("slug", "arystan").taken(&crm.stack).await;
    assert_eq!(deal_of(&crm, &guest, &lead).await, deal);
    crm.stack.sale(&deal.sale("other")).await.refused(404, "not_found");
    assert_arystan(&crm.stack.sale(&deal.sale("express")).await.ok(), &lead);
    rebuild::report(day, day, true).await;
    crm.end().await;
}
