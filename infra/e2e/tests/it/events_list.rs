//! What an admin sees of events: lists of them, and one with its raw hook.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use e2e::quarantine::{self, Record};
use e2e::{Answer, Caller, Deal, Hook, Route, Stack, clock, days};
use serde_json::{Value, json};

const LIST: &str = "/api/admin/events";

async fn list(stack: &Stack, question: &str) -> Answer {
    stack.get(&Caller::Admin, &format!("{LIST}?{question}")).await
}

/// The ids on all pages of a list; no page is longer than asked for.
async fn whole(stack: &Stack, question: &str, limit: usize) -> Vec<String> {
    let (mut ids, mut cursor) = (vec![], String::new());
    loop {
        let page = list(stack, &format!("{question}&limit={limit}{cursor}")).await.ok();
        let items = page["items"].as_array().expect("items");
        assert!(items.len() <= limit, "{page}");
        ids.extend(items.iter().map(|row| row["id"].as_str().expect("an id").to_owned()));
        match page.get("next_cursor") {
            Some(next) => cursor = format!("&cursor={}", next.as_str().expect("a cursor")),
            None => return ids,
        }
    }
}

fn time(seconds: i64) -> DateTime<Utc> {
    days::time(seconds)
}

#[tokio::test]
async fn events_are_listed_newest_first_on_pages_of_any_length_and_by_any_filter() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    // Many share an instant, as the leads of one hook do.
    let kinds = [
        ("sales", Route::Sales, "recorded"),
        ("funnel", Route::Funnel, "ignored"),
        ("traffic", Route::Traffic, "recorded"),
        ("quarantined", Route::Funnel, "quarantined"),
        ("replayed", Route::Sales, "quarantined"),
        ("healed", Route::Traffic, "updated"),
    ];
    let record = |number: i64| {
        let (heard_on, route, outcome) = kinds[fastrand::usize(..kinds.len())];
        let mut record = Record::of(heard_on, route, outcome, time(day.noon() + number / 5));
        if heard_on == "replayed" {
            record.document["replayed_at"] = "2026-11-20T05:00:00Z".into();
        }
        record
    };
    let records: Vec<Record> = (0..90).map(record).collect();
    quarantine::write(&records).await;
    let period = format!("from={day}&to={day}");
    let all = whole(&stack, &period, 500).await;
    let ids_of = |is_asked: &dyn Fn(&Record) -> bool| -> Vec<String> {
        let asked =
            |id: &&String| is_asked(records.iter().find(|record| record.id == **id).expect("one of ours"));
        all.iter().filter(asked).cloned().collect()
    };
    let mut sorted = all.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!((all.len(), sorted.len()), (90, 90), "each once");
    for limit in [1, 7, 30, 89, 90, 91] {
        assert_eq!(whole(&stack, &period, limit).await, all, "pages of {limit}");
    }
    let received: Vec<Value> = list(&stack, &format!("{period}&limit=500")).await.ok()["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["received_at"].clone())
        .collect();
    assert!(received.is_sorted_by(|one, other| one.as_str() >= other.as_str()), "{received:?}");
    let text = |record: &Record, name: &str| record.document[name].as_str().unwrap().to_owned();
    for outcome in ["recorded", "updated", "ignored", "quarantined", "duplicate", "queued"] {
        // What was replayed no longer waits.
        let expected = ids_of(&|record| text(record, "outcome") == outcome && record.heard_on != "replayed");
        assert_eq!(whole(&stack, &format!("{period}&outcome={outcome}"), 7).await, expected, "{outcome}");
    }
    for route in Route::ALL {
        let expected = ids_of(&|record| text(record, "route") == route.as_str());
        let asked = format!("{period}&route={}", route.as_str());
        assert_eq!(whole(&stack, &asked, 7).await, expected, "{asked}");
    }
    let both = ids_of(&|record| record.heard_on == "quarantined" && text(record, "route") == "funnel");
    assert_eq!(whole(&stack, &format!("{period}&outcome=quarantined&route=funnel"), 3).await, both);
    assert!(whole(&stack, &format!("{period}&outcome=quarantined&route=sales"), 3).await.is_empty());
}

