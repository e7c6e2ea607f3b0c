use std::time::Duration;

use aws_config::BehaviorVersion;
use serde_json::Value;

use crate::diagnose::Diagnosis;
use crate::diagnose::live::{LiveCrm, LiveDatabases};
use crate::diagnose::queues::{Queues, WatchedQueue};
use crate::domain::crm::slots::SlotRules;
use crate::edge::config::Tables;
use crate::health::AmocrmDoor;
use crate::neighbours::http;
use crate::store::amocrm_rate::RateLimit;
use crate::store::dead_queue::DeadQueue;
use crate::store::secrets::Secret;
use crate::sync::crm::amocrm::LONGEST_CALL;

/// Checks over a store that nobody can reach, and neighbours with addresses of which none is asked without it.
fn diagnosis() -> Diagnosis {
    let dynamodb = aws_sdk_dynamodb::Config::builder().behavior_version(BehaviorVersion::latest());
    let dynamodb = aws_sdk_dynamodb::Client::from_conf(dynamodb.build());
    let sqs = aws_sdk_sqs::Config::builder().behavior_version(BehaviorVersion::latest());
    let sqs = aws_sdk_sqs::Client::from_conf(sqs.build());
    let secret = || {
        let config = aws_sdk_secretsmanager::Config::builder().behavior_version(BehaviorVersion::latest());
        Secret::new(aws_sdk_secretsmanager::Client::from_conf(config.build()), "s".to_owned())
    };
    let (table, address) = (|| "t".to_owned(), || "http://127.0.0.1:1".to_owned());
    let tables = Tables {
        events: table(),
        sales: table(),
        counters: table(),
        ads: table(),
        leads: table(),
        notifications: table(),
        settings: table(),
    };
    let rules = SlotRules { slots: 7, longest_call: LONGEST_CALL };
    let client = || http::client(Duration::from_secs(1)).unwrap();
    Diagnosis::new(
        &dynamodb,
        &tables,
        Queues {
            watched: vec![WatchedQueue {
                name: "hook-retry",
                url: address(),
                dead_letters: DeadQueue::new(sqs.clone(), address()),
            }],
            client: sqs,
        },
        LiveCrm {
            door: AmocrmDoor {
                http: client(),
                base: address(),
                limit: RateLimit::new(dynamodb.clone(), table(), rules),
            },
            secret: secret(),
        },
        LiveDatabases { http: client(), landing: address(), tripwire: address(), secret: secret() },
    )
}

#[tokio::test]
async fn without_a_store_every_check_is_an_error_under_its_own_name() {
    let report = diagnosis().run("2026-11-20T05:00:00Z".parse().unwrap()).await;
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
        "amoCRM API",
        "Tokens",
        "Facebook Spend",
        "UTM Check",
        "Exchange Rates",
        "Queues",
    ];
    assert_eq!(names, expected);
    let is_unread = |entry: &Value| entry["message"] == "Check failed: our own store did not answer";
    assert!(told.iter().all(is_unread), "{report}");
    assert_eq!((&report["overall_status"], &report["summary"]["error"]), (&"error".into(), &18.into()));
}
