//! A large account, read as a poll reads it.

use std::collections::BTreeSet;

use super::*;

#[tokio::test]
async fn very_many_deals_are_made_evenly_and_in_silence() {
    let account = Account::calm().await;
    let hooks = json!({"url": "http://127.0.0.1:1/hook", "settings": ["add_lead", "status_lead"]});
    account.put("settings", json!({"per_second": 1000, "hooks": hooks})).await;
    let many = json!({
        "count": 8, "pipeline_id": 10_350_999, "status_id": 87_700_025, "price": 50_000,
        "from": 1_790_000_000, "to": 1_790_000_080, "won_every": 4,
    });
    let got = account.control("POST", "leads/many", many).await;
    let (first, last) = (got.body["first"].as_u64().unwrap(), got.body["last"].as_u64().unwrap());
    assert_eq!(last - first, 7);
    let got = account.get("leads?order[created_at]=asc&filter[created_at][from]=1790000000").await;
    assert_eq!(got.ids("leads"), (first..=last).collect::<Vec<_>>());
    let leads = got.body["_embedded"]["leads"].as_array().unwrap();
    let of = |name: &str| leads.iter().map(|lead| lead[name].as_i64()).collect::<Vec<_>>();
    assert_eq!(of("created_at"), (0..8).map(|n| Some(1_790_000_000 + 10 * n)).collect::<Vec<_>>());
    assert_eq!(of("created_at"), of("updated_at"));
    let mut closed = [None; 8];
    (closed[3], closed[7]) = (Some(1_790_000_030), Some(1_790_000_070));
    assert_eq!(of("closed_at"), closed);
    assert_eq!((&leads[3]["status_id"], &leads[4]["status_id"]), (&json!(142), &json!(87_700_025)));
    let campaigns = leads.iter().map(|lead| {
        let field = &lead["custom_fields_values"][0];
        assert_eq!(field["field_code"], "UTM_CAMPAIGN");
        field["values"][0]["value"].as_str().unwrap()
    });
    let four = ["proftest_kenesary", "kz_ar_video", "onai2", "alex_1"];
    assert_eq!(campaigns.collect::<Vec<_>>(), [four, four].concat());
    let moves = account.get("events?filter[type]=lead_status_changed").await;
    assert_eq!(moves.body["_embedded"]["events"].as_array().unwrap().len(), 2);
    assert_eq!(account.control("GET", "hooks", Value::Null).await.body["hooks"], json!([]));
    for wrong in [
        json!({"count": 0, "from": 0, "to": 1}),
        json!({"count": 1, "from": 2, "to": 1}),
        json!({"count": 1, "from": 0, "to": 1, "status_id": 5}),
    ] {
        assert_eq!(account.control("POST", "leads/many", wrong).await.status, 422);
    }
}

#[tokio::test]
async fn a_sweep_meets_every_deal_once_and_the_newest_first() {
    let account = Account::calm().await;
    let many = json!({"count": 2_100, "from": 1_790_000_000, "to": 1_790_000_700, "won_every": 10});
    account.control("POST", "leads/many", many).await;
    let mut next = "leads?limit=250&order[updated_at]=desc&filter[updated_at][from]=1790000000".to_owned();
    let (mut met, mut times, mut pages) = (BTreeSet::new(), Vec::new(), 0);
    loop {
        let got = account.get(&next).await;
        pages += 1;
        met.extend(got.ids("leads"));
        let leads = got.body["_embedded"]["leads"].as_array().unwrap();
        times.extend(leads.iter().map(|lead| lead["updated_at"].as_i64().unwrap()));
        let Some(href) = got.body["_links"]["next"]["href"].as_str() else { break };
        href.strip_prefix("http://sandbox/amocrm/api/v4/").unwrap().clone_into(&mut next);
    }
    assert_eq!((pages, met.len(), times.len()), (9, 2_100, 2_100));
    assert!(times.is_sorted_by(|newer, older| newer >= older));
}

