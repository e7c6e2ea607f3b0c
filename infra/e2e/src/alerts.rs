//! What makes things fall off, written past the functions: the clock cannot be moved, so what is written is old enough. Whoever tests
//! alerts is alone, begins with everything well, and leaves it as it was.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::env::env;
use crate::messengers::{Messenger, chat_about};
use crate::neighbours::{self, Neighbours};
use crate::people::Caller;
use crate::stack::Stack;
use crate::world::Span;
use crate::{aws, clock, events, outbox, pulling, settings};

const LIST: &str = "/api/admin/incidents";
const HELD: &str = "incidents#held";

/// What comparing with amoCRM has found stands under an account that no other test has.
const ACCOUNT: &str = "1";

/// So many days are compared.
const COMPARED: u64 = 31;

const DEAD_LETTERS: [&str; 6] = [
    "QUEUE_HOOK_RETRY_DLQ",
    "QUEUE_FACEBOOK_PULL_DLQ",
    "QUEUE_FACEBOOK_REFRESH_DLQ",
    "QUEUE_AMOCRM_WRITER_DLQ",
    "QUEUE_NOTIFICATIONS_DLQ",
    "QUEUE_ATTRIBUTION_DLQ",
];

/// A turn at everything that may fall off.
#[derive(Debug)]
pub struct Alerts {
    all: Neighbours,
    /// What other tests have found out by comparing.
    compared: Vec<Value>,
}

impl Alerts {
    /// A turn with everything well, nothing held, and no quiet hours.
    pub async fn begin() -> Self {
        let all = Neighbours::alone().await;
        outbox::until_idle().await;
        Messenger::Telegram.forget().await;
        for queue in DEAD_LETTERS {
            pulling::purge(queue).await;
        }
        for item in partition(HELD, "0").await {
            delete(&item).await;
        }
        let mut compared = vec![];
        for (pk, from) in compared_partitions() {
            for item in partition(pk, &from).await {
                delete(&item).await;
                let is_own =
                    item["sk"]["S"].as_str().is_some_and(|sk| sk.rsplit('#').next() == Some(ACCOUNT));
                compared.extend((!is_own).then_some(item));
            }
        }
        for day in Span::last(COMPARED).days() {
            let none = json!({"deals": [], "more": 0});
            let document = json!({
                "day": day, "checked_at": clock::now(), "rows": [], "missing": none, "extra": none, "different": none,
            });
            put("reconciliation", &format!("{day}#{ACCOUNT}"), json!({"document": text(&document)})).await;
        }
        neighbours::forget("settings#alerts").await;
        let alerts = Self { all, compared };
        read_amocrm(clock::now(), &[]).await;
        alerts.settle(|section| section["quiet_hours"] = Value::Null).await;
        alerts
    }

    /// The stack.
    pub fn stack(&self) -> &Stack {
        self.all.stack()
    }

    /// Changes when who is told.
    pub async fn settle(&self, by: impl FnOnce(&mut Value)) {
        settings::change(self.stack(), "alerts", by).await;
    }

    /// Has it be quiet now, or only at another time of the day.
    pub async fn quiet(&self, is_now: bool) {
        let clock = |hours: i64| (clock::now() + TimeDelta::hours(5 + hours)).format("%H:%M").to_string();
        let hours = if is_now { (clock(-1), clock(1)) } else { (clock(2), clock(4)) };
        self.settle(|section| section["quiet_hours"] = json!({"from": hours.0, "to": hours.1})).await;
    }

    /// What the route shows.
    pub async fn list(&self, question: &str) -> Vec<Value> {
        let answer = self.stack().get(&Caller::Admin, &format!("{LIST}?{question}")).await.ok();
        answer["items"].as_array().expect("items").clone()
    }

    /// The incident of this id that opened last.
    pub async fn newest(&self, id: &str) -> Value {
        let list = self.list("limit=500").await;
        list.into_iter().find(|incident| incident["id"] == id).unwrap_or_else(|| panic!("no incident {id}"))
    }

    /// Puts everything back.
    pub async fn end(self) {
        for (pk, from) in compared_partitions() {
            for item in partition(pk, &from).await {
                delete(&item).await;
            }
        }
        for item in &self.compared {
            aws::dynamodb("PutItem", &json!({"TableName": env().get("TABLE_COUNTERS"), "Item": item})).await;
        }
        for item in partition(HELD, "0").await {
            delete(&item).await;
        }
        for pk in ["settings#alerts", "breaker#amocrm", "breaker#facebook"] {
            neighbours::forget(pk).await;
        }
        for queue in DEAD_LETTERS {
            pulling::purge(queue).await;
        }
        pulling::forget().await;
        self.all.end().await;
    }
}

