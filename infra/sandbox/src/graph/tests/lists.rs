//! Accounts, campaigns, ads, and the pages they come in.

use super::*;

fn ids(items: &[Value]) -> Vec<&str> {
    items.iter().filter_map(|item| item["id"].as_str()).collect()
}

#[tokio::test]
async fn the_three_lists_of_accounts_are_needed_together() {
    let facebook = Facebook::with(small()).await;
    assert_eq!(ids(&facebook.all("me/adaccounts?fields=id").await), ["act_11"]);
    assert_eq!(ids(&facebook.all("me/businesses?fields=id").await), ["900"]);
    let owned = facebook.get("900/owned_ad_accounts").await.body;
    assert_eq!(
        (&owned["data"], &owned["summary"]["total_count"]),
        (&json!([{"id": "act_11", "account_id": "11"}]), &json!(1))
    );
    let client = facebook.get("900/client_ad_accounts?fields=name,permitted_tasks").await.body;
    assert_eq!(
        client["data"],
        json!([{"name": "account 22", "permitted_tasks": ["ANALYZE"], "id": "act_22"}])
    );
    assert_eq!(facebook.get("901/owned_ad_accounts").await.codes(), (400, Some(100), Some(33)));
}

#[tokio::test]
async fn an_account_is_told_field_by_field() {
    let facebook = Facebook::with(small()).await;
    let fields = "name,currency,timezone_name,timezone_offset_hours_utc,account_status,amount_spent";
    let account = facebook.get(&format!("act_11?fields={fields}")).await.body;
    assert_eq!(
        account,
        json!({
            "id": "act_11", "name": "account 11", "currency": "USD", "timezone_name": "Asia/Almaty",
            "timezone_offset_hours_utc": 5, "account_status": 1, "amount_spent": "30900",
        })
    );
    assert_eq!(facebook.get("act_11").await.body, json!({"id": "act_11", "account_id": "11"}));
    assert_eq!(facebook.get("act_11?fields=nonsense").await.codes(), (400, Some(100), None));
    assert_eq!(facebook.get("act_33").await.codes(), (400, Some(100), Some(33)));
}

#[tokio::test]
async fn ads_come_with_their_creative_as_far_as_it_was_asked_for() {
    let mut world = small();
    world["accounts"][0]["campaigns"][0]["adsets"][1]["ads"][0]["url_tags"] = json!("");
    let facebook = Facebook::with(world).await;
    let ads = facebook.all("act_11/ads?fields=name,campaign_id,adset{name},creative{id,url_tags}").await;
    let expected = json!({
        "id": "1101", "name": "ad 1101", "campaign_id": "111", "adset": {"id": "112", "name": "one"},
        "creative": {"id": "2301", "url_tags": "utm_campaign={{campaign.name}}"},
    });
    assert_eq!(ads[0], expected);
    assert_eq!(ads[1]["creative"], json!({"id": "2302"}));
    assert_eq!(facebook.all("act_11/ads?limit=9").await[0], json!({"id": "1101"}));
}

#[tokio::test]
async fn what_an_ad_leads_to_can_be_changed_while_it_runs() {
    let facebook = Facebook::with(small()).await;
    let change = json!([
        {"ad_id": "1101", "url_tags": "", "link": "https://a.kz/?utm_source=fb", "links": ["https://a.kz/2"]},
        {"ad_id": "1102", "effective_status": "PAUSED"},
    ]);
    assert_eq!(facebook.control("PATCH", "ads", change).await.status, 204);
    let story =
        "object_story_spec{link_data{link,child_attachments{link}},video_data{call_to_action{value{link}}}}";
    let fields = format!("creative{{url_tags,{story},asset_feed_spec{{link_urls{{website_url}}}}}}");
    let ads = facebook.all(&format!("act_11/ads?effective_status=%5B%22ACTIVE%22%5D&fields={fields}")).await;
    assert_eq!(ads.len(), 1);
    let link_data =
        json!({"link": "https://a.kz/?utm_source=fb", "child_attachments": [{"link": "https://a.kz/2"}]});
    let expected = json!({"id": "2301", "object_story_spec": {"link_data": link_data}});
    assert_eq!(ads[0]["creative"], expected);
    let ads = facebook.all(&format!("act_22/ads?fields={fields}")).await;
    assert_eq!(
        ads[0]["creative"]["object_story_spec"]["link_data"],
        json!({"link": "https://landing.local/"})
    );
    assert_eq!(facebook.control("PATCH", "ads", json!([{"ad_id": "9"}])).await.status, 422);
}

