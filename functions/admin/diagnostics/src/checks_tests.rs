use aws_sdk_dynamodb::config::BehaviorVersion;
use aws_sdk_dynamodb::{Client, Config};
use serde_json::Value;

use super::*;

/// Checks over a store that nobody can reach.
fn checks() -> Checks {
    let config = Config::builder().behavior_version(BehaviorVersion::latest()).build();
    let (client, table) = (Client::from_conf(config), || "t".to_owned());
    Checks {
        sales: Sales::new(client.clone(), table()),
        settings: Settings::new(client.clone(), table()),
        states: AmocrmStates::new(client.clone(), table()),
        counters: Counters::new(client.clone(), table()),
        reconciliations: Reconciliations::new(client.clone(), table()),
        old: OldDatabases::new(client.clone(), table()),
        rules: RuleBooks::new(client, table()),
    }
}

#[tokio::test]
async fn without_a_store_every_check_is_an_error_under_its_own_name() {
    let report = checks().run("2026-11-20T05:00:00Z".parse().unwrap()).await;
    let report = serde_json::to_value(report).unwrap();
    let told = report["diagnostics"].as_array().unwrap();
    let names: Vec<&str> = told.iter().filter_map(|entry| entry["name"].as_str()).collect();
    let expected = [
        "Express Course Webhook",
        "Flagship Course Webhook",
        "Landing BD Sync",
        "Tripwire BD Integration",
        "ProofTest Integration",
        "Express Course Sales",
        "Flagship Course Sales",
        "All Sales Tracking",
        "amoCRM Reconciliation",
        "amoCRM Webhook Subscriptions",
        "Payment Stages",
        "Funnel Counters",
    ];
    assert_eq!(names, expected);
    let is_unread = |entry: &Value| entry["message"] == "Check failed: our own store did not answer";
    assert!(told.iter().all(is_unread), "{report}");
    assert_eq!((&report["overall_status"], &report["summary"]["error"]), (&"error".into(), &12.into()));
}
