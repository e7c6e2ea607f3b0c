//! What a person does to deals, told or in silence, and the bin.

use super::hooks::{decoded, receiver, settled, subscribe};
use super::*;

#[tokio::test]
async fn a_deleted_deal_lies_in_the_bin_until_it_is_restored() {
    let account = Account::calm().await;
    let note = json!([{"note_type": "common", "params": {"text": "kept"}}]);
    account.call("POST", "leads/30200007/notes", note).await;
    let whole = account.get("leads/30200007?with=contacts").await.body;
    account.wait(5_000);
    assert_eq!(account.control("DELETE", "leads/30200007", Value::Null).await.status, 204);
    assert_eq!(account.get("leads/30200007").await.status, 204);
    assert_eq!(account.get("leads/30200007/notes").await.status, 404);
    assert_eq!(account.get("leads?filter[id][]=30200007").await.status, 204);
    assert_eq!(account.get("contacts/30100007?with=leads").await.body["_embedded"]["leads"], json!([]));
    assert_eq!(account.control("PATCH", "leads/30200007", json!({"price": 1})).await.status, 422);
    let bin = account.get("leads?with=only_deleted&filter[updated_at][from]=1795176005").await;
    let expected = json!({
        "id": 30_200_007, "updated_at": NOON + 5, "updated_by": 9_750_001, "is_deleted": true,
        "_links": {"self": {"href": "http://sandbox/amocrm/api/v4/leads/30200007"}},
    });
    assert_eq!(bin.body["_embedded"]["leads"], json!([expected]));
    assert_eq!(account.get("leads/30200007?with=only_deleted").await.body, expected);
    assert_eq!(account.get("leads/30200006?with=only_deleted").await.status, 204);

    account.wait(5_000);
    assert_eq!(account.control("POST", "leads/30200007/restore", Value::Null).await.status, 204);
    let mut back = account.get("leads/30200007?with=contacts").await.body;
    assert_eq!(back["updated_at"], NOON + 10);
    back["updated_at"] = whole["updated_at"].clone();
    assert_eq!(back, whole, "closed when it was closed, and with its person");
    assert_eq!(account.get("leads/30200007/notes").await.ids("notes").len(), 1);
    assert_eq!(account.get("leads?with=only_deleted").await.status, 204);
    assert_eq!(account.control("POST", "leads/30200007/restore", Value::Null).await.status, 422);
    let again = json!({"leads": [{"id": 30_200_006}]});
    account.control("DELETE", "leads/30200006", Value::Null).await;
    assert_eq!(account.control("POST", "leads", again).await.status, 422, "its id is not free");
}

#[tokio::test]
async fn a_restored_deal_is_told_whole() {
    let account = Account::calm().await;
    let (url, mut arrived) = receiver(&[]).await;
    subscribe(&account, json!({"url": url, "settings": ["restore_lead"]})).await;
    account.control("DELETE", "leads/30200007", Value::Null).await;
    account.wait(3_000);
    account.control("POST", "leads/30200007/restore", Value::Null).await;
    let body = decoded(&arrived.recv().await.unwrap());
    for line in ["[id]=30200007", "[price]=490000", "[status_id]=142", "[last_modified]=1795176003"] {
        assert!(body.contains(&format!("leads[restore][0]{line}\n")), "{body}");
    }
    assert!(body.contains("leads[restore][0][custom_fields][0][values][0][value]=Kaspi\n"), "{body}");
    assert_eq!(settled(&account).await[0]["hook"], "restore_lead");
}

#[tokio::test]
async fn what_happens_in_silence_is_seen_by_nothing_but_a_read() {
    let account = Account::calm().await;
    let (url, _arrived) = receiver(&[]).await;
    let kinds = json!(["add_lead", "update_lead", "status_lead", "delete_lead"]);
    subscribe(&account, json!({"url": url, "settings": kinds})).await;
    let before = account.get("leads/30200003").await.body;
    account.wait(60_000);
    let change = json!({"silent": true, "price": 7, "status_id": 142, "responsible_user_id": 5});
    assert_eq!(account.control("PATCH", "leads/30200003", change).await.status, 204);
    let after = account.get("leads/30200003").await.body;
    assert_eq!((&after["price"], &after["closed_at"]), (&json!(7), &json!(NOON + 60)));
    assert_eq!(after["responsible_user_id"], 5);
    for same in ["updated_at", "updated_by"] {
        assert_eq!(before[same], after[same], "{same}");
    }
    assert_eq!(account.control("DELETE", "leads/30200004?silent=true", Value::Null).await.status, 204);
    assert_eq!(account.get("leads/30200004").await.status, 204);
    let bin = account.get("leads?with=only_deleted").await;
    assert_eq!(bin.body["_embedded"]["leads"][0]["updated_at"], 1_788_000_310);
    assert_eq!(account.get("events?filter[created_at][from]=1795176000").await.status, 204);
    assert_eq!(settled(&account).await, json!([]));
    assert_eq!(account.control("DELETE", "leads/30200005?loud=true", Value::Null).await.status, 400);
    assert_eq!(account.get("leads/30200005").await.status, 200);
}
