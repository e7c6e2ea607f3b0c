//! The key in a webhook's address.

use e2e::env::env;
use e2e::hook::fresh_id;
use e2e::{Caller, Deal, Hook, Route, Stack, aws, events};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

async fn send(stack: &Stack, hook: &Hook, query: &str) -> e2e::Answer {
    let path = format!("{}{query}", hook.route.path());
    stack.send("POST", &path, &Caller::Nobody, Some(("application/x-www-form-urlencoded", hook.body()))).await
}

#[tokio::test]
async fn without_a_live_key_nothing_is_taken_and_nothing_is_kept() {
    let stack = Stack::open().await;
    let key = env().get("WEBHOOK_KEY");
    let digest = hex::encode(Sha256::digest(key));
    for route in Route::ALL {
        let deal = Deal::new();
        let hook = Hook::won(route, deal, 1_300_000_000);
        for query in [
            String::new(),
            "?key".to_owned(),
            "?key=".to_owned(),
            "?key=wrong".to_owned(),
            format!("?key={}", &key[1..]),
            format!("?key={key}x"),
            format!("?key={}", key.to_uppercase() + "A"),
            format!("?key={digest}"),
            format!("?Key={key}"),
            "?key=%00%FF".to_owned(),
            format!("?key={}", "a".repeat(5_000)),
        ] {
            send(&stack, &hook, &query).await.refused(401, "unauthorized");
        }
        let body = format!("key={key}").into_bytes();
        let form = Some(("application/x-www-form-urlencoded", body.clone()));
        stack.send("POST", route.path(), &Caller::Nobody, form).await.refused(401, "unauthorized");
        assert!(!events::is_kept(&hook.body()).await && !events::is_kept(&body).await, "{route:?}");
        assert!(events::of_deal(deal).await.is_empty(), "{route:?}");
    }
}

#[tokio::test]
async fn while_a_key_is_rotated_both_open_the_door() {
    // A function with another environment is another function to whoever calls it meanwhile.
    let stack = Stack::alone().await;
    let new = format!("{:016x}{:016x}", fresh_id(), fresh_id());
    let hook = |key: &str| (Hook::won(Route::Traffic, Deal::new(), 1_300_000_000), format!("?key={key}"));
    let path = format!("/2015-03-31/functions/{}/configuration", env().function("amocrm-traffic"));
    let before = aws::lambda("GET", &path, &json!({})).await.unwrap()["Environment"].clone();
    let live = before["Variables"]["WEBHOOK_KEY_DIGESTS"].as_str().expect("digests").to_owned();
    let mut both = before.clone();
    both["Variables"]["WEBHOOK_KEY_DIGESTS"] = format!("{live},{}", hex::encode(Sha256::digest(&new))).into();

    let configure = async |environment: &Value| {
        aws::lambda("PUT", &path, &json!({ "Environment": environment })).await.unwrap();
    };
    configure(&both).await;
    let mut answers = vec![];
    for key in [env().get("WEBHOOK_KEY"), &new, "neither"] {
        let (hook, query) = hook(key);
        answers.push(send(&stack, &hook, &query).await);
    }
    configure(&before).await;
    assert_eq!((answers[0].outcome().as_str(), answers[1].outcome().as_str()), ("recorded", "recorded"));
    answers[2].refused(401, "unauthorized");
    let (late, query) = hook(&new);
    send(&stack, &late, &query).await.refused(401, "unauthorized");
}
