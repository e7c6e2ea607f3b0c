//! A buyer sees what the own team spent and nothing of anybody else's; what is nobody's is the admin's.

use e2e::world::{AdAccount, Span};
use e2e::{Caller, Spend, graph, pulling, settings};
use serde_json::{Value, json};

const UNKNOWN: &str = "123456789012345";

fn ids(rows: &Value) -> Vec<&str> {
    rows.as_array().expect("rows").iter().map(|row| row["account_id"].as_str().expect("an id")).collect()
}

#[tokio::test]
async fn each_sees_the_own_accounts_and_the_admin_all() {
    let days = Span::last(2);
    let accounts = [
        AdAccount::of_team("kenesary", 2),
        AdAccount::of_team("arystan", 3),
        AdAccount::of_team("muha", 1),
        AdAccount::of_team("traf4", 1),
        AdAccount::new(2),
    ];
    let spend = Spend::of(&accounts).await;
    spend.refresh_all(&days.order()).await;
    let everyone: Vec<&str> = accounts.iter().map(|account| account.id.as_str()).collect();
    let nobodys = everyone[4];
    for (team, own) in ["kenesary", "arystan", "muha", "traf4"].into_iter().zip(&everyone) {
        let caller = Caller::Buyer(team);
        let get = async |path: String| spend.stack.get(&caller, &path).await;
        for path in ["accounts".to_owned(), format!("accounts?team={team}")] {
            let shown = get(format!("/api/traffic-facebook/{path}")).await.ok();
            assert_eq!((ids(&shown["items"]), &shown["items"][0]["team"]), (vec![*own], &team.into()));
        }
        let health = get("/api/traffic-facebook/health".to_owned()).await.ok();
        assert_eq!(ids(&health["accounts"]), [*own]);
        for level in ["account", "ad"] {
            let shown = spend.insights_of(&caller, &format!("{}&level={level}", days.query())).await;
            assert!(!shown.rows.is_empty(), "{team} sees nothing at {level}");
            assert!(shown.rows.iter().all(|row| row["account_id"] == *own && row["team"] == team), "{level}");
            let text = shown.page.to_string();
            let foreign = everyone.iter().find(|id| *id != own && text.contains(**id));
            assert_eq!(foreign, None, "{team} at {level}");
        }
        let foreign = if team == "muha" { everyone[1] } else { everyone[2] };
        for other in [foreign, nobodys, UNKNOWN] {
            get(format!("/api/traffic-facebook/campaigns/act_{other}")).await.refused(403, "forbidden");
            get(format!("/api/facebook-ads/insights?account_id={other}")).await.refused(403, "forbidden");
        }
        for other in ["nobody", "unattributed", if team == "muha" { "traf4" } else { "muha" }] {
            let own = format!("traffic-facebook/campaigns/{own}");
            for route in ["traffic-facebook/accounts", "facebook-ads/insights", &own] {
                get(format!("/api/{route}?team={other}")).await.refused(403, "forbidden");
            }
        }
        // The same figures as the admin's, of the same ads.
        let question = format!("{}&level=ad&team={team}", days.query());
        let (of_buyer, of_admin) =
            tokio::join!(spend.insights_of(&caller, &question), spend.insights(&question));
        assert_eq!(of_buyer.rows, of_admin.rows, "{team}");
        let campaigns = format!("/api/traffic-facebook/campaigns/act_{own}?{}", days.query());
        let of_buyer = get(campaigns.clone()).await.ok();
        let of_admin = spend.stack.get(&Caller::Admin, &campaigns).await.ok();
        assert_eq!(
            (of_buyer["rows"].clone(), of_buyer["items"].clone()),
            (of_admin["rows"].clone(), of_admin["items"].clone())
        );
    }

    let shown = spend.accounts().await;
    assert_eq!(shown.len(), 5);
    assert_eq!(shown[nobodys]["team"], Value::Null);
    let rows = spend.insights(&format!("{}&level=account", days.query())).await.rows;
    let of_nobody = rows.iter().find(|row| row["account_id"] == nobodys).expect("what is nobody's");
    assert_eq!(of_nobody["team"], Value::Null);
}

#[tokio::test]
async fn what_does_not_exist_is_not_found_and_what_cannot_be_is_named() {
    let spend = Spend::of(&[AdAccount::new(1)]).await;
    let get = async |path: &str| spend.stack.get(&Caller::Admin, path).await;
    for path in [
        format!("/api/traffic-facebook/campaigns/{UNKNOWN}"),
        format!("/api/facebook-ads/insights?account_id={UNKNOWN}"),
        "/api/facebook-ads/insights?team=nobody".to_owned(),
        "/api/traffic-facebook/accounts?team=nobody".to_owned(),
    ] {
        get(&path).await.refused(404, "not_found");
    }
    for (question, field) in [
        ("level=ads", "level"),
        ("granularity=week", "granularity"),
        ("account_id=me", "account_id"),
        ("from=yesterday", "from"),
        ("from=2026-02-02&to=2026-02-01", "to"),
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("cursor=x", "cursor"),
        ("cursor=eyJhIjoxfQ", "cursor"),
    ] {
        get(&format!("/api/facebook-ads/insights?{question}")).await.invalid(&[field]);
    }
    get(&format!("/api/traffic-facebook/campaigns/{UNKNOWN}?from=x")).await.invalid(&["from"]);
}

#[tokio::test]
async fn an_account_that_somebody_switched_off_is_asked_for_nothing() {
    let days = Span::last(2);
    let accounts = [AdAccount::new(1), AdAccount::new(1)];
    let spend = Spend::of(&accounts).await;
    spend.refresh_all(&days.order()).await;
    let _turn = settings::turn().await;
    let off = json!({ accounts[0].id.as_str(): {"enabled": false} });
    settings::change(&spend.stack, "ad_accounts", |held| *held = off).await;
    graph::forget_asked().await;
    assert_eq!(spend.plan(3).await, 1);
    assert_eq!(pulling::until_idle().await, 0);
    let job = spend.refresh(&days.order()).await;
    assert_eq!(job.in_state("done").len(), 1, "{}", job.0);
    assert!(job.notes().iter().any(|note| note.contains("switched off")), "{:?}", job.notes());
    let asked = graph::asked().await;
    assert_eq!(asked.count_of(&accounts[0].id), 0);
    let listed = spend.stack.get(&Caller::Admin, "/api/traffic-facebook/accounts").await.ok();
    let row = |id: &str| {
        let rows = listed["items"].as_array().expect("items").iter();
        rows.clone().find(|row| row["account_id"] == id).expect("the account").clone()
    };
    assert_eq!(row(&accounts[0].id)["enabled"], false);
    assert_eq!(row(&accounts[1].id)["enabled"], true);
    settings::change(&spend.stack, "ad_accounts", |held| *held = json!({})).await;
    assert_eq!(spend.plan(3).await, 2);
    pulling::until_idle().await;
}