#[tokio::test]
async fn a_hook_that_cannot_be_read_is_listed_and_shown_with_its_body_and_its_neighbours() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    let deal = Deal::new();
    let strange = format!("x{:016x}", fastrand::u64(..));
    let unreadable = Hook::won(Route::Funnel, deal, day.noon()).with("[id]", &strange);
    let hook = Hook::won(Route::Funnel, deal, day.noon()).and(&[unreadable]);
    let before = clock::now();
    let results = stack.hook(&hook).await.results();
    let outcomes: Vec<&str> = results.iter().map(|result| result["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["recorded", "quarantined"]);
    let rows = list(&stack, "outcome=quarantined&limit=500").await.ok();
    let is_it = |row: &&Value| row["problems"].to_string().contains(&strange);
    let row = rows["items"].as_array().unwrap().iter().find(is_it).expect("on the first page").clone();
    assert_eq!(
        (&row["route"], &row["origin"], &row["lead_id"]),
        (&json!("funnel"), &json!("hook"), &Value::Null)
    );
    let id = row["id"].as_str().unwrap();
    let one = stack.get(&Caller::Admin, &format!("{LIST}/{id}")).await.ok();
    assert_eq!((&one["event"], &one["replay"]), (&row, &Value::Null));
    assert_eq!(one["raw"]["body"].as_str().unwrap().as_bytes(), hook.body());
    assert_eq!(one["raw"]["content"], "text");
    let expires_at: DateTime<Utc> = one["raw"]["expires_at"].as_str().unwrap().parse().unwrap();
    assert!(expires_at > before + TimeDelta::days(89), "{expires_at}");
    let others = one["others"].as_array().unwrap();
    assert_eq!(others.len(), 1, "{others:?}");
    let sale = deal.sale("express");
    assert_eq!((&others[0]["sale_id"], &others[0]["lead_id"]), (&json!(sale), &json!(deal.lead)));
    let neighbour =
        stack.get(&Caller::Admin, &format!("{LIST}/{}", others[0]["id"].as_str().unwrap())).await.ok();
    assert_eq!(neighbour["others"], json!([row]));
    // As it was, a replay reads no more of it than the hook's own reading did.
    let replayed =
        stack.post_json(&Caller::Admin, &format!("{LIST}/{id}/replay"), &json!({})).await.results();
    let outcomes: Vec<&str> = replayed.iter().map(|result| result["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["duplicate", "quarantined"]);
    assert_eq!(stack.get(&Caller::Admin, &format!("{LIST}/{id}")).await.ok(), one, "nothing has changed");
}

#[tokio::test]
async fn what_is_no_text_is_shown_as_bytes_and_what_is_gone_is_not() {
    let stack = Stack::open().await;
    let body = [&b"strange="[..], &fastrand::u64(..).to_be_bytes(), b"\xff\x00"].concat();
    stack.hook_body(Route::Sales, body.clone()).await.refused(400, "validation_error");
    let rows = list(&stack, "outcome=quarantined&route=sales&limit=500").await.ok();
    let mut found = None;
    for row in rows["items"].as_array().unwrap() {
        let one = stack.get(&Caller::Admin, &format!("{LIST}/{}", row["id"].as_str().unwrap())).await.ok();
        let bytes = one["raw"]["body"].as_str().map(|text| STANDARD.decode(text));
        if one["raw"]["content"] == "base64" && bytes == Some(Ok(body.clone())) {
            found = Some(one);
            break;
        }
    }
    assert_eq!(found.expect("the body, byte for byte")["event"]["action"], "none");
    let gone = Record::of("quarantined", Route::Sales, "quarantined", clock::now() - TimeDelta::days(100));
    quarantine::write(std::slice::from_ref(&gone)).await;
    let path = format!("{LIST}/{}", gone.id);
    let one = stack.get(&Caller::Admin, &path).await.ok();
    assert_eq!((&one["raw"], &one["others"]), (&Value::Null, &json!([])));
    stack.post_json(&Caller::Admin, &format!("{path}/replay"), &json!({})).await.refused(409, "conflict");
}

#[tokio::test]
async fn a_question_that_is_none_is_refused_and_so_is_who_is_no_admin() {
    let stack = Stack::open().await;
    list(&stack, "outcome=lost").await.invalid(&["outcome"]);
    list(&stack, "route=nowhere").await.invalid(&["route"]);
    list(&stack, "limit=0").await.invalid(&["limit"]);
    list(&stack, "limit=501").await.invalid(&["limit"]);
    list(&stack, "from=yesterday").await.invalid(&["from"]);
    list(&stack, "from=2026-11-02&to=2026-11-01").await.invalid(&["to"]);
    for cursor in ["x", "%25", "YWJj", "e30"] {
        list(&stack, &format!("cursor={cursor}")).await.invalid(&["cursor"]);
    }
    stack.get(&Caller::Admin, &format!("{LIST}/no-such-event")).await.refused(404, "not_found");
    let replay = format!("{LIST}/no-such-event/replay");
    stack.post_json(&Caller::Admin, &replay, &json!({})).await.refused(404, "not_found");
    let many = format!("{LIST}/replay");
    for (body, field) in [
        (json!({}), "ids"),
        (json!({"ids": []}), "ids"),
        (json!({"ids": ["a"], "outcome": "quarantined"}), "ids"),
        (json!({"outcome": "lost"}), "outcome"),
        (json!({"route": "sales", "cursor": "x"}), "cursor"),
        (json!([]), "body"),
    ] {
        stack.post_json(&Caller::Admin, &many, &body).await.invalid(&[field]);
    }
    let buyer = Caller::Buyer("muha");
    stack.get(&buyer, LIST).await.refused(403, "forbidden");
    stack.get(&buyer, &format!("{LIST}/1")).await.refused(403, "forbidden");
    stack.post_json(&buyer, &replay, &json!({})).await.refused(403, "forbidden");
    stack.post_json(&buyer, &many, &json!({"outcome": "quarantined"})).await.refused(403, "forbidden");
}
