//! The health of amoCRM's subscriptions: what is switched off, missing or incomplete is named with what to do.

use e2e::env::env;
use e2e::hook::Route;
use e2e::proof::Proof;
use e2e::sandbox::control;
use e2e::{Crm, poll};
use serde_json::{Value, json};

const ALL: [&str; 5] = ["add_lead", "status_lead", "update_lead", "delete_lead", "restore_lead"];

fn listed(route: Route, events: &[&str], disabled: bool) -> Value {
    let destination =
        format!("https://dashboard.example.org{}?key={}", route.path(), env().get("WEBHOOK_KEY"));
    json!({"destination": destination, "settings": events, "disabled": disabled})
}

#[tokio::test]
async fn subscriptions_that_are_off_missing_or_incomplete_are_named_with_the_fix() {
    let crm = Crm::open().await;
    poll::begin(&crm, 1).await;
    let without_deletion = ["add_lead", "status_lead", "update_lead", "restore_lead"];
    let elsewhere = json!({"destination": "https://example.org/other", "settings": ALL, "disabled": true});
    let (sales, funnel) = (Route::Sales, Route::Funnel);
    for (webhooks, expected) in [
        (vec![listed(sales, &ALL, false)], vec![]),
        (vec![listed(sales, &ALL, false), elsewhere.clone()], vec![]),
        (vec![], vec![(sales, "missing")]),
        (vec![elsewhere], vec![(sales, "missing")]),
        (vec![listed(sales, &ALL, true)], vec![(sales, "disabled")]),
        (
            vec![listed(sales, &ALL, false), listed(funnel, &["status_lead"], true)],
            vec![(funnel, "disabled")],
        ),
        (vec![listed(sales, &without_deletion, false)], vec![(sales, "incomplete")]),
    ] {
        control("PUT", "/control/amocrm/settings", Some(&json!({ "webhooks": webhooks }))).await;
        poll::good().await;
        let proof = Proof::of_month(&crm.stack).await;
        let findings = proof.0["hooks"]["findings"].as_array().expect("findings");
        let named: Vec<(&str, &str)> = findings
            .iter()
            .map(|finding| (finding["path"].as_str().unwrap(), finding["problem"].as_str().unwrap()))
            .collect();
        let expected: Vec<(&str, &str)> =
            expected.into_iter().map(|(route, problem)| (route.path(), problem)).collect();
        assert_eq!(named, expected, "{}", proof.0["hooks"]);
        for finding in findings {
            let fix = finding["what_to_do"].as_str().expect("what to do");
            assert!(fix.contains("amoCRM's settings"), "{fix}");
            if finding["problem"] == "incomplete" {
                assert!(fix.contains("delete_lead") && !fix.contains("add_lead"), "{fix}");
            }
        }
        assert!(!proof.0.to_string().contains(env().get("WEBHOOK_KEY")), "the key is nobody's to see");
    }
    crm.end().await;
}
