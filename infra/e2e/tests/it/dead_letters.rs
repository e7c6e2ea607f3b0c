//! What an admin sees of messages that no worker could do anything with, and how they are sent again.

use std::collections::BTreeSet;

use e2e::env::env;
use e2e::hook::PERSON;
use e2e::template::Template;
use e2e::{Caller, Crm, Deal, Hook, Route, Stack, aws, clock, days, pulling, wait};
use serde_json::{Value, json};

const QUEUES: &str = "/api/admin/dead-letters";

/// Each queue with its variable.
const ALL: [(&str, &str); 6] = [
    ("hook-retry", "QUEUE_HOOK_RETRY"),
    ("facebook-pull", "QUEUE_FACEBOOK_PULL"),
    ("facebook-refresh", "QUEUE_FACEBOOK_REFRESH"),
    ("amocrm-writer", "QUEUE_AMOCRM_WRITER"),
    ("notifications", "QUEUE_NOTIFICATIONS"),
    ("attribution", "QUEUE_ATTRIBUTION"),
];

async fn park(variable: &str, body: &str) {
    let reason = json!({"reason": {"DataType": "String", "StringValue": "put here by a test"}});
    let url = env().get(&format!("{variable}_DLQ"));
    aws::sqs("SendMessage", &json!({"QueueUrl": url, "MessageBody": body, "MessageAttributes": reason}))
        .await;
}

/// What a queue of dead letters shows.
async fn shown(stack: &Stack, queue: &str) -> Vec<Value> {
    let answer = stack.get(&Caller::Admin, &format!("{QUEUES}/{queue}")).await;
    assert!(!answer.text().contains(PERSON), "a person's name");
    let body = answer.ok();
    assert_eq!(body["queue"], queue);
    body["items"].as_array().expect("items").clone()
}

async fn resend(stack: &Stack, queue: &str, question: &Value) -> Value {
    stack.post_json(&Caller::Admin, &format!("{QUEUES}/{queue}/resend"), question).await.ok()
}

async fn until_there(variable: &str, messages: u64) {
    wait::until(&format!("{messages} dead letters of {variable}"), async || {
        let waiting = pulling::waiting(&format!("{variable}_DLQ")).await;
        (waiting.ready == messages && waiting.taken == 0).then_some(())
    })
    .await;
}

fn reasons(items: &[Value]) -> BTreeSet<&str> {
    items.iter().map(|item| item["reason"].as_str().expect("a reason")).collect()
}

