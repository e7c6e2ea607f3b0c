//! Leads that wait for amoCRM: their queue, and their rows, which are moved rather than waited for.

use serde_json::{Value, json};

use crate::env::env;
use crate::{aws, clock, pulling, wait};

/// The function that tells amoCRM.
pub(super) const WRITER: &str = "amocrm-writer";
/// Its queue.
pub(super) const QUEUE: &str = "QUEUE_AMOCRM_WRITER";

/// Has a lead written by a message of the queue, as when its delay has passed.
pub(super) async fn bring(lead: &str) {
    pulling::send(QUEUE, &json!({ "lead_id": lead }).to_string()).await;
}

/// Has the writer try a lead at once, past the queue. Whether the queue would have to bring it again, or what the function
/// died of.
pub async fn attempt(lead: &str) -> Result<bool, Value> {
    aws::invoke_with_message(WRITER, &json!({ "lead_id": lead })).await
}

/// Lets the queue have leads written, or not.
pub async fn deliver(enabled: bool) {
    aws::deliver(WRITER, enabled).await;
}

/// Whether everything that can be done now is done.
pub(super) async fn is_idle() -> bool {
    let waiting = pulling::waiting(QUEUE).await;
    waiting.ready + waiting.taken == 0
}

/// Waits for whoever is at work on a lead.
pub(super) async fn until_nobody_writes() {
    wait::until("nobody to write to amoCRM", async || {
        (pulling::waiting(QUEUE).await.taken == 0).then_some(())
    })
    .await;
}

/// The keys of the leads that wait.
async fn jobs() -> Vec<Value> {
    let mut input = json!({
        "TableName": env().get("TABLE_LEADS"), "IndexName": "jobs", "KeyConditionExpression": "job_key = :jobs",
        "ExpressionAttributeValues": {":jobs": {"S": "amocrm"}},
    });
    let mut keys = vec![];
    loop {
        let mut page = aws::dynamodb("Query", &input).await;
        let items = page["Items"].as_array().expect("items").iter();
        keys.extend(items.map(|item| json!({"pk": item["pk"], "sk": item["sk"]})));
        match page.get_mut("LastEvaluatedKey") {
            Some(last) => input["ExclusiveStartKey"] = last.take(),
            None => return keys,
        }
    }
}

/// Has nobody tell amoCRM of what waits.
pub(super) async fn forget() {
    change_jobs("REMOVE job_key, due_at", &json!({":jobs": {"S": "amocrm"}})).await;
}

/// Lets the sweeper take up everything that waits.
pub(super) async fn make_due() {
    let now = (clock::now().timestamp_millis() - 1).to_string();
    change_jobs("SET due_at = :now", &json!({":jobs": {"S": "amocrm"}, ":now": {"N": now}})).await;
}

async fn change_jobs(change: &str, values: &Value) {
    for key in jobs().await {
        let input = json!({
            "TableName": env().get("TABLE_LEADS"), "Key": key, "UpdateExpression": change,
            "ConditionExpression": "job_key = :jobs", "ExpressionAttributeValues": values,
        });
        // Whoever has written the lead meanwhile has decided.
        aws::dynamodb_if("UpdateItem", &input).await;
    }
}
