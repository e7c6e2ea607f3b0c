//! What the pulling of spend leaves behind, past the functions and with the tools' own credentials: the queue, the days and
//! rows of an account, what is known of Facebook. Here a test also moves times that it does not want to wait for.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::env::env;
use crate::world::Span;
use crate::{aws, wait};

/// What waits in a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Can be taken now.
    pub ready: u64,
    /// Was taken and is being worked off.
    pub taken: u64,
    /// Was put off.
    pub delayed: u64,
}

/// What waits in a queue, by the name of its variable.
pub async fn waiting(queue: &str) -> Waiting {
    let url = env().get(queue);
    let told = aws::sqs("GetQueueAttributes", &json!({"QueueUrl": url, "AttributeNames": ["All"]})).await;
    let count = |name: &str| {
        let count = told["Attributes"][format!("ApproximateNumberOfMessages{name}")].as_str();
        count.expect("a count").parse().expect("a number")
    };
    Waiting { ready: count(""), taken: count("NotVisible"), delayed: count("Delayed") }
}

/// Waits until everything that can be pulled now was, and returns how many orders were put off.
pub async fn until_idle() -> u64 {
    wait::until("the pull queue to be worked off", async || {
        let waiting = waiting("QUEUE_FACEBOOK_PULL").await;
        (waiting.ready + waiting.taken == 0).then_some(waiting.delayed)
    })
    .await
}

/// Ends the delays of all orders that were put off: each is taken out and sent again, to be seen at once. Returns how
/// many there were. Only where nothing is being worked off, or what comes of that would be lost.
pub async fn hurry() -> usize {
    const QUEUE: &str = "QUEUE_FACEBOOK_PULL";
    // AWS lets nobody see a message before its time; the local one has a window for developers.
    let queue = env().get(QUEUE);
    let address = format!("{}/_ministack/sqs/messages", env().get("AWS_ENDPOINT_URL"));
    let answer = crate::client::plain().get(address).query(&[("QueueUrl", queue)]).send().await;
    let found: Value = answer.expect("the local AWS").json().await.expect("messages in JSON");
    let of_account = found["messages"].as_object().and_then(|accounts| accounts.values().next());
    let of_region = of_account.and_then(|account| account.as_object()?.values().next());
    let messages = of_region.and_then(|region| region[queue].as_array()).expect("the queue");
    let bodies: Vec<&str> =
        messages.iter().map(|message| message["Body"].as_str().expect("a body")).collect();
    if !bodies.is_empty() {
        purge(QUEUE).await;
    }
    for body in &bodies {
        send(QUEUE, body).await;
    }
    bodies.len()
}

/// Sends a message.
pub async fn send(queue: &str, body: &str) {
    aws::sqs("SendMessage", &json!({"QueueUrl": env().get(queue), "MessageBody": body})).await;
}

/// Empties a queue.
pub async fn purge(queue: &str) {
    aws::sqs("PurgeQueue", &json!({ "QueueUrl": env().get(queue) })).await;
}

/// Orders a pull of these days of an account, as one window.
pub async fn order(account: &str, days: Span) {
    let window = json!({"days": {"from": days.from, "to": days.to}, "limit": 500, "way": "pages"});
    let order = json!({"account_id": account, "work": {"insights": [window]}, "newest": days.to});
    send("QUEUE_FACEBOOK_PULL", &order.to_string()).await;
}

/// Orders the campaigns and ads of an account.
pub async fn order_objects(account: &str) {
    let order = json!({"account_id": account, "work": "objects"});
    send("QUEUE_FACEBOOK_PULL", &order.to_string()).await;
}

/// Forgets every account, every refresh that runs and what is known of Facebook: a test has its own. What accounts
/// spent stays.
pub async fn forget() {
    for queue in ["QUEUE_FACEBOOK_REFRESH", "QUEUE_FACEBOOK_PULL"] {
        purge(queue).await;
    }
    let ads = env().get("TABLE_ADS");
    for partition in ["account", "sync", "utm_check"] {
        let keys: Vec<Value> = of_partition(partition).await.iter().map(key).collect();
        delete(ads, &keys).await;
    }
    let pks = ["facebook#app", "breaker#facebook", "refresh#current"];
    let keys = pks.map(|pk| json!({"pk": {"S": pk}}));
    delete(env().get("TABLE_SETTINGS"), &keys).await;
}

/// Takes away what accounts spent. The local AWS holds everything in memory and copies it to disk all the time, so what a
/// test leaves makes all that come after it slower.
pub async fn forget_spend(accounts: impl Iterator<Item = &str>) {
    for account in accounts {
        for partition in ["spend", "objects"] {
            let keys = read(&format!("{partition}#{account}"), Some("pk, sk")).await;
            delete(env().get("TABLE_ADS"), &keys).await;
        }
    }
}

/// Forgets the rates of days.
pub async fn forget_rates(days: Span) {
    let keys: Vec<Value> = days.days().map(|day| json!({"pk": {"S": format!("rates#{day}")}})).collect();
    delete(env().get("TABLE_SETTINGS"), &keys).await;
}

/// What is stored of an account's days.
#[derive(Debug, PartialEq, Eq)]
pub struct Kept {
    /// The pull that each day is from.
    pub days: BTreeMap<String, String>,
    /// The days and pulls that there are rows of.
    pub rows: BTreeSet<(String, String)>,
    /// Whether a pull is noted that has not ended.
    pub unfinished: bool,
}

