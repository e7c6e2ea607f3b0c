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

fn lease(ticket: &str, until: &str, now: &str) -> Value {
    json!({
        "TableName": "ads",
        "Key": { "pk": { "S": "sync" }, "sk": { "S": "11" } },
        "UpdateExpression": "SET lease = :ticket, lease_until = :until",
        "ConditionExpression": "attribute_not_exists(lease_until) OR lease_until < :now",
        "ExpressionAttributeValues": {
            ":ticket": { "S": ticket }, ":until": { "N": until }, ":now": { "N": now },
        },
        "ReturnValues": "ALL_NEW",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    })
}

#[test]
fn a_condition_is_judged_by_what_the_item_holds() {
    let mut store = Store::default();
    let taken = call(&mut store, "UpdateItem", lease("a", "100", "40")).unwrap();
    assert_eq!(taken["Attributes"]["lease"], json!({ "S": "a" }));
    // As text, 100 would be less than 40.
    let refusal = call(&mut store, "UpdateItem", lease("b", "140", "40")).unwrap_err();
    assert_eq!(refusal.code, "ConditionalCheckFailedException");
    assert_eq!(refusal.body["Item"]["lease_until"], json!({ "N": "100" }));
    assert!(call(&mut store, "UpdateItem", lease("b", "240", "101")).is_ok());
    let hand_back = |ticket: &str| {
        json!({
            "TableName": "ads",
            "Key": { "pk": { "S": "sync" }, "sk": { "S": "11" } },
            "UpdateExpression": "REMOVE lease, lease_until ADD times :one",
            "ConditionExpression": "lease = :ticket AND (attribute_exists(lease) OR missing > :one)",
            "ExpressionAttributeValues": { ":ticket": { "S": ticket }, ":one": { "N": "1" } },
        })
    };
    assert!(call(&mut store, "UpdateItem", hand_back("a")).is_err());
    assert!(call(&mut store, "UpdateItem", hand_back("b")).is_ok());
    let left = store.under("ads", "sync").cloned().map(Value::Object).collect::<Vec<_>>();
    assert_eq!(left, [json!({ "pk": { "S": "sync" }, "sk": { "S": "11" }, "times": { "N": "1" } })]);
}

fn rows(count: usize, letters: usize) -> Vec<Value> {
    let row = |number| {
        json!({ "PutRequest": { "Item": {
            "pk": { "S": "spend#11" },
            "sk": { "S": format!("rows#{number:03}") },
            "document": { "S": "x".repeat(letters) },
        } } })
    };
    (0..count).map(row).collect()
}

fn batch(members: &[Value]) -> Value {
    json!({ "RequestItems": { "ads": members } })
}

#[test]
fn a_batch_puts_deletes_and_reads_as_many_as_it_may() {
    let mut store = Store::default();
    call(&mut store, "BatchWriteItem", batch(&rows(25, 1))).unwrap();
    assert!(call(&mut store, "BatchWriteItem", batch(&rows(26, 1))).is_err());
    let twice = [rows(1, 1), rows(1, 2)].concat();
    assert!(call(&mut store, "BatchWriteItem", batch(&twice)).is_err());
    let key =
        |number: usize| json!({ "pk": { "S": "spend#11" }, "sk": { "S": format!("rows#{number:03}") } });
    let delete = json!({ "DeleteRequest": { "Key": key(0) } });
    let done = call(&mut store, "BatchWriteItem", batch(&[delete])).unwrap();
    assert_eq!(done["UnprocessedItems"], json!({}));
    let mut calls = Calls::default();
    let wanted = json!({ "RequestItems": {
        "ads": { "Keys": [key(0), key(1)], "ConsistentRead": true, "ProjectionExpression": "sk" },
    } });
    let read = store.call("BatchGetItem", &wanted, &mut calls).unwrap();
    assert_eq!(read["Responses"], json!({ "ads": [{ "sk": { "S": "rows#001" } }] }));
    assert_eq!(calls.half_units(), 4, "an item that is not there costs as much");
    let keys: Vec<Value> = (0..101).map(key).collect();
    let many = json!({ "RequestItems": { "ads": { "Keys": keys } } });
    assert!(call(&mut store, "BatchGetItem", many).is_err());
}

#[test]
fn a_query_goes_on_where_its_last_page_ended() {
    let mut store = Store::default();
    call(&mut store, "BatchWriteItem", batch(&rows(7, 300_000))).unwrap();
    assert!(call(&mut store, "BatchWriteItem", batch(&rows(1, 410_000))).is_err());
    let mut request = json!({
        "TableName": "ads",
        "KeyConditionExpression": "pk = :pk AND sk BETWEEN :from AND :to",
        "ProjectionExpression": "pk, #sk",
        "ExpressionAttributeNames": { "#sk": "sk" },
        "ExpressionAttributeValues": {
            ":pk": { "S": "spend#11" }, ":from": { "S": "rows#001" }, ":to": { "S": "rows#~" },
        },
    });
    let mut pages = Vec::new();
    loop {
        let page = call(&mut store, "Query", request.clone()).unwrap();
        let items = page["Items"].as_array().unwrap();
        assert!(items.iter().all(|item| item.as_object().unwrap().len() == 2));
        pages.push(items.iter().map(|item| item["sk"]["S"].as_str().unwrap().to_owned()).collect::<Vec<_>>());
        match page.get("LastEvaluatedKey") {
            Some(last) => request["ExclusiveStartKey"] = last.clone(),
            None => break,
        }
    }
    let expected: Vec<String> = (1..7).map(|number| format!("rows#{number:03}")).collect();
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3]);
    assert_eq!(pages.concat(), expected);
}

#[test]
fn what_is_not_known_is_refused() {
    let mut store = Store::default();
    assert!(call(&mut store, "BatchGetItem", json!({})).is_err());
    for condition in ["size(pk) > :n", "pk = :absent", "pk <> :n", "attribute_not_exists(pk) pk"] {
        let values = json!({ ":n": { "N": "1" } });
        let item = json!({ "pk": { "S": "a" } });
        let put = json!({
            "TableName": "t", "Item": item,
            "ConditionExpression": condition, "ExpressionAttributeValues": values,
        });
        let refusal = call(&mut store, "PutItem", put).unwrap_err();
        assert_eq!(refusal.code, "ValidationException", "{condition}");
    }
    assert!(
        call(&mut store, "Query", json!({ "TableName": "t", "KeyConditionExpression": "size(pk) > :n" }))
            .is_err()
    );
}