/// Looks once, as the schedule does every five minutes; when it returns, every message that it told of was sent.
pub async fn check() -> Report {
    let report = look().await;
    for id in report.list("told") {
        outbox::until(&id, "sent").await;
    }
    report
}

/// Looks once, and leaves its messages on their way.
pub async fn look() -> Report {
    let report = aws::invoke("alert-check", &json!({})).await.expect("a report");
    assert_eq!(report["unread"], json!([]), "{report}");
    Report(report)
}

/// What a look came to.
#[derive(Debug)]
pub struct Report(pub Value);

impl Report {
    /// One of its lists.
    pub fn list(&self, name: &str) -> BTreeSet<String> {
        let list = self.0[name].as_array().unwrap_or_else(|| panic!("no {name} in {}", self.0));
        list.iter().map(|id| id.as_str().expect("an id").to_owned()).collect()
    }

    /// The only message that it told of.
    pub fn message(&self) -> String {
        let mut told = self.list("told").into_iter();
        let (first, more) = (told.next(), told.next());
        first.filter(|_| more.is_none()).unwrap_or_else(|| panic!("not one message in {}", self.0))
    }

    /// Nothing was told, began or ended.
    pub fn assert_silent(&self) {
        for name in ["told", "opened", "ended"] {
            assert_eq!(self.list(name), BTreeSet::new(), "{name} of {}", self.0);
        }
    }
}

/// The texts of the chat in which this stands, in order.
pub async fn texts(about: &str) -> Vec<String> {
    let messages = chat_about(about).await;
    messages.iter().map(|message| message["text"].as_str().expect("a text").to_owned()).collect()
}

/// Makes what is held of a topic so many minutes older: since when it is watched, or when it ended.
pub async fn age(id: &str, minutes: i64) {
    let held = partition(HELD, id).await.into_iter().find(|item| item["sk"]["S"] == id);
    let mut item = held.unwrap_or_else(|| panic!("nothing is held of {id}"));
    let mut document = events::document(&item);
    for path in ["/watched/since", "/incident/ended_at"] {
        if let Some(time) = document.pointer_mut(path) {
            let at: DateTime<Utc> = serde_json::from_value(time.take()).expect("a time");
            *time = json!(at - TimeDelta::minutes(minutes));
        }
    }
    item["document"] = text(&document);
    aws::dynamodb("PutItem", &json!({"TableName": env().get("TABLE_COUNTERS"), "Item": item})).await;
}

/// What is held of any topic.
pub async fn held() -> BTreeSet<String> {
    let items = partition(HELD, "0").await;
    items.iter().map(|item| item["sk"]["S"].as_str().expect("a key").to_owned()).collect()
}

/// amoCRM was last read well then, and has these findings about its hooks.
pub async fn read_amocrm(began_at: DateTime<Utc>, findings: &[Value]) {
    let now = clock::now();
    let counters = json!({"ok": true, "differences": [], "more": 0, "checked_at": now});
    let attributes = json!({
        "good": text(&json!({"began_at": began_at, "counters": counters})),
        "good_at": {"N": began_at.timestamp_millis().to_string()},
        "hooks": text(&json!({"findings": findings, "checked_at": now})),
        "hooks_at": {"N": now.timestamp_millis().to_string()},
    });
    put("reconciliation#state", ACCOUNT, attributes).await;
}

/// A neighbour has said this of its token.
pub async fn token(name: &str, found: &Value) {
    let now = clock::now();
    let check = text(&json!({"checked_at": now, "found": found}));
    let item = json!({
        "pk": {"S": format!("token-health#{name}")}, "last_check": check, "last_answer": check,
        "checked_at": {"N": now.timestamp_millis().to_string()},
    });
    aws::dynamodb("PutItem", &json!({"TableName": env().get("TABLE_SETTINGS"), "Item": item})).await;
}

/// A token that works and ends in so many hours; never where none are named.
pub fn good(hours: Option<i64>) -> Value {
    json!({"good": {"expires_at": hours.map(|hours| clock::now() + TimeDelta::hours(hours))}})
}

