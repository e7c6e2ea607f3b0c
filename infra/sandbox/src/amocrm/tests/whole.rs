//! Deals that are put in as they are elsewhere.

use super::hooks::{receiver, settled, subscribe};
use super::*;

fn past(changes: Value) -> Value {
    let mut lead = json!({
        "id": 40_000_001, "name": "Сделка", "price": 490_000, "pipeline_id": PIPELINE, "status_id": 142,
        "contacts": [20_000_001], "values": {"Название кампании": "onai2"}, "tags": ["курс"],
        "created_at": 1_790_000_000, "updated_at": 1_790_000_500, "closed_at": 1_790_000_400,
    });
    lead.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    let contact =
        json!({"id": 20_000_001, "name": "Асель", "created_at": 1, "values": {"PHONE": "+77010000001"}});
    json!({"contacts": [contact], "leads": [lead]})
}

async fn changed(account: &Account, whole: Value) -> u64 {
    let got = account.control("PUT", "leads", whole).await;
    got.body["changed"].as_u64().unwrap_or_else(|| panic!("{}", got.text))
}

#[tokio::test]
async fn a_deal_is_put_in_whole_and_nobody_is_told() {
    let account = Account::calm().await;
    let (url, _arrived) = receiver(&[]).await;
    subscribe(&account, json!({"url": url, "settings": ["add_lead", "update_lead", "status_lead"]})).await;
    assert_eq!(changed(&account, past(json!({}))).await, 2);
    let lead = account.get("leads/40000001?with=contacts").await.body;
    for (name, value) in [
        ("price", json!(490_000)),
        ("created_at", json!(1_790_000_000)),
        ("updated_at", json!(1_790_000_500)),
        ("closed_at", json!(1_790_000_400)),
    ] {
        assert_eq!(lead[name], value, "{name}");
    }
    assert_eq!(lead["custom_fields_values"][0]["field_name"], "Название кампании");
    assert_eq!(lead["_embedded"]["contacts"][0]["id"], 20_000_001);
    assert_eq!(account.get("events?filter[entity]=lead&filter[entity_id]=40000001").await.status, 204);
    assert_eq!(settled(&account).await, json!([]));
}

#[tokio::test]
async fn what_is_the_same_or_has_changed_since_stays() {
    let account = Account::calm().await;
    changed(&account, past(json!({}))).await;
    assert_eq!(changed(&account, past(json!({}))).await, 0);
    assert_eq!(changed(&account, past(json!({"price": 450_000, "updated_at": 1_790_000_600}))).await, 1);
    assert_eq!(changed(&account, past(json!({}))).await, 0, "an older state of it");
    account.control("PATCH", "leads/40000001", json!({"status_id": 143})).await;
    assert_eq!(changed(&account, past(json!({"updated_at": 1_790_000_700}))).await, 0);
    let lead = account.get("leads/40000001").await.body;
    assert_eq!((&lead["status_id"], &lead["price"]), (&json!(143), &json!(450_000)));
}

#[tokio::test]
async fn a_deleted_deal_is_put_into_the_bin_once_and_the_journal_tells_of_it() {
    let account = Account::calm().await;
    changed(&account, past(json!({}))).await;
    let mut gone = past(json!({}));
    gone["deleted"] = json!({"40000001": NOON});
    assert_eq!(changed(&account, gone.clone()).await, 1);
    gone["deleted"] = json!({"40000001": NOON + 600});
    assert_eq!(changed(&account, gone.clone()).await, 0);
    assert_eq!(changed(&account, past(json!({}))).await, 0);
    assert_eq!(account.get("leads/40000001").await.status, 204);
    let events = account.get("events?filter[type]=lead_deleted").await;
    let events = events.body["_embedded"]["events"].as_array().unwrap();
    assert_eq!(events.iter().map(|event| event["created_at"].as_i64()).collect::<Vec<_>>(), [Some(NOON)]);
    account.control("POST", "leads/40000001/restore", Value::Null).await;
    assert_eq!(changed(&account, gone).await, 0, "a person has brought it back");
}

#[tokio::test]
async fn what_cannot_be_is_refused_whole() {
    let account = Account::calm().await;
    let nameless = |what: &str| {
        let mut whole = past(json!({}));
        whole[what][0]["id"] = Value::Null;
        whole
    };
    let mut unknown = past(json!({}));
    unknown["deleted"] = json!({"5": NOON});
    for wrong in [
        nameless("contacts"),
        nameless("leads"),
        unknown,
        past(json!({"contacts": [5]})),
        past(json!({"values": {"no such field": "x"}})),
        past(json!({"notes": [{"note_type": "common", "params": {}}]})),
    ] {
        assert_eq!(account.control("PUT", "leads", wrong).await.status, 422);
    }
    assert_eq!(account.get("leads/40000001").await.status, 204);
    assert_eq!(account.get("contacts/20000001").await.status, 204);
}
