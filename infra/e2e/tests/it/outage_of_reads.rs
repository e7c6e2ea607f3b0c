//! The dashboard and the sign-in while what they stand on is down: told in our words, and never more than is known.

use e2e::faults::{Faults, fault};
use e2e::people::{self, Person};
use e2e::{Caller, Stack};
use serde_json::{Value, json};

#[tokio::test]
async fn a_read_says_that_the_store_does_not_answer_and_nothing_else() {
    let stack = Stack::alone().await;
    for (function, path) in [
        ("funnel", "/api/traffic-dashboard/funnel"),
        ("sales-total", "/api/traffic-dashboard/sales/total"),
        ("leads-total", "/api/traffic-dashboard/leads/total"),
        ("leads-by-funnel", "/api/traffic-dashboard/leads/by-funnel"),
        ("sales", "/api/traffic-dashboard/sales"),
        ("sales", "/api/traffic-dashboard/sales?format=csv"),
        ("sale", "/api/traffic-dashboard/sales/1-1-express"),
    ] {
        for kind in ["throttle", "unavailable", "refuse"] {
            let faults = Faults::on(&stack, &[fault(kind, "dynamodb", function)]).await;
            stack.get(&Caller::Admin, path).await.refused(503, "service_unavailable");
            faults.off().await;
        }
        let answer = stack.get(&Caller::Admin, path).await;
        assert_ne!(answer.status, 503, "{path} stays down");
    }
}

#[tokio::test]
async fn what_needs_no_store_answers_without_one() {
    let stack = Stack::alone().await;
    let everything = json!({"kind": "refuse"});
    let faults = Faults::on(&stack, &[everything]).await;
    stack.get(&Caller::Nobody, "/api/health").await.ok();
    assert_eq!(stack.get(&Caller::Nobody, "/api/openapi.json").await.status, 200);
    stack.get(&Caller::Nobody, "/api/nothing").await.refused(404, "not_found");
    faults.off().await;
}

#[tokio::test]
async fn signing_in_tells_a_neighbour_that_is_down_from_a_wrong_password() {
    let stack = Stack::alone().await;
    let person = Person::new(&["team-muha"]).await;
    let session = person.log_in(&stack).await.ok();
    let refresh = json!({"refresh_token": session["refresh_token"]});
    for (kind, status, code) in [
        ("unavailable", 502, "upstream_error"),
        ("refuse", 502, "upstream_error"),
        ("throttle", 429, "rate_limited"),
    ] {
        let faults =
            Faults::on(&stack, &["auth-login", "auth-refresh"].map(|of| fault(kind, "cognito-idp", of)))
                .await;
        let elsewhere = stack.from_elsewhere();
        let refused = person.log_in(&elsewhere).await;
        refused.refused(status, code);
        // Trouble that is not the caller's uses up no tries.
        for _ in 0..10 {
            person.log_in(&elsewhere).await.refused(status, code);
        }
        let refreshed = elsewhere.post_json(&Caller::Nobody, "/api/auth/refresh", &refresh).await;
        refreshed.refused(status, code);
        for answer in [&refused, &refreshed] {
            assert_eq!(answer.header("retry-after").is_some(), status == 429, "{kind}");
        }
        faults.off().await;
        person.log_in(&elsewhere).await.ok();
    }
    // Without the store tries cannot be counted, and uncounted tries are not let through.
    let faults = Faults::on(&stack, &[fault("unavailable", "dynamodb", "auth-login")]).await;
    people::log_in(&stack.from_elsewhere(), &people::unknown_email(), "x")
        .await
        .refused(503, "service_unavailable");
    faults.off().await;
    person.log_in(&stack.from_elsewhere()).await.ok();
}

#[tokio::test]
async fn who_i_am_is_known_without_the_neighbour_but_for_the_e_mail() {
    let stack = Stack::alone().await;
    let person = Person::new(&["team-muha"]).await;
    let session = person.log_in(&stack).await.ok();
    let caller = Caller::Token(session["access_token"].as_str().unwrap().to_owned());
    let faults =
        Faults::on(&stack, &["auth-me", "auth-logout"].map(|of| fault("unavailable", "cognito-idp", of)))
            .await;
    let me = stack.get(&caller, "/api/auth/me").await.ok();
    assert_eq!((&me["user"]["email"], &me["user"]["teams"][0]["id"]), (&Value::Null, &"muha".into()));
    stack.post_json(&caller, "/api/auth/logout", &json!({})).await.refused(502, "upstream_error");
    faults.off().await;
    assert_eq!(stack.get(&caller, "/api/auth/me").await.ok()["user"]["email"], person.email);
}