/// A token that does not work.
pub fn bad() -> Value {
    json!({"bad": {"problem": "HTTP 401, says a test", "what_to_do": "Store another."}})
}

/// A neighbour's breaker is open since so many minutes.
pub async fn open_breaker(neighbour: &str, minutes: i64) {
    let now = clock::now();
    let document = json!({
        "openings": 1, "since": now - TimeDelta::minutes(minutes), "state": "open",
        "until": now + TimeDelta::minutes(10), "failed_probes": 0,
    });
    let item = json!({
        "pk": {"S": format!("breaker#{neighbour}")}, "version": {"N": "1"}, "document": text(&document),
    });
    aws::dynamodb("PutItem", &json!({"TableName": env().get("TABLE_SETTINGS"), "Item": item})).await;
}

/// A message waits that no worker could do anything with.
pub async fn park() {
    let url = env().get("QUEUE_NOTIFICATIONS_DLQ");
    aws::sqs("SendMessage", &json!({"QueueUrl": url, "MessageBody": "put here by a test of alerts"})).await;
}

/// Nothing waits there any more.
pub async fn clear() {
    pulling::purge("QUEUE_NOTIFICATIONS_DLQ").await;
}

/// An ad account in Almaty's zone that was last pulled so many minutes ago, and has spent so many cents today.
pub async fn ad_account(id: &str, minutes: i64, cents: i64) {
    let now = clock::now();
    let pulled_at = now - TimeDelta::minutes(minutes);
    let day = clock::almaty_day(now);
    let account = json!({
        "account_id": id, "name": "of a test of alerts", "business": null, "access": "owned", "currency": "USD",
        "timezone": "Asia/Almaty", "utc_offset_minutes": 300, "status": 1, "disable_reason": null, "discovered_at": now,
    });
    let spent = json!({
        "account_id": id, "day": day, "generation": "a", "parts": 0, "rows": 0, "currency": "USD", "rate": null,
        "total": {"spend": cents, "spend_kzt": 0, "impressions": 1, "clicks": 0, "link_clicks": 0},
        "pulled_at": pulled_at,
    });
    for item in [
        json!({"pk": {"S": "account"}, "sk": {"S": id}, "document": text(&account)}),
        json!({"pk": {"S": "sync"}, "sk": {"S": id}, "pulled_at": {"N": pulled_at.timestamp_millis().to_string()}}),
        json!({
            "pk": {"S": format!("spend#{id}")}, "sk": {"S": format!("day#{day}")}, "generation": {"S": "a"},
            "document": text(&spent),
        }),
    ] {
        aws::dynamodb("PutItem", &json!({"TableName": env().get("TABLE_ADS"), "Item": item})).await;
    }
}

fn text(document: &Value) -> Value {
    json!({"S": document.to_string()})
}

/// The partitions of what comparing has found, and from where on they matter.
fn compared_partitions() -> [(&'static str, String); 2] {
    [("reconciliation", Span::last(COMPARED).from.to_string()), ("reconciliation#state", "0".to_owned())]
}

/// The items of a partition of the counters table from a place on.
async fn partition(pk: &str, from: &str) -> Vec<Value> {
    let mut input = json!({
        "TableName": env().get("TABLE_COUNTERS"), "ConsistentRead": true,
        "KeyConditionExpression": "pk = :pk AND sk >= :from",
        "ExpressionAttributeValues": {":pk": {"S": pk}, ":from": {"S": from}},
    });
    let mut items = vec![];
    loop {
        let mut page = aws::dynamodb("Query", &input).await;
        items.extend(page["Items"].as_array().expect("items").iter().cloned());
        match page.get_mut("LastEvaluatedKey") {
            Some(last) => input["ExclusiveStartKey"] = last.take(),
            None => return items,
        }
    }
}

async fn put(pk: &str, sk: &str, mut item: Value) {
    item["pk"] = json!({"S": pk});
    item["sk"] = json!({"S": sk});
    aws::dynamodb("PutItem", &json!({"TableName": env().get("TABLE_COUNTERS"), "Item": item})).await;
}

async fn delete(item: &Value) {
    let key = json!({"pk": item["pk"], "sk": item["sk"]});
    aws::dynamodb("DeleteItem", &json!({"TableName": env().get("TABLE_COUNTERS"), "Key": key})).await;
}
