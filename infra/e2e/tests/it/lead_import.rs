//! Leads that came before, or elsewhere: each once, and the sales of their deals follow.

use e2e::days::{self, Day};
use e2e::{Deal, Guest, Hook, Route, Stack, aws, events, leads, rebuild};
use serde_json::{Value, json};

/// The account that hooks of this stack are known to come from.
const ACCOUNT: u64 = 29_600_001;

fn lead(guest: &Guest, day: Day, more: &Value) -> Value {
    let mut lead = json!({
        "external_id": format!("e2e/{}", guest.last_ten()), "form": "proftest", "received_at": days::time(day.noon()),
        "name": guest.name, "email": guest.email, "phone": guest.spellings()[1],
    });
    lead.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    lead
}

async fn import(leads: &[Value]) -> Value {
    let report = aws::invoke("lead-import", &json!({ "leads": leads })).await.expect("a report");
    assert_eq!(report["success"], true, "{report}");
    report
}

#[tokio::test]
async fn a_lead_of_the_past_is_taken_in_once_and_nobody_is_written_to() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    let (good, bad) = (Guest::new(), Guest::new());
    let all = [
        lead(&good, day, &json!({"slug": "muha", "utm_content": "120210000000000001"})),
        lead(&bad, day, &json!({"phone": "12", "form": "express"})),
    ];
    let report = import(&all).await;
    assert_eq!((&report["imported"], &report["known"]), (&json!(1), &json!(0)), "{report}");
    let rejected = report["rejected"].as_array().unwrap();
    assert_eq!((rejected.len(), &rejected[0]["external_id"]), (1, &all[1]["external_id"]));
    assert!(!report.to_string().contains(&bad.email), "{report}");
    let ids = leads::of_phone(&good).await;
    let kept = leads::lead(&ids[0]).await;
    assert_eq!(
        (&kept["status"], &kept["team"], &kept["day"]),
        (&json!("imported"), &json!("muha"), &json!(day.to_string()))
    );
    assert_eq!(
        (leads::messages_of(&ids[0]).await, leads::item(&ids[0]).await.unwrap().get("job_key")),
        (vec![], None)
    );
    let again = import(&all[..1]).await;
    assert_eq!((&again["imported"], &again["known"]), (&json!(0), &json!(1)), "{again}");
    assert_eq!(leads::of_phone(&good).await, ids);
}

#[tokio::test]
async fn the_sales_of_a_leads_deal_follow_it_by_the_rules_of_today() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    let deal = Deal { account: ACCOUNT, ..Deal::new() };
    assert_eq!(stack.hook(&Hook::added(Route::Funnel, deal, day.noon())).await.outcome(), "recorded");
    events::file_as_other(deal, "express").await;
    let report = import(&[lead(&Guest::new(), day, &json!({"slug": "arystan", "deal_id": deal.lead}))]).await;
    assert_eq!((&report["imported"], &report["linked"]), (&json!(1), &json!(1)), "{report}");
    stack.sale(&deal.sale("other")).await.refused(404, "not_found");
    let page = stack.sale(&deal.sale("express")).await.ok();
    assert_eq!(
        (&page["sale"]["team"], &page["sale"]["trail"]["source"]),
        (&json!("arystan"), &json!("landing_lead"))
    );
    rebuild::report(day, day, true).await;
    rebuild::assert_no_difference(day, day).await;
}
