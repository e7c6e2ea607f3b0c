//! The tables of hooks and deals, read past the functions: whether a hook was kept, and as what.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::env::env;
use crate::hook::Route;
use crate::{Deal, aws};

/// So much of a body is enough to find it by; a test's body has something of its own there.
const PREFIX: usize = 1_000;

/// What was kept of a body that held nothing of amoCRM's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What became of it.
    pub outcome: String,
    /// What is wrong with it.
    pub problems: Vec<String>,
}

/// The records of a body on a route that is kept byte for byte; none where it was not kept.
pub async fn kept(route: Route, body: &[u8]) -> Vec<Kept> {
    let mut kept = vec![];
    for raw_id in raw_ids(body).await {
        let values = json!({":event": {"S": "event#"}, ":raw": {"S": raw_id}});
        let filter = "begins_with(pk, :event) AND contains(document, :raw)";
        for item in scan(env().get("TABLE_EVENTS"), filter, &values).await {
            let record = document(&item);
            if record["raw_id"] == raw_id && record["route"] == route.as_str() {
                let problems = record["problems"].as_array().expect("a list of problems").iter();
                let text = |value: &Value| value.as_str().expect("a text").to_owned();
                kept.push(Kept { outcome: text(&record["outcome"]), problems: problems.map(text).collect() });
            }
        }
    }
    kept
}

/// What an item says, which is one JSON text beside its keys.
pub fn document(item: &Value) -> Value {
    serde_json::from_str(item["document"]["S"].as_str().expect("a document")).expect("a document in JSON")
}

/// Whether anything of a body is there, whatever the route.
pub async fn is_kept(body: &[u8]) -> bool {
    !raw_ids(body).await.is_empty()
}

/// The ids under which exactly this body is kept.
async fn raw_ids(body: &[u8]) -> Vec<String> {
    // What is text is kept as text.
    let (attribute, prefix) = match std::str::from_utf8(body) {
        Ok(text) => ("body", json!({"S": text.chars().take(PREFIX).collect::<String>()})),
        Err(_) => ("body_bytes", json!({"B": STANDARD.encode(&body[..body.len().min(PREFIX)])})),
    };
    let values = json!({":prefix": prefix, ":raw": {"S": "raw#"}});
    // An empty value is no prefix to DynamoDB.
    let filter = if body.is_empty() {
        format!("begins_with(pk, :raw) AND {attribute} = :prefix")
    } else {
        format!("begins_with(pk, :raw) AND begins_with({attribute}, :prefix)")
    };
    let mut ids = vec![];
    for item in scan(env().get("TABLE_EVENTS"), &filter, &values).await {
        let pk = item["pk"]["S"].as_str().expect("a key");
        let id = pk.strip_prefix("raw#").and_then(|rest| rest.strip_suffix("#0")).expect("a first part");
        let parts: u32 = item["parts"]["N"].as_str().expect("a number").parse().unwrap();
        if whole(id, parts).await == body {
            ids.push(id.to_owned());
        }
    }
    ids
}

async fn whole(id: &str, parts: u32) -> Vec<u8> {
    let mut bytes = vec![];
    for part in 0..parts {
        let key = json!({"pk": {"S": format!("raw#{id}#{part}")}});
        let input = json!({"TableName": env().get("TABLE_EVENTS"), "Key": key, "ConsistentRead": true});
        let item = &aws::dynamodb("GetItem", &input).await["Item"];
        match item["body"]["S"].as_str() {
            Some(text) => bytes.extend(text.as_bytes()),
            None => bytes.extend(STANDARD.decode(item["body_bytes"]["B"].as_str().expect("bytes")).unwrap()),
        }
    }
    bytes
}

/// Every item of a table that a filter lets through.
async fn scan(table: &str, filter: &str, values: &Value) -> Vec<Value> {
    let mut input = json!({
        "TableName": table, "FilterExpression": filter, "ExpressionAttributeValues": values,
        "ConsistentRead": true,
    });
    let mut items = vec![];
    loop {
        let mut page = aws::dynamodb("Scan", &input).await;
        items.extend(page["Items"].as_array().expect("items").iter().cloned());
        match page.get_mut("LastEvaluatedKey") {
            Some(last) => input["ExclusiveStartKey"] = last.take(),
            None => return items,
        }
    }
}

/// Has a deal's sale of a product stand as one of the product `other`, as rules that have changed since would have it. What
/// is counted stays as it is: to be mended by whoever does this.
pub async fn file_as_other(deal: Deal, product: &str) {
    let table = env().get("TABLE_SALES");
    for mut item in of_deal(deal).await {
        let mut document = document(&item);
        if item["sk"]["S"] == "deal" {
            document["sales"][0]["product"] = "other".into();
        } else {
            let key = json!({"TableName": table, "Key": {"pk": item["pk"], "sk": item["sk"]}});
            assert_eq!(item["sk"]["S"], format!("sale#{product}").as_str());
            aws::dynamodb("DeleteItem", &key).await;
            document["product"] = "other".into();
            item["sk"] = json!({"S": "sale#other"});
        }
        item["document"] = json!({"S": document.to_string()});
        aws::dynamodb("PutItem", &json!({"TableName": table, "Item": item})).await;
    }
}

/// The items of a deal in the sales table: the deal itself and its sales.
pub async fn of_deal(deal: Deal) -> Vec<Value> {
    let input = json!({
        "TableName": env().get("TABLE_SALES"),
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": {"S": format!("{}#{}", deal.account, deal.lead)}},
        "ConsistentRead": true,
    });
    aws::dynamodb("Query", &input).await["Items"].as_array().expect("items").clone()
}