#[tokio::test]
async fn fifty_thousand_deals_are_two_hundred_pages() {
    let account = Account::calm().await;
    let many = json!({"count": 50_000, "from": 1_790_000_000, "to": 1_790_005_000});
    let last = account.control("POST", "leads/many", many).await.body["last"].as_u64().unwrap();
    let page = async |page: u64| {
        let from = "filter[updated_at][from]=1790000000";
        account.get(&format!("leads?limit=250&order[updated_at]=desc&{from}&page={page}")).await
    };
    assert_eq!(page(1).await.ids("leads")[0], last);
    let end = page(200).await;
    assert_eq!((end.ids("leads")[249], &end.body["_links"]["next"]), (last - 49_999, &Value::Null));
    assert_eq!(page(201).await.status, 204);
    let one = json!({"leads": [{"updated_at": 1_790_000_001}]});
    account.control("POST", "leads", one).await;
    assert_eq!(page(201).await.ids("leads"), [last - 49_999], "a new one moves all that are older");
}

#[tokio::test]
async fn two_hundred_and_fifty_ids_are_read_in_one_call() {
    let account = Account::calm().await;
    let contacts = (0..300).map(|n| json!({"id": 1_000 + n, "name": format!("P{n}")})).collect::<Vec<_>>();
    let leads = (0..300).map(|n| json!({"id": 5_000 + n, "contacts": [1_000 + n], "updated_at": 9_000 - n}));
    let more = json!({"contacts": contacts, "leads": leads.collect::<Vec<_>>()});
    assert_eq!(account.control("POST", "leads", more).await.status, 200);
    let wanted = |first: u64| (first..first + 250).rev().collect::<Vec<_>>();
    let filter = |ids: &[u64]| ids.iter().map(|id| format!("&filter%5Bid%5D%5B%5D={id}")).collect::<String>();
    for (list, first) in [("leads", 5_010), ("contacts", 1_010)] {
        let ids = filter(&wanted(first));
        let got = account.get(&format!("{list}?limit=250{ids}&order[id]=desc")).await;
        assert_eq!(got.ids(list), wanted(first));
        assert!(got.body["_links"]["next"].is_null());
    }
    let ids = filter(&wanted(5_010));
    let window = "filter[updated_at][from]=8800&filter[updated_at][to]=8802&order[updated_at]=asc";
    assert_eq!(account.get(&format!("leads?{window}{ids}")).await.ids("leads"), [5_200, 5_199, 5_198]);
    let one = account.get("contacts/1007?with=leads").await;
    assert_eq!(one.body["_embedded"]["leads"][0]["id"], 5_007);
}

#[tokio::test]
async fn each_filter_can_be_switched_off() {
    let account = Account::calm().await;
    let end = "filter[statuses][0][status_id]=142";
    let leads = [
        ("updated_at", "leads?filter[updated_at][from]=1&filter[updated_at][to]=2"),
        ("created_at", "leads?filter[created_at][to]=2"),
        ("closed_at", "leads?filter[closed_at][to]=2"),
        ("id", "leads?filter[id][]=1"),
        ("pipeline_id", "leads?filter[pipeline_id][]=1"),
        ("id", "contacts?filter[id][]=1"),
        ("updated_at", "contacts?filter[updated_at][to]=2"),
        ("created_at", "events?filter[created_at][from]=1&filter[created_at][to]=2"),
        ("type", "events?filter[type]=lead_merged"),
        ("entity", "events?filter[entity]=contact"),
        ("entity_id", "events?filter[entity]=lead&filter[entity_id]=1"),
        ("statuses", &format!("leads?filter[pipeline_id]=10350999&{end}")),
    ];
    for (name, path) in leads {
        account.put("settings", json!({"per_second": 1000})).await;
        assert_eq!(account.get(path).await.status, 204, "{path}");
        account.put("settings", json!({"per_second": 1000, "disabled_filters": [name]})).await;
        assert_eq!(account.get(path).await.status, 200, "{path} without {name}");
    }
}
