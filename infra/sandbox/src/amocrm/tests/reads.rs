//! Lists, single reads, search and its false friends.

use super::*;

#[tokio::test]
async fn search_finds_the_digits_wherever_they_stand() {
    let account = Account::calm().await;
    let found = account.get("contacts?query=7011234567&with=leads").await;
    assert_eq!(found.status, 200);
    assert_eq!(found.ids("contacts"), [30_100_001, 30_100_002, 30_100_003, 30_100_004, 30_100_005]);
    let second = &found.body["_embedded"]["contacts"][1];
    assert_eq!(second["name"], "Заявка 77011234567");
    assert_eq!(second["_embedded"]["leads"][0]["id"], 30_200_002);
    let phone = json!({
        "field_id": 820_001, "field_name": "Телефон", "field_code": "PHONE", "field_type": "multitext",
        "values": [{"value": "+77025550102", "enum_id": 920_001, "enum_code": "WORK"}],
    });
    assert_eq!(second["custom_fields_values"][0], phone);
    let other = account.get("contacts?query=%2B7701").await;
    assert_eq!(other.ids("contacts"), [30_100_001, 30_100_004], "the spelling counts");
    let mail = account.get("contacts?query=ASSEL@example.org").await;
    assert_eq!(mail.ids("contacts"), [30_100_001, 30_100_006]);
}

#[tokio::test]
async fn nothing_is_204_without_a_body() {
    let account = Account::calm().await;
    for path in [
        "contacts?query=0000000000",
        "contacts/1",
        "leads/1",
        "leads?filter[id][]=1",
        "leads/30200001/notes",
        "webhooks",
        "events?filter[type]=lead_status_changed",
        "leads?page=9",
    ] {
        let got = account.get(path).await;
        assert_eq!((got.status, got.text.as_str()), (204, ""), "{path}");
        assert!(!got.headers.contains_key("content-type"), "{path}");
    }
}

#[tokio::test]
async fn pages_lead_on_to_the_next_and_a_large_limit_is_a_small_one() {
    let account = Account::calm().await;
    let page = account.get("leads?limit=3&filter[pipeline_id][]=10350882&with=contacts").await;
    assert_eq!(page.kind(), "application/hal+json");
    assert_eq!(page.ids("leads"), [30_200_002, 30_200_003, 30_200_004]);
    assert_eq!(page.body["_embedded"]["leads"][0]["_embedded"]["contacts"][0]["id"], 30_100_002);
    let next = page.body["_links"]["next"]["href"].as_str().unwrap();
    let next = account.get(next.strip_prefix("http://sandbox/amocrm/api/v4/").unwrap()).await;
    assert_eq!(
        (&next.body["_page"], next.ids("leads")),
        (&json!(2), vec![30_200_005, 30_200_006, 30_200_007])
    );
    assert!(next.body["_links"]["next"].is_null());

    let many = (0..60).map(|n| json!({"id": 500 + n})).collect::<Vec<_>>();
    account.put("world", json!({"leads": many, "contacts": []})).await;
    assert_eq!(account.get("leads?limit=250").await.ids("leads").len(), 60);
    assert_eq!(account.get("leads?limit=251").await.ids("leads").len(), 50);
}

#[tokio::test]
async fn filters_and_order_choose_deals() {
    let account = Account::calm().await;
    let ids = async |path: &str| account.get(&format!("leads?{path}")).await.ids("leads");
    assert_eq!(
        ids("filter[id][]=30200003&filter[id][]=30200001&order[id]=desc").await,
        [30_200_003, 30_200_001]
    );
    let open = "filter[statuses][0][pipeline_id]=10350882&filter[statuses][0][status_id]=87654329";
    assert_eq!(ids(open).await, [30_200_005]);
    assert_eq!(ids(&format!("{open}&filter[statuses][1][status_id]=142")).await, [30_200_005, 30_200_007]);
    assert_eq!(
        ids("filter[created_at][from]=1788000410&filter[created_at][to]=1788000510").await,
        [30_200_005, 30_200_006]
    );
    assert_eq!(ids("filter[closed_at][from]=1").await, [30_200_007]);
    assert_eq!(ids("query=kaspi").await, [30_200_007]);
    assert_eq!(ids("filter[colour][]=red").await.len(), 7, "an unknown filter lets everything through");
    account.put("settings", json!({"per_second": 100, "disabled_filters": ["statuses"]})).await;
    assert_eq!(ids(open).await.len(), 7, "and so does a disabled one");
}

#[tokio::test]
async fn the_account_tells_its_pipelines_and_fields() {
    let account = Account::calm().await;
    let got = account.get("account?with=is_api_filter_enabled,datetime_settings").await.body;
    assert_eq!((&got["id"], &got["subdomain"]), (&json!(29_600_001), &json!("example")));
    assert_eq!(got["is_api_filter_enabled"], true);
    assert_eq!(got["_embedded"]["datetime_settings"]["timezone"], "Asia/Almaty");
    let all = account.get("leads/pipelines").await;
    assert_eq!(all.ids("pipelines"), [PIPELINE, 10_350_999]);
    let one = account.get("leads/pipelines/10350882").await;
    assert_eq!(one.ids("statuses"), [87_654_320, 87_654_321, 87_654_325, 87_654_329, 142, 143], "and no 144");
    assert_eq!(account.get("leads/pipelines/5").await.status, 404);
    let fields = account.get("leads/custom_fields?limit=250").await;
    assert_eq!(fields.body["_embedded"]["custom_fields"][3]["code"], "UTM_SOURCE");
}

#[tokio::test]
async fn what_is_not_played_is_said_aloud() {
    let account = Account::calm().await;
    for (method, path, body) in [
        ("GET", "tasks", Value::Null),
        ("POST", "leads", json!([{"closest_task_at": 1}])),
        ("POST", "leads/complex", json!([{"_embedded": {"companies": []}}])),
        ("POST", "leads/30200001/notes", json!([{"note_type": "call_in", "params": {}}])),
    ] {
        let got = account.call(method, path, body).await;
        assert_eq!((got.status, got.kind()), (501, "application/problem+json"), "{}", got.text);
        assert!(got.body["detail"].as_str().unwrap().starts_with("the sandbox does not play "));
    }
    let got = account.call("DELETE", "leads/30200001", Value::Null).await;
    assert_eq!((got.status, got.kind()), (405, "application/problem+json"));
}