impl Kept {
    /// Whether every row is one that its day names.
    pub fn is_whole(&self) -> bool {
        !self.unfinished && self.rows.iter().all(|(day, pull)| self.days.get(day) == Some(pull))
    }
}

/// What is stored of an account's days.
pub async fn kept(account: &str) -> Kept {
    let (mut days, mut rows) = (BTreeMap::new(), BTreeSet::new());
    for item in of_partition(&format!("spend#{account}")).await {
        let sk = item["sk"]["S"].as_str().expect("a key");
        let words: Vec<&str> = sk.split('#').collect();
        match words.as_slice() {
            ["day", day] => {
                let pull = item["generation"]["S"].as_str().expect("a pull");
                days.insert((*day).to_owned(), pull.to_owned());
            }
            ["rows", day, pull, _] => {
                rows.insert(((*day).to_owned(), (*pull).to_owned()));
            }
            other => panic!("what is {other:?}?"),
        }
    }
    Kept { days, rows, unfinished: sync(account).await.get("unfinished").is_some() }
}

/// How the pulling of an account stands, as it is stored.
pub async fn sync(account: &str) -> Value {
    let input =
        json!({"TableName": env().get("TABLE_ADS"), "Key": sync_key(account), "ConsistentRead": true});
    let mut found = aws::dynamodb("GetItem", &input).await;
    found.get_mut("Item").map(Value::take).unwrap_or_else(|| json!({}))
}

/// Ends the lease of an account whose holder died, as its time would.
pub async fn end_lease(account: &str) {
    let change = json!({
        "TableName": env().get("TABLE_ADS"), "Key": sync_key(account),
        "UpdateExpression": "SET lease_until = :then",
        "ConditionExpression": "attribute_exists(lease)",
        "ExpressionAttributeValues": {":then": {"N": "0"}},
    });
    aws::dynamodb("UpdateItem", &change).await;
}

/// Ends the time for which Facebook's breaker lets nobody through.
pub async fn end_cool_down() {
    end_cool_down_of("facebook").await;
}

/// The same of another neighbour's breaker.
pub async fn end_cool_down_of(neighbour: &str) {
    let table = env().get("TABLE_SETTINGS");
    let key = json!({"pk": {"S": format!("breaker#{neighbour}")}});
    let input = json!({"TableName": table, "Key": key, "ConsistentRead": true});
    let mut item = aws::dynamodb("GetItem", &input).await["Item"].take();
    let mut document = crate::events::document(&item);
    assert_eq!(document["state"], "open", "{document}");
    document["until"] = "2026-01-01T00:00:00Z".into();
    item["document"] = json!({"S": document.to_string()});
    aws::dynamodb("PutItem", &json!({"TableName": table, "Item": item})).await;
}

/// Kills the processes of a function of this stack, as a machine that dies does. Returns how many there were.
pub async fn kill(function: &str) -> usize {
    let mut killed = 0;
    for pid in processes(function) {
        let ended = tokio::process::Command::new("kill").arg("-9").arg(pid.to_string()).status().await;
        killed += usize::from(ended.is_ok_and(|status| status.success()));
    }
    killed
}

/// The processes of a function of this stack.
pub fn processes(function: &str) -> Vec<u32> {
    let port = env().get("AWS_ENDPOINT_URL").rsplit(':').next().expect("a port");
    let (of_stack, name) = (format!("ministack-provided-code-{port}/"), env().function(function));
    let variable = format!("AWS_LAMBDA_FUNCTION_NAME={name}");
    let mut processes = vec![];
    for entry in std::fs::read_dir("/proc").expect("/proc").flatten() {
        let path = entry.path();
        let Ok(program) = std::fs::read_link(path.join("exe")) else { continue };
        let Ok(environment) = std::fs::read(path.join("environ")) else { continue };
        let is_it = environment.split(|byte| *byte == 0).any(|of| of == variable.as_bytes());
        if is_it && program.to_string_lossy().contains(&of_stack) {
            processes.extend(entry.file_name().to_str().and_then(|pid| pid.parse::<u32>().ok()));
        }
    }
    processes
}

fn sync_key(account: &str) -> Value {
    json!({"pk": {"S": "sync"}, "sk": {"S": account}})
}

fn key(item: &Value) -> Value {
    json!({"pk": item["pk"], "sk": item["sk"]})
}

async fn of_partition(partition: &str) -> Vec<Value> {
    read(partition, None).await
}

async fn read(partition: &str, attributes: Option<&str>) -> Vec<Value> {
    let mut input = json!({
        "TableName": env().get("TABLE_ADS"), "KeyConditionExpression": "pk = :pk", "ConsistentRead": true,
        "ExpressionAttributeValues": {":pk": {"S": partition}},
    });
    if let Some(attributes) = attributes {
        input["ProjectionExpression"] = attributes.into();
    }
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

async fn delete(table: &str, keys: &[Value]) {
    // A batch takes so many.
    for some in keys.chunks(25) {
        let deletes: Vec<Value> = some.iter().map(|key| json!({"DeleteRequest": {"Key": key}})).collect();
        aws::dynamodb("BatchWriteItem", &json!({"RequestItems": {table: deletes}})).await;
    }
}
