//! Which accounts there are: by every way the token has, with their campaigns and ads, delivering or not.

use e2e::graph;
use e2e::world::{AdAccount, Span};
use e2e::{Caller, Spend, aws, pulling};
use serde_json::{Value, json};

fn accounts(count: usize) -> Vec<AdAccount> {
    (0..count).map(|_| AdAccount::new(1)).collect()
}

#[tokio::test]
async fn every_day_the_accounts_are_found_with_all_that_is_in_them() {
    let days = Span::last(1);
    let long_ago = Span { from: days.from - chrono::Days::new(400), to: days.from - chrono::Days::new(390) };
    // Twelve ads are two campaigns, none of which delivers now.
    let accounts = [AdAccount::of_team("traf4", 12).delivering(long_ago), AdAccount::new(1)];
    let spend = Spend::of(&accounts).await;
    graph::faults(&[json!({"kind": "bare_503", "edge": "adaccounts", "count": 1})]).await;
    let report = aws::invoke("facebook-discover", &json!({})).await.expect("a report");
    assert_eq!(report, json!({"accounts": 2, "notes": []}));
    assert_eq!(pulling::until_idle().await, 0);
    for account in &accounts {
        let path = format!("/api/traffic-facebook/campaigns/{}?{}", account.id, days.query());
        let shown = spend.stack.get(&Caller::Admin, &path).await.ok();
        let told = &shown["account"];
        assert_eq!((&told["currency"], &told["timezone"]), (&"USD".into(), &"Asia/Almaty".into()), "{told}");
        let items = shown["items"].as_array().expect("campaigns");
        for campaign in &account.campaigns {
            let item = items.iter().find(|item| item["campaign_id"] == campaign.id);
            let item = item.unwrap_or_else(|| panic!("no {} in {shown}", campaign.name));
            assert_eq!(item["campaign_name"], campaign.name);
            assert_eq!((&item["status"], &item["objective"]), (&"ACTIVE".into(), &"OUTCOME_SALES".into()));
            assert_eq!((&item["impressions"], &item["roas"]), (&0.into(), &Value::Null), "{item}");
        }
    }
    let row = &spend.accounts().await[&accounts[0].id];
    assert_eq!(
        (&row["state"], &row["last_pulled_at"], &row["team"]),
        (&"pending".into(), &Value::Null, &"traf4".into())
    );
}

#[tokio::test]
async fn what_discovery_may_not_read_is_noted_and_the_rest_is_found() {
    let days = Span::last(1);
    let accounts = accounts(5);
    let spend = Spend::of(&accounts).await;
    graph::faults(&[
        json!({"kind": "permission", "edge": "client_ad_accounts"}),
        json!({"kind": "permission", "edge": "owned_ad_accounts"}),
    ])
    .await;
    let job = spend.refresh_all(&days.order()).await;
    assert_eq!((job.notes().len(), job.in_state("done").len()), (2, 2), "{}", job.0);
    graph::faults(&[]).await;
    let job = spend.refresh_all(&days.order()).await;
    assert_eq!((job.notes().len(), job.in_state("done").len()), (0, 5), "{}", job.0);
    let shown = spend.accounts().await;
    let access = |n: usize| shown[&accounts[n].id]["access"].as_str().expect("access");
    assert_eq!([access(0), access(1), access(4)], ["assigned", "owned", "client"]);
}
