//! The journal as a poll reads it.

use super::*;

/// Type and deal of each event of a list, in its order.
fn told(got: &Got) -> Vec<(String, u64)> {
    let list = got.body["_embedded"]["events"].as_array().unwrap_or_else(|| panic!("{}", got.text));
    list.iter()
        .map(|one| (one["type"].as_str().unwrap().to_owned(), one["entity_id"].as_u64().unwrap()))
        .collect()
}

fn of(kind: &str, lead: u64) -> (String, u64) {
    (kind.to_owned(), lead)
}

#[tokio::test]
async fn a_price_has_its_own_event_beside_that_of_a_move() {
    let account = Account::calm().await;
    let body = json!({"price": 5000, "status_id": 142, "pipeline_id": PIPELINE});
    assert_eq!(account.call("PATCH", "leads/30200003", body).await.status, 200);
    account.wait(1_000);
    account.control("PATCH", "leads/30200003", json!({"price": 4_500, "updated_by": 77})).await;
    account.call("PATCH", "leads/30200003", json!({"price": 4_500, "name": "the same price"})).await;
    let all = account.get("events?filter[created_at][from]=1795176000").await;
    let expected = [
        of("sale_field_changed", 30_200_003),
        of("sale_field_changed", 30_200_003),
        of("lead_status_changed", 30_200_003),
    ];
    assert_eq!(told(&all), expected, "the newest first, and none for what stayed");
    let [second, first, _] = all.body["_embedded"]["events"].as_array().unwrap().as_slice() else { panic!() };
    let values = |event: &Value| (event["value_before"].clone(), event["value_after"].clone());
    let sale = |price: i64| json!([{"sale_field_value": {"sale": price}}]);
    assert_eq!(values(first), (sale(0), sale(5000)));
    assert_eq!(values(second), (sale(5000), sale(4500)));
    assert_eq!((&second["created_by"], &second["created_at"]), (&json!(77), &json!(NOON + 1)));
}

#[tokio::test]
async fn types_are_named_one_by_one_or_with_commas() {
    let account = Account::calm().await;
    account.control("PATCH", "leads/30200003", json!({"price": 5})).await;
    account.control("DELETE", "leads/30200004", Value::Null).await;
    account.control("POST", "leads/30200004/restore", Value::Null).await;
    let expected = [
        of("lead_restored", 30_200_004),
        of("lead_deleted", 30_200_004),
        of("sale_field_changed", 30_200_003),
    ];
    for filter in [
        "filter[type]=lead_deleted,lead_restored,sale_field_changed",
        "filter[type][]=lead_deleted&filter[type][]=lead_restored&filter[type][]=sale_field_changed",
        "filter[type][0]=lead_deleted,%20lead_restored&filter[type][1]=sale_field_changed",
    ] {
        assert_eq!(told(&account.get(&format!("events?{filter}")).await), expected, "{filter}");
    }
    assert_eq!(account.get("events?filter[type]=lead_merged").await.status, 204);
    assert_eq!(account.get("events?filter[entity]=contact").await.status, 204);
    assert_eq!(account.get("events?filter[created_by]=0").await.status, 204, "no robot did anything");
}

#[tokio::test]
async fn ids_need_their_kind_of_entity_and_are_no_more_than_ten() {
    let account = Account::calm().await;
    let ids = |count: u64| {
        (0..count).map(|n| format!("&filter[entity_id][]={}", 30_200_001 + n)).collect::<String>()
    };
    let of_leads = account.get(&format!("events?filter[entity]=lead{}", ids(2))).await;
    assert_eq!(told(&of_leads), [of("lead_added", 30_200_002), of("lead_added", 30_200_001)]);
    let commas = account.get("events?filter[entity]=lead&filter[entity_id]=30200001,30200002").await;
    assert_eq!(told(&commas), told(&of_leads));
    assert_eq!(told(&account.get(&format!("events?x=1{}", ids(2))).await).len(), 7, "ids of what?");
    assert_eq!(account.get(&format!("events?filter[entity]=lead{}", ids(10))).await.status, 200);
    let got = account.get(&format!("events?filter[entity]=lead{}", ids(11))).await;
    assert_eq!((got.status, got.kind()), (400, "application/problem+json"));
}

#[tokio::test]
async fn a_page_has_a_hundred_events_and_a_window_its_borders() {
    let account = Account::calm().await;
    let many = json!({"count": 250, "from": 1_790_000_000, "to": 1_790_000_250});
    account.control("POST", "leads/many", many).await;
    let window = "filter[created_at][from]=1790000010&filter[created_at][to]=1790000229&limit=100";
    let mut pages = Vec::new();
    for page in 1..=3 {
        let got = account.get(&format!("events?{window}&page={page}")).await;
        assert_eq!(got.body["_links"]["next"].is_null(), page == 3);
        pages.push(told(&got).len());
    }
    assert_eq!(pages, [100, 100, 20]);
    assert_eq!(account.get(&format!("events?{window}&page=4")).await.status, 204);
    let turned = "filter[created_at][from]=1790000010&filter[created_at][to]=1790000009";
    assert_eq!(account.get(&format!("events?{turned}")).await.status, 204);
    assert_eq!(told(&account.get("events?limit=250").await).len(), 50, "too large a page is a small one");
}
