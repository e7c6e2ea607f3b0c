//! What a form leaves behind, read past the functions and with the tools' own credentials: the lead, its links, what was
//! counted, the messages that are to be sent.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::env::env;
use crate::events::document;
use crate::guests::Guest;
use crate::{Caller, Stack, aws, clock};

/// The item of a lead.
pub async fn item(id: &str) -> Option<Value> {
    let key = json!({"pk": {"S": format!("lead#{id}")}, "sk": {"S": "lead"}});
    get("TABLE_LEADS", &key).await
}

/// A lead, which has to be there.
pub async fn lead(id: &str) -> Value {
    document(&item(id).await.unwrap_or_else(|| panic!("there is no lead {id}")))
}

/// The ids of a phone's leads, the oldest first.
pub async fn of_phone(guest: &Guest) -> Vec<String> {
    linked("phone", &guest.phone()).await
}

/// The ids of an e-mail's leads, the oldest first.
pub async fn of_email(guest: &Guest) -> Vec<String> {
    linked("email", &guest.email).await
}

async fn linked(kind: &str, value: &str) -> Vec<String> {
    let partition = format!("{kind}#{}", hex::encode(Sha256::digest(value)));
    let links = query("TABLE_LEADS", &partition).await;
    links.iter().map(|link| link["lead_id"]["S"].as_str().expect("a lead").to_owned()).collect()
}

/// How many of today's leads of a campaign are shown, by form and status.
pub async fn counted(stack: &Stack, campaign: &str) -> BTreeMap<(String, String), u64> {
    let day = clock::almaty_day(clock::now());
    let path = format!("/api/traffic-dashboard/leads/by-funnel?from={day}&to={day}");
    let shown = stack.get(&Caller::Admin, &path).await.ok();
    let mut counted = BTreeMap::new();
    for funnel in shown["by_funnel"].as_array().expect("funnels") {
        let campaigns = funnel["campaigns"].as_array().expect("campaigns").iter();
        for row in campaigns.filter(|row| row["source_campaign"] == campaign) {
            for (status, count) in row["by_status"].as_object().expect("counts by status") {
                let form = funnel["funnel"].as_str().expect("a funnel").to_owned();
                counted.insert((form, status.clone()), count.as_u64().expect("a count"));
            }
        }
    }
    counted.retain(|_, count| *count != 0);
    counted
}

/// How many of today's leads of an owner are counted with this `utm_content`, of the career test and of orders.
pub async fn counted_by_content(owner: &str, content: &str) -> (i64, i64) {
    let (mut proftest, mut express) = (0, 0);
    for item in today(&format!("utm#sale_date#{owner}")).await {
        if item["utm"]["S"].as_str().is_some_and(|utm| utm.contains(content)) {
            proftest += number(&item["l_p"]);
            express += number(&item["l_s"]);
        }
    }
    (proftest, express)
}

/// How many of today's leads of an owner are counted at all, of the career test and of orders.
pub async fn counted_today(owner: &str) -> (i64, i64) {
    let items = today(&format!("sale_date#{owner}")).await;
    let sum = |name: &str| items.iter().map(|item| number(&item[name])).sum();
    (sum("l_p"), sum("l_s"))
}

async fn today(partition: &str) -> Vec<Value> {
    let day = clock::almaty_day(clock::now());
    let items = query("TABLE_COUNTERS", partition).await;
    items.into_iter().filter(|item| item["sk"]["S"].as_str().is_some_and(|sk| sk.starts_with(&day))).collect()
}

fn number(value: &Value) -> i64 {
    value["N"].as_str().map_or(0, |number| number.parse().expect("a whole number"))
}

/// A message that is or was to be sent.
pub async fn message(id: &str) -> Option<Value> {
    get("TABLE_NOTIFICATIONS", &json!({"pk": {"S": id}})).await.as_ref().map(document)
}

/// The SMS and the e-mail of a lead, as far as they are there.
pub async fn messages_of(lead: &str) -> Vec<Value> {
    let mut messages = vec![];
    for channel in ["sms", "email"] {
        messages.extend(message(&format!("{lead}-{channel}")).await);
    }
    messages
}

/// Every lead there is.
pub async fn all() -> Vec<Value> {
    let mut input = json!({
        "TableName": env().get("TABLE_LEADS"), "FilterExpression": "sk = :lead",
        "ExpressionAttributeValues": {":lead": {"S": "lead"}},
    });
    let mut leads = vec![];
    loop {
        let mut page = aws::dynamodb("Scan", &input).await;
        leads.extend(page["Items"].as_array().expect("items").iter().map(document));
        match page.get_mut("LastEvaluatedKey") {
            Some(last) => input["ExclusiveStartKey"] = last.take(),
            None => return leads,
        }
    }
}

async fn get(table: &str, key: &Value) -> Option<Value> {
    let input = json!({"TableName": env().get(table), "Key": key, "ConsistentRead": true});
    aws::dynamodb("GetItem", &input).await.get_mut("Item").map(Value::take)
}

async fn query(table: &str, partition: &str) -> Vec<Value> {
    let mut input = json!({
        "TableName": env().get(table), "KeyConditionExpression": "pk = :pk", "ConsistentRead": true,
        "ExpressionAttributeValues": {":pk": {"S": partition}},
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