#[tokio::test]
async fn dead_letters_are_counted_shown_and_sent_again() {
    // The writer of amoCRM listens to its queue only for who has a turn at amoCRM.
    let crm = Crm::alone().await;
    let stack = &crm.stack;
    let deal = Deal::new();
    let at = days::fresh(stack, 1).await.noon();
    let hook = Hook::won(Route::Funnel, deal, at);
    let waiting = json!({
        "route": "funnel", "received_at": days::time(at + 5), "body": String::from_utf8(hook.body()).unwrap(),
    });
    for (queue, variable) in ALL {
        pulling::purge(&format!("{variable}_DLQ")).await;
        let first = if queue == "hook-retry" { waiting.to_string() } else { "not JSON".to_owned() };
        park(variable, &first).await;
        park(variable, "[1]").await;
    }
    let told = stack.get(&Caller::Admin, QUEUES).await.ok();
    let rows = told["items"].as_array().unwrap();
    let names: BTreeSet<String> = rows.iter().map(|row| row["queue"].as_str().unwrap().to_owned()).collect();
    assert_eq!(names, Template::read().queues_with_dead_letters(), "every queue with dead letters");
    for row in rows {
        assert_eq!(row["waiting"], 2, "{row}");
        assert!(row["oldest_age_seconds"].as_i64().is_some_and(|age| (0..600).contains(&age)), "{row}");
    }
    // A look leaves everything where it is.
    for _ in 0..2 {
        let letters = shown(stack, "hook-retry").await;
        assert_eq!((letters.len(), reasons(&letters)), (2, ["put here by a test"].into()));
        let of_hook = letters.iter().find(|letter| letter["about"]["route"] == "funnel").expect("the hook");
        assert_eq!(of_hook["about"]["lead_ids"], json!([deal.lead]));
        assert!(of_hook["receive_count"].as_u64().unwrap() >= 1);
        assert!(of_hook["sent_at"].as_str().unwrap().ends_with("+05:00"));
    }
    let letters = shown(stack, "hook-retry").await;
    let of_hook = letters.iter().find(|letter| letter["about"]["route"] == "funnel").expect("the hook");
    let ids = json!({"ids": [of_hook["id"], "no-such-message"]});
    let answer = resend(stack, "hook-retry", &ids).await;
    assert_eq!(
        (&answer["resent"], &answer["failed"], &answer["not_found"], &answer["waiting"]),
        (&1.into(), &0.into(), &json!(["no-such-message"]), &1.into())
    );
    stack.until_sold(deal, "express").await;
    assert_eq!(shown(stack, "hook-retry").await.len(), 1, "the other one is still there");

    // What no worker understands comes back, now with the worker's own reason.
    for (queue, variable) in ALL {
        if queue != "hook-retry" {
            let first = shown(stack, queue).await[0]["id"].clone();
            assert_eq!(resend(stack, queue, &json!({"ids": [first]})).await["resent"], 1, "{queue}");
            until_there(variable, 2).await;
            let letters = shown(stack, queue).await;
            assert_eq!(reasons(&letters).len(), 2, "{letters:?}");
        }
        let before = clock::now();
        let waiting = pulling::waiting(&format!("{variable}_DLQ")).await.ready;
        assert_eq!(resend(stack, queue, &json!({})).await["resent"], waiting, "{queue}");
        until_there(variable, waiting).await;
        let letters = shown(stack, queue).await;
        assert!(!reasons(&letters).contains("put here by a test"), "{letters:?}");
        for letter in &letters {
            let sent_at: chrono::DateTime<chrono::Utc> = letter["sent_at"].as_str().unwrap().parse().unwrap();
            assert!(sent_at >= before && letter["about"] == json!({}), "{letter}");
        }
        pulling::purge(&format!("{variable}_DLQ")).await;
    }
    let told = stack.get(&Caller::Admin, QUEUES).await.ok();
    for row in told["items"].as_array().unwrap() {
        assert_eq!((&row["waiting"], &row["oldest_sent_at"]), (&0.into(), &Value::Null), "{row}");
    }
    assert_eq!(resend(stack, "notifications", &json!({})).await["resent"], 0);
    crm.end().await;
}

#[tokio::test]
async fn a_queue_that_is_none_is_refused_and_so_is_who_is_no_admin() {
    let stack = Stack::open().await;
    for queue in ["nothing", "hook-retry-dlq", "%20"] {
        stack.get(&Caller::Admin, &format!("{QUEUES}/{queue}")).await.refused(404, "not_found");
        let path = format!("{QUEUES}/{queue}/resend");
        stack.post_json(&Caller::Admin, &path, &json!({})).await.refused(404, "not_found");
    }
    stack.get(&Caller::Admin, &format!("{QUEUES}/hook-retry?limit=0")).await.invalid(&["limit"]);
    let path = format!("{QUEUES}/hook-retry/resend");
    for body in [json!({"ids": []}), json!({"ids": [1]}), json!({"ids": vec!["a"; 501]})] {
        stack.post_json(&Caller::Admin, &path, &body).await.invalid(&["ids"]);
    }
    let buyer = Caller::Buyer("muha");
    stack.get(&buyer, QUEUES).await.refused(403, "forbidden");
    stack.get(&buyer, &format!("{QUEUES}/hook-retry")).await.refused(403, "forbidden");
    stack.post_json(&buyer, &path, &json!({})).await.refused(403, "forbidden");
}
