//! A sale whose UTM values name an ad, an ad set or a campaign is its account's team's, and stands in insights beside what
//! that ad cost.

use e2e::faults::{Faults, fault};
use e2e::world::{AdAccount, Span};
use e2e::{Caller, Deal, Hook, Route, Spend, clock};
use serde_json::{Value, json};

const TEAM: &str = "arystan";

/// Arystan's account, whose campaigns are named as that team's are, and one of nobody's.
fn accounts() -> [AdAccount; 2] {
    let mut own = AdAccount::of_team(TEAM, 12);
    for campaign in &mut own.campaigns {
        campaign.name = format!("kz_ar_{:010x}", fastrand::u64(..1 << 40));
    }
    [own, AdAccount::new(3)]
}

/// Sells now, with these UTM values, and returns the sale as it is shown.
async fn sell(spend: &Spend, route: Route, utm: &[(&str, &str)]) -> Value {
    let deal = Deal::new();
    let won = Hook::won(route, deal, clock::now().timestamp());
    let hook = utm.iter().fold(won, |hook, (code, value)| hook.utm(code, value));
    assert_eq!(spend.stack.hook(&hook).await.outcome(), "recorded");
    spend.stack.sale(&deal.sale(route.product())).await.ok()["sale"].clone()
}

/// The row of an object in the days of the test, as a caller sees it.
async fn row(spend: &Spend, caller: &Caller, days: Span, level: &str, id: &str) -> Value {
    let shown = spend.insights_of(caller, &format!("{}&level={level}", days.query())).await;
    let found = shown.rows.into_iter().find(|row| row[format!("{level}_id")] == id);
    found.unwrap_or_else(|| panic!("no row of {level} {id}"))
}

fn sold(row: &Value) -> (i64, i64, i64, i64) {
    let number = |name: &str| row[name].as_i64().expect("a whole number");
    (number("sales"), number("express_purchases"), number("main_purchases"), number("revenue_kzt"))
}

#[tokio::test]
async fn a_sale_by_an_id_is_the_accounts_teams_and_stands_at_that_object() {
    let days = Span::last(2);
    let accounts = accounts();
    let [own, nobodys] = &accounts;
    let spend = Spend::of(&accounts).await;
    spend.refresh_all(&days.order()).await;
    let campaign = &own.campaigns[0];
    let (adset, other) = (&campaign.adsets[0], &own.campaigns[1]);
    let ad = &adset.ads[2];
    let wrapped = format!("fb_{}_x", ad.id);
    for (route, code, value, field) in [
        (Route::Traffic, "UTM_CONTENT", &ad.id, "utm_content"),
        (Route::Funnel, "UTM_CONTENT", &wrapped, "utm_content"),
        (Route::Sales, "UTM_TERM", &adset.id, "utm_term"),
        (Route::Traffic, "UTM_CAMPAIGN", &other.id, "utm_campaign"),
        (Route::Traffic, "UTM_SOURCE", &format!("act_{}", own.id), "utm_source"),
    ] {
        let sale = sell(&spend, route, &[(code, value)]).await;
        assert_eq!((&sale["team"], &sale["trail"]["team"]), (&TEAM.into(), &TEAM.into()), "{sale}");
        let trail = &sale["trail"];
        assert_eq!((&trail["source"], &trail["field"]), (&"ad".into(), &field.into()), "{sale}");
        assert_eq!((&trail["value"], &trail["pattern"]), (&json!(value), &format!("act_{}", own.id).into()));
    }
    // By its names: the team by a pattern, the ad by the campaign's name and its own.
    let by_name = [("UTM_CAMPAIGN", campaign.name.as_str()), ("UTM_CONTENT", ad.name.as_str())];
    let sale = sell(&spend, Route::Traffic, &by_name).await;
    assert_eq!((&sale["team"], &sale["trail"]["source"]), (&TEAM.into(), &"utm".into()), "{sale}");
    // An ad of nobody's account is nobody's, and stands there for the admin.
    let strange = nobodys.ads().next().unwrap();
    let sale = sell(&spend, Route::Funnel, &[("UTM_CONTENT", &strange.id)]).await;
    assert_eq!((&sale["team"], &sale["trail"]["source"]), (&Value::Null, &"none".into()), "{sale}");

    let buyer = Caller::Buyer(TEAM);
    for (level, id, expected) in [
        ("ad", &ad.id, (3, 1, 2, 985_000)),
        ("adset", &adset.id, (4, 1, 3, 1_475_000)),
        ("campaign", &campaign.id, (4, 1, 3, 1_475_000)),
        ("campaign", &other.id, (1, 0, 1, 490_000)),
        ("account", &own.id, (6, 1, 5, 2_455_000)),
    ] {
        let (seen, of_buyer) =
            tokio::join!(row(&spend, &Caller::Admin, days, level, id), row(&spend, &buyer, days, level, id));
        assert_eq!(seen, of_buyer, "{level}: a buyer and an admin see the same");
        if level != "account" {
            assert_eq!(sold(&seen), expected, "{level}: {seen}");
        } else {
            // Runs before this one sold in the same account.
            assert!(sold(&seen).0 >= expected.0, "{seen}");
        }
        assert_eq!((&seen["team"], &seen["account_id"]), (&TEAM.into(), &own.id.clone().into()));
        assert!(seen["spend"]["amount"].as_i64().unwrap() > 0 && seen["roas"].is_number(), "{seen}");
    }
    let seen = row(&spend, &Caller::Admin, days, "ad", &strange.id).await;
    assert_eq!((sold(&seen), &seen["team"]), ((1, 1, 0, 5_000), &Value::Null), "{seen}");
}

#[tokio::test]
async fn a_hook_that_was_queued_is_looked_up_too() {
    let days = Span::last(1);
    let accounts = accounts();
    let ad = accounts[0].ads().next().unwrap();
    let spend = Spend::alone(&accounts).await;
    spend.refresh_all(&days.order()).await;
    let deal = Deal::new();
    let hook = Hook::won(Route::Traffic, deal, clock::now().timestamp()).utm("UTM_CONTENT", &ad.id);
    let faults = Faults::on(&spend.stack, &[fault("throttle", "dynamodb", "amocrm-traffic")]).await;
    assert_eq!(spend.stack.hook(&hook).await.outcome(), "queued");
    faults.off().await;
    let page = spend.stack.until_sold(deal, "flagship").await;
    assert_eq!((&page["sale"]["team"], &page["sale"]["trail"]["source"]), (&TEAM.into(), &"ad".into()));
    let seen = row(&spend, &Caller::Admin, days, "ad", &ad.id).await;
    assert_eq!(sold(&seen), (1, 0, 1, 490_000), "{seen}");
}
