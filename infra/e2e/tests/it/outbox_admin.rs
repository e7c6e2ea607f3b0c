//! What an admin sees of messages, and how one is sent again.

use e2e::messengers::sms_to;
use e2e::{Answer, Caller, Form, Guest, Stack, clock, leads, outbox};
use serde_json::{Value, json};

const LIST: &str = "/api/admin/notifications";

async fn list(stack: &Stack, question: &str) -> Answer {
    stack.get(&Caller::Admin, &format!("{LIST}?{question}")).await
}

/// All pages of a list, each of which but the last has to be full.
async fn whole(stack: &Stack, question: &str, limit: usize) -> Vec<Value> {
    let (mut rows, mut cursor) = (vec![], String::new());
    loop {
        let page = list(stack, &format!("{question}&limit={limit}{cursor}")).await.ok();
        let items = page["items"].as_array().expect("items").clone();
        let next = page.get("next_cursor").and_then(Value::as_str).map(|next| format!("&cursor={next}"));
        assert!(next.is_none() || items.len() == limit, "a short page: {page}");
        rows.extend(items);
        match next {
            Some(next) => cursor = next,
            None => return rows,
        }
    }
}

fn ids(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["id"].as_str().expect("an id")).collect()
}

fn column<'a>(rows: &'a [Value], name: &str) -> Vec<&'a str> {
    rows.iter().map(|row| row[name].as_str().expect("a text")).collect()
}

async fn resend(stack: &Stack, caller: &Caller, id: &str) -> Answer {
    stack.post_json(caller, &format!("{LIST}/{id}/resend"), &json!({})).await
}

#[tokio::test]
async fn messages_are_listed_by_campaign_and_state_page_by_page_the_last_due_first() {
    let stack = Stack::for_forms().await;
    let slug = format!("e2e_{:016x}", fastrand::u64(..));
    let mut leads = vec![];
    for _ in 0..4 {
        leads.push(Form::proftest(&Guest::new()).with("slug", slug.as_str()).taken(&stack).await);
    }
    let of_campaign = format!("source_campaign=proftest_{slug}");
    let rows = whole(&stack, &of_campaign, 3).await;
    assert_eq!(rows.len(), 8, "two for each lead");
    assert_eq!(whole(&stack, &of_campaign, 500).await, rows);
    assert!(column(&rows, "due_at").is_sorted_by(|first, second| first >= second), "{rows:?}");
    for row in &rows {
        assert!(leads.contains(&row["lead_id"].as_str().unwrap().to_owned()), "{row}");
        assert_eq!(
            (&row["status"], &row["attempts"], &row["last_error"]),
            (&json!("pending"), &json!(0), &Value::Null)
        );
        assert!(row["due_at"].as_str().unwrap().ends_with("+05:00"), "{row}");
    }
    // One is sent: each state lists its own.
    let sent = format!("{}-sms", leads[0]);
    outbox::make_due(&sent).await;
    outbox::bring(&sent).await;
    outbox::until(&sent, "sent").await;
    let of_state = async |state: &str| whole(&stack, &format!("{of_campaign}&status={state}"), 2).await;
    let (shown, pending) = (of_state("sent").await, of_state("pending").await);
    assert_eq!((ids(&shown), pending.len(), of_state("failed").await.len()), (vec![sent.as_str()], 7, 0));
    assert!(shown[0]["provider_id"].is_string() && shown[0]["sent_at"].is_string(), "{}", shown[0]);
    // Without a campaign it is among all others.
    let all = list(&stack, "status=pending&limit=500").await.ok();
    let all = all["items"].as_array().unwrap();
    assert!(all.iter().all(|row| row["status"] == "pending"));
    assert!(column(all, "due_at").is_sorted_by(|first, second| first >= second));
    assert!(ids(&pending).iter().all(|id| ids(all).contains(id)), "the newest are on the first page");
}

#[tokio::test]
async fn a_question_that_is_none_is_refused_and_so_is_who_is_no_admin() {
    let stack = Stack::for_forms().await;
    list(&stack, "status=lost").await.invalid(&["status"]);
    list(&stack, "limit=0").await.invalid(&["limit"]);
    list(&stack, "limit=501").await.invalid(&["limit"]);
    for cursor in ["x", "%25", "YWJj"] {
        list(&stack, &format!("cursor={cursor}")).await.invalid(&["cursor"]);
    }
    assert_eq!(list(&stack, "source_campaign=nothing_like_it").await.ok()["items"], json!([]));
    let buyer = Caller::Buyer("muha");
    stack.get(&buyer, LIST).await.refused(403, "forbidden");
    resend(&stack, &buyer, "1").await.refused(403, "forbidden");
    stack.get(&Caller::Nobody, LIST).await.refused_by_gateway(401, "Unauthorized");
}

#[tokio::test]
async fn an_admin_sends_a_message_again() {
    let stack = Stack::for_forms().await;
    let guest = Guest::new();
    let id = format!("{}-sms", Form::proftest(&guest).taken(&stack).await);
    resend(&stack, &Caller::Admin, &id).await.refused(409, "conflict");
    resend(&stack, &Caller::Admin, "no-such-message").await.refused(404, "not_found");
    outbox::make_due(&id).await;
    outbox::bring(&id).await;
    let first = outbox::until(&id, "sent").await;
    let before = clock::now();
    resend(&stack, &Caller::Admin, &id).await.ok();
    let second = e2e::wait::until("the message to be sent again", async || {
        let message = leads::message(&id).await.unwrap();
        (message["state"] == "sent" && message["sent_at"] != first["sent_at"]).then_some(message)
    })
    .await;
    assert!(outbox::time(&second["sent_at"]) >= before - chrono::TimeDelta::milliseconds(1));
    assert_ne!(second["provider_id"], first["provider_id"]);
    assert_eq!(sms_to(&guest).await.len(), 2);
}
