//! From a password to a session and out of it again.

use e2e::people::{self, Person};
use e2e::{Answer, Caller, Stack, tokens};
use serde_json::{Value, json};

/// An error without what tells one request from another.
fn without_id(answer: &Answer) -> Value {
    let mut body = answer.refused(401, "unauthorized");
    body.as_object_mut().unwrap().remove("request_id");
    body
}

fn token(session: &Value) -> Caller {
    Caller::Token(session["access_token"].as_str().expect("an access token").to_owned())
}

async fn refresh(stack: &Stack, token: &Value) -> Answer {
    stack.post_json(&Caller::Nobody, "/api/auth/refresh", &json!({ "refresh_token": token })).await
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_user_are_answered_alike() {
    let stack = Stack::open().await;
    let person = Person::new(&["team-muha"]).await;
    let wrong = people::log_in(&stack.from_elsewhere(), &person.email, &people::password()).await;
    let unknown =
        people::log_in(&stack.from_elsewhere(), &people::unknown_email(), &people::password()).await;
    assert_eq!(without_id(&wrong), without_id(&unknown));
    let names = |answer: &Answer| {
        let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        names
    };
    assert_eq!(names(&wrong), names(&unknown), "headers tell them apart");
    // No e-mail at all as far as Cognito goes.
    let odd = people::log_in(&stack.from_elsewhere(), "no e-mail'; --", "x").await;
    assert_eq!(without_id(&odd), without_id(&unknown));
}

#[tokio::test]
async fn a_session_begins_is_renewed_and_ends() {
    let stack = Stack::open().await;
    let person = Person::new(&["team-kenesary"]).await;
    let session = person.log_in(&stack).await.ok();
    assert_eq!((&session["expires_in"], &session["token_type"]), (&3_600.into(), &"Bearer".into()));
    let me = stack.get(&token(&session), "/api/auth/me").await.ok();
    let user = &me["user"];
    assert_eq!((&user["email"], &user["role"]), (&person.email.as_str().into(), &"buyer".into()), "{me}");
    let teams: Vec<&Value> = user["teams"].as_array().unwrap().iter().map(|team| &team["id"]).collect();
    assert_eq!(teams, ["kenesary"]);
    let access = session["access_token"].as_str().unwrap();
    assert_eq!(tokens::claims(access)["sub"], user["id"]);

    let renewed = refresh(&stack, &session["refresh_token"]).await.ok();
    assert!(renewed["refresh_token"].as_str().is_some_and(|token| !token.is_empty()));
    assert_eq!(renewed["expires_in"], 3_600);
    assert_eq!(stack.get(&token(&renewed), "/api/auth/me").await.ok()["user"], *user);

    stack.post_json(&token(&renewed), "/api/auth/logout", &json!({})).await.ok();
    for old in [&session["refresh_token"], &renewed["refresh_token"]] {
        refresh(&stack.from_elsewhere(), old).await.refused(401, "unauthorized");
    }
    // Out is out: saying so once more is no mistake.
    stack.post_json(&token(&renewed), "/api/auth/logout", &json!({})).await.ok();
    person.log_in(&stack).await.ok();
}

#[tokio::test]
async fn only_an_access_token_signs_out() {
    let stack = Stack::open().await;
    let person = Person::new(&["team-muha"]).await;
    let session = person.log_in(&stack).await.ok();
    let access = session["access_token"].as_str().unwrap();
    // What the pool's other token says, signed with its key: the gateway takes it, Cognito ends nothing for it.
    let mut claims = tokens::claims(access);
    claims["token_use"] = json!("id");
    claims["aud"] = claims["client_id"].clone();
    let id_token = tokens::signed(&claims, &tokens::header(access)["kid"], "access");
    let caller = Caller::Token(id_token);
    stack.get(&caller, "/api/traffic-dashboard/funnel").await.ok();
    stack.post_json(&caller, "/api/auth/logout", &json!({})).await.refused(401, "unauthorized");
    refresh(&stack, &session["refresh_token"]).await.ok();
}

#[tokio::test]
async fn an_e_mail_is_the_same_in_any_case() {
    let stack = Stack::open().await;
    let person = Person::new(&["team-muha"]).await;
    let email = format!(" {} ", person.email.to_uppercase());
    people::log_in(&stack, &email, &person.password).await.ok();
}

#[tokio::test]
async fn a_token_that_was_never_given_out_renews_nothing() {
    let stack = Stack::open().await;
    let person = Person::new(&["team-muha"]).await;
    let access = person.log_in(&stack).await.ok()["access_token"].clone();
    for made_up in [json!("x"), json!("a.b.c"), access] {
        refresh(&stack.from_elsewhere(), &made_up).await.refused(401, "unauthorized");
    }
}

#[tokio::test]
async fn a_body_that_lacks_something_is_told_what() {
    let stack = Stack::open().await;
    let post = async |path: &str, body: &str| {
        let body = Some(("application/json", body.as_bytes().to_vec()));
        stack.from_elsewhere().send("POST", path, &Caller::Nobody, body).await
    };
    post("/api/auth/login", "{}").await.invalid(&["email", "password"]);
    post("/api/auth/login", r#"{"email": "a@b.kz"}"#).await.invalid(&["password"]);
    post("/api/auth/login", r#"{"email": "  ", "password": "x"}"#).await.invalid(&["email"]);
    post("/api/auth/refresh", "{}").await.invalid(&["refresh_token"]);
    for path in ["/api/auth/login", "/api/auth/refresh"] {
        for body in [
            "",
            "email=a&password=b",
            "[]",
            "null",
            "{",
            r#"{"email": 1, "password": {}, "refresh_token": []}"#,
        ] {
            post(path, body).await.invalid(&["body"]);
        }
    }
}

#[tokio::test]
async fn a_person_in_no_group_signs_in_and_sees_nothing() {
    let stack = Stack::open().await;
    let person = Person::new(&[]).await;
    let caller = token(&person.log_in(&stack).await.ok());
    for path in [
        "/api/auth/me",
        "/api/traffic-dashboard/funnel",
        "/api/traffic-dashboard/sales",
        "/api/traffic-dashboard/sales/total",
        "/api/traffic-dashboard/sales/1-1-express",
    ] {
        stack.get(&caller, path).await.refused(403, "forbidden");
    }
}

#[tokio::test]
async fn a_person_in_two_teams_sees_both() {
    let stack = Stack::open().await;
    let person = Person::new(&["team-muha", "team-traf4"]).await;
    let caller = token(&person.log_in(&stack).await.ok());
    let funnel = stack.get(&caller, "/api/traffic-dashboard/funnel").await.ok();
    let teams: Vec<&Value> = funnel["teams"].as_array().unwrap().iter().map(|team| &team["team"]).collect();
    assert_eq!(teams, ["muha", "traf4"]);
    assert_eq!(funnel.get("unattributed"), None);
    stack.get(&caller, "/api/traffic-dashboard/funnel?team=traf4").await.ok();
    stack.get(&caller, "/api/traffic-dashboard/funnel?team=arystan").await.refused(403, "forbidden");
}
