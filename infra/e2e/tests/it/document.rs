//! The published document names the routes there are, each with its answers. That every answer of every test is as
//! documented is checked where answers arrive, in `e2e::Stack`.

use std::collections::{BTreeMap, BTreeSet};

use e2e::template::{self, Template};
use e2e::world::AdAccount;
use e2e::{Caller, Spend, Stack};
use serde_json::Value;

#[tokio::test]
async fn the_template_and_the_document_name_the_same_routes() {
    let stack = Stack::open().await;
    let mut of_template: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for route in Template::read().routes() {
        of_template.entry(route.path).or_default().insert(route.method);
    }
    let document = stack.document().await;
    assert_eq!(document.routes(), of_template);
    assert_eq!(document.root["openapi"], "3.1.0");
}

#[tokio::test]
async fn the_document_asks_for_a_token_where_the_gateway_does() {
    let stack = Stack::open().await;
    let document = stack.document().await;
    for route in Template::read().routes() {
        let operation = &document.root["paths"][&route.path][route.method.to_lowercase()];
        let security = operation.get("security").or_else(|| document.root.get("security"));
        let schemes: Vec<&String> = security
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .flat_map(|choice| choice.as_object().unwrap().keys())
            .collect();
        let bearer = schemes.iter().any(|name| {
            let scheme = &document.root["components"]["securitySchemes"][name.as_str()];
            scheme["type"] == "http" && scheme["scheme"] == "bearer"
        });
        assert_eq!(bearer, !route.is_public, "{} {}", route.method, route.path);
    }
}

#[tokio::test]
async fn every_operation_documents_a_success_with_its_shape() {
    let stack = Stack::open().await;
    let document = stack.document().await;
    let mut by_team = vec![];
    for (path, methods) in document.routes() {
        for method in methods {
            let operation = &document.root["paths"][&path][method.to_lowercase()];
            for name in ["operationId", "summary"] {
                let told = operation[name].as_str().is_some_and(|text| !text.is_empty());
                assert!(told, "{method} {path} has no {name}");
            }
            for (status, response) in operation["responses"].as_object().expect("responses") {
                let content = document.resolve(response)["content"].as_object();
                let content = content.unwrap_or_else(|| panic!("{method} {path} {status} has no content"));
                assert!(
                    content.values().all(|media| media.get("schema").is_some()),
                    "{method} {path} {status}"
                );
            }
            let is_success = |status: &String| status.starts_with('2');
            assert!(operation["responses"].as_object().unwrap().keys().any(is_success), "{method} {path}");
            let parameters = operation["parameters"].as_array();
            let mut names =
                parameters.into_iter().flatten().map(|parameter| &document.resolve(parameter)["name"]);
            if names.any(|name| name == "team") {
                by_team.push(path.clone());
            }
        }
    }
    // The routes whose teams `access.rs` and `spend_access.rs` guard, and two that are for admins alone.
    let expected = [
        "/api/admin/reconciliation",
        "/api/admin/utm-check",
        "/api/facebook-ads/insights",
        "/api/traffic-dashboard/funnel",
        "/api/traffic-dashboard/leads/by-funnel",
        "/api/traffic-dashboard/leads/total",
        "/api/traffic-dashboard/sales",
        "/api/traffic-dashboard/sales/total",
        "/api/traffic-facebook/accounts",
        "/api/traffic-facebook/campaigns/{account_id}",
    ];
    assert_eq!(by_team.into_iter().collect::<BTreeSet<_>>(), expected.map(str::to_owned).into());
}

#[tokio::test]
async fn an_answer_of_every_route_is_seen_and_is_as_documented() {
    // One of the routes begins a refresh.
    let spend = Spend::of(&[AdAccount::new(1)]).await;
    let stack = &spend.stack;
    for route in Template::read().routes() {
        let body = (route.method == "POST").then(|| ("application/json", b"{}".to_vec()));
        for caller in [Caller::Admin, Caller::Buyer("muha")] {
            // Signing out would end the sessions of all other tests.
            if route.path != "/api/auth/logout" {
                let answer = stack.send(&route.method, &route.filled(), &caller, body.clone()).await;
                assert!(answer.status < 500, "{}: {}", answer.asked, answer.shown());
                if answer.status == 202 {
                    spend.until_ended(answer.json()["job_id"].as_str().expect("an id")).await;
                }
            }
        }
    }
}

#[tokio::test]
async fn an_unknown_path_of_the_api_is_not_found() {
    let stack = Stack::open().await;
    for path in [
        "/api/nothing",
        "/api/traffic-dashboard",
        "/api/traffic-dashboard/sales/1/2",
        "/api/traffic-dashboard/sales/",
        "/api/amocrm/sales-webhook/x",
        "/api/health?x=1&y=%ZZ#z",
        "/webhook/amocrm/other",
    ] {
        for caller in [Caller::Nobody, Caller::Admin] {
            let answer = stack.get(&caller, path).await;
            if path.starts_with("/api/health?") {
                answer.ok();
            } else {
                answer.refused(404, "not_found");
            }
        }
        let post = stack.post_json(&Caller::Nobody, path, &serde_json::json!({})).await;
        assert!(matches!(post.status, 404 | 405), "{path}: {}", post.shown());
    }
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let stack = Stack::open().await;
    let routes = stack.document().await.routes();
    for (template, methods) in &routes {
        let path = template::filled(template);
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            // `events/{id}` answers where `events/replay` does not.
            let answers = stack.document().await.template_of(method, &path).expect("a template");
            if routes[&answers].contains(method) {
                continue;
            }
            let answer = stack.send(method, &path, &Caller::Nobody, None).await;
            answer.refused(405, "method_not_allowed");
            let allow = answer.header("allow").unwrap_or_default();
            let allow: BTreeSet<String> = allow.split(',').map(|method| method.trim().to_owned()).collect();
            assert_eq!(allow, *methods, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn every_path_that_is_no_api_is_the_dashboard() {
    let stack = Stack::open().await;
    for path in [
        "/",
        "/login",
        "/sales",
        "/settings",
        "/admin/events",
        "/traffic/cabinet/muha",
        "/apis",
        "/nothing/x?y=1",
    ] {
        let page = stack.get(&Caller::Nobody, path).await;
        let content_type = page.header("content-type").unwrap_or_default();
        assert_eq!((page.status, content_type), (200, "text/html; charset=utf-8"), "{path}");
        assert!(page.header("content-security-policy").is_some(), "{path}");
    }
}

#[tokio::test]
async fn the_front_door_shows_nothing_of_the_local_aws_behind_it() {
    let stack = Stack::open().await;
    for path in ["/health", "/_ministack/health", "/_ministack/sqs/messages", "/_localstack/health"] {
        let page = stack.get(&Caller::Nobody, path).await;
        let content_type = page.header("content-type").unwrap_or_default();
        assert_eq!(content_type, "text/html; charset=utf-8", "{path}: {}", page.shown());
    }
}