#[tokio::test]
async fn archived_campaigns_are_listed_only_when_asked_for_yet_deliver() {
    let mut world = small();
    world["accounts"][0]["campaigns"][0]["status"] = json!("ARCHIVED");
    let facebook = Facebook::with(world).await;
    assert!(facebook.all("act_11/campaigns?fields=id").await.is_empty());
    let asked = facebook
        .all("act_11/campaigns?fields=status,daily_budget&effective_status=%5B%22ARCHIVED%22%5D")
        .await;
    assert_eq!(asked, [json!({"id": "111", "status": "ARCHIVED", "daily_budget": "5000"})]);
    assert_eq!(
        facebook.get("act_11/campaigns?effective_status=%5B%22DEAD%22%5D").await.codes(),
        (400, Some(100), None)
    );
    assert_eq!(facebook.all(&insights("11", "campaign", "2026-11-18", "2026-11-18")).await.len(), 1);
}

#[tokio::test]
async fn short_and_empty_pages_lose_nothing() {
    let mut world = small();
    let whole = Facebook::with(world.clone()).await;
    let path = format!("{}&limit=4", insights("11", "ad", "2026-11-01", "2026-11-20"));
    let expected = whole.all(&path).await;
    assert_eq!(expected.len(), 40);
    world["short_pages"] = json!(1);
    let facebook = Facebook::with(world).await;
    assert_eq!(facebook.all(&path).await, expected);
    let record = facebook.record().await;
    let calls = record["requests"].as_array().unwrap().len();
    assert!(calls > 20, "{calls} pages, of which some are empty");
}

#[tokio::test]
async fn a_limit_above_the_cap_is_lowered_in_silence() {
    let mut world = small();
    world["page_cap"] = json!(3);
    let facebook = Facebook::with(world).await;
    let page = facebook.get(&format!("{}&limit=500", insights("11", "ad", "2026-11-01", "2026-11-20"))).await;
    assert_eq!(page.data().len(), 3);
    let next = page.body["paging"]["next"].as_str().unwrap();
    assert!(next.contains(&format!("access_token={}", facebook.token)) && next.contains("limit=500"));
    assert!(!next.contains("appsecret_proof"));
    assert_eq!(facebook.get("me/adaccounts?after=x").await.codes(), (400, Some(2642), None));
}

#[tokio::test]
async fn the_default_world_is_the_school() {
    let facebook = Facebook::new();
    let accounts = facebook.all("me/adaccounts?fields=account_id,name").await;
    let names = accounts.iter().map(|account| account["name"].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(names, ["nutrients_kz", "arystan_3_1", "muha_acc3", "traf4_team"]);
    for (account, campaigns) in accounts.iter().zip([7, 5, 5, 4]) {
        let id = account["account_id"].as_str().unwrap();
        assert_eq!(facebook.all(&format!("act_{id}/campaigns?fields=name")).await.len(), campaigns);
        let ads = facebook.all(&format!("act_{id}/ads?fields=creative%7Burl_tags%7D&limit=10")).await;
        let good = |ad: &&Value| {
            ad["creative"]["url_tags"].as_str().is_some_and(|tags| tags.contains("{{campaign.name}}&"))
        };
        assert_eq!(ads.len() - ads.iter().filter(good).count(), 1, "one ad has no good tags");
    }
}
