use serde_json::{Value, json};

use super::Store;
use crate::aws::{Calls, Refusal};

fn call(store: &mut Store, action: &str, request: Value) -> Result<Value, Refusal> {
    store.call(action, &request, &mut Calls::default())
}

fn claim(id: &str) -> Value {
    json!({ "Put": {
        "TableName": "events",
        "Item": { "pk": { "S": id } },
        "ConditionExpression": "attribute_not_exists(pk)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    } })
}

fn count_one() -> Value {
    json!({ "Update": {
        "TableName": "counters",
        "Key": { "pk": { "S": "sale_date#muha" }, "sk": { "S": "2026-10-15#0" } },
        "UpdateExpression": "ADD #count :one SET seen = if_not_exists(seen, :one) + :one, label = :label",
        "ExpressionAttributeNames": { "#count": "count" },
        "ExpressionAttributeValues": { ":one": { "N": "1" }, ":label": { "S": "x" } },
    } })
}

fn counters(store: &mut Store, condition: &str) -> Value {
    let request = json!({
        "TableName": "counters",
        "KeyConditionExpression": condition,
        "ExpressionAttributeNames": { "#pk": "pk" },
        "ExpressionAttributeValues": {
            ":pk": { "S": "sale_date#muha" },
            ":from": { "S": "2026-10-01" },
            ":to": { "S": "2026-10-31#~" },
        },
    });
    call(store, "Query", request).unwrap()["Items"].take()
}

#[test]
fn a_claim_that_was_seen_cancels_the_whole_transaction_and_gives_the_old_item() {
    let mut store = Store::default();
    let request = json!({ "TransactItems": [claim("a"), count_one()] });
    call(&mut store, "TransactWriteItems", request.clone()).unwrap();
    let refusal = call(&mut store, "TransactWriteItems", request).unwrap_err();
    assert_eq!(refusal.code, "TransactionCanceledException");
    assert_eq!(
        refusal.body["CancellationReasons"],
        json!([
            { "Code": "ConditionalCheckFailed", "Message": "The conditional request failed", "Item": { "pk": { "S": "a" } } },
            { "Code": "None" },
        ])
    );
    assert_eq!(counters(&mut store, "#pk = :pk")[0]["count"], json!({ "N": "1" }));
}

#[test]
fn updates_add_and_set() {
    let mut store = Store::default();
    for id in ["a", "b"] {
        call(&mut store, "TransactWriteItems", json!({ "TransactItems": [claim(id), count_one()] })).unwrap();
    }
    store.multiply("counters", 50);
    let items = counters(&mut store, "#pk = :pk AND sk BETWEEN :from AND :to");
    assert_eq!(items[0]["count"], json!({ "N": "100" }));
    assert_eq!(items[0]["seen"], json!({ "N": "150" }));
    assert_eq!(items[0]["label"], json!({ "S": "x" }));
    assert_eq!(items[0]["sk"], json!({ "S": "2026-10-15#0" }));
    assert_eq!(counters(&mut store, "#pk = :pk AND sk < :from"), json!([]));
}

#[test]
fn reads_cost_by_size_and_consistency() {
    let mut store = Store::default();
    let item = json!({ "pk": { "S": "a" }, "raw": { "S": "x".repeat(5_000) } });
    call(&mut store, "PutItem", json!({ "TableName": "events", "Item": item })).unwrap();
    for (consistent, half_units) in [(false, 2), (true, 4)] {
        let mut calls = Calls::default();
        let request =
            json!({ "TableName": "events", "Key": { "pk": { "S": "a" } }, "ConsistentRead": consistent });
        store.call("GetItem", &request, &mut calls).unwrap();
        assert_eq!(calls.half_units(), half_units);
    }
}

#[test]
fn what_is_not_known_is_refused() {
    let mut store = Store::default();
    assert!(call(&mut store, "BatchGetItem", json!({})).is_err());
    assert!(
        call(&mut store, "Query", json!({ "TableName": "t", "KeyConditionExpression": "size(pk) > :n" }))
            .is_err()
    );
}
