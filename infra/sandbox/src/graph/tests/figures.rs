//! Insights: sums, movement, reports.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::*;

fn total(rows: &[Value], metric: &str) -> Decimal {
    rows.iter().filter_map(|row| row[metric].as_str()).map(|text| text.parse::<Decimal>().unwrap()).sum()
}

#[tokio::test]
async fn every_level_adds_up_to_the_sandboxs_own_sums() {
    let facebook = Facebook::new();
    let (since, until) = ("2026-10-15", "2026-11-20");
    let sums = facebook.control("GET", &format!("sums?from={since}&to={until}"), Value::Null).await.body;
    for sum in sums["accounts"].as_array().unwrap() {
        let account = sum["account_id"].as_str().unwrap();
        for level in ["account", "campaign", "adset", "ad"] {
            let rows = facebook.all(&format!("{}&limit=400", insights(account, level, since, until))).await;
            assert_eq!(json!(total(&rows, "spend").to_string()), sum["spend"], "{account} {level}");
            assert_eq!(total(&rows, "impressions").to_string(), sum["impressions"].to_string());
            assert_eq!(total(&rows, "clicks").to_string(), sum["clicks"].to_string());
        }
        let spend = sum["spend"].as_str().unwrap().parse::<Decimal>().unwrap();
        assert!(spend > Decimal::from(2000), "{account} spent {spend}");
    }
    let whole = |list: &str| -> Decimal {
        let rows = sums[list].as_array().unwrap();
        rows.iter().map(|row| row["spend"].as_str().unwrap().parse::<Decimal>().unwrap()).sum()
    };
    assert_eq!(whole("accounts"), whole("days"));
    assert_eq!(whole("accounts"), whole("campaigns"));
}

#[tokio::test]
async fn a_row_has_text_for_every_metric_and_nothing_that_was_not_asked_for() {
    let facebook = Facebook::with(small()).await;
    let got = facebook.get(&insights("11", "ad", "2026-11-18", "2026-11-18")).await;
    assert_eq!(
        got.data()[0],
        json!({
            "campaign_id": "111", "adset_id": "112", "ad_id": "1101", "account_currency": "USD",
            "spend": "10.10", "impressions": "1000", "reach": "800", "clicks": "20", "inline_link_clicks": "10",
            "ctr": "2", "cpc": "0.505", "cpm": "10.1",
            "actions": [{"action_type": "link_click", "value": "10"}],
            "date_start": "2026-11-18", "date_stop": "2026-11-18",
        })
    );
    let usual = facebook.get("act_11/insights").await;
    assert_eq!(
        usual.data()[0],
        json!({"spend": "309.00", "impressions": "60000", "date_start": "2026-10-21", "date_stop": "2026-11-19"})
    );
}

#[tokio::test]
async fn what_has_no_value_is_absent_and_what_did_not_deliver_has_no_row() {
    let mut world = small();
    let ads = &mut world["accounts"][0]["campaigns"][0]["adsets"];
    ads[0]["ads"][0]["daily"] = json!({"spend": "1.00", "impressions": 5, "clicks": 0});
    ads[1]["ads"][0]["daily"] = Value::Null;
    ads[1]["ads"][0]["rows"] = json!({"2026-11-17": {"spend": "3.00"}});
    let facebook = Facebook::with(world).await;
    let rows = facebook.all(&insights("11", "ad", "2026-11-18", "2026-11-18")).await;
    let expected = json!({
        "campaign_id": "111", "adset_id": "112", "ad_id": "1101", "account_currency": "USD",
        "spend": "1.00", "impressions": "5", "clicks": "0", "ctr": "0", "cpm": "200",
        "date_start": "2026-11-18", "date_stop": "2026-11-18",
    });
    assert_eq!(rows, [expected]);
}

#[tokio::test]
async fn reach_is_no_sum() {
    let facebook = Facebook::with(small()).await;
    let rows = facebook.all(&insights("11", "account", "2026-11-18", "2026-11-18")).await;
    assert_eq!((&rows[0]["impressions"], &rows[0]["reach"]), (&json!("2000"), &json!("1440")));
}

#[tokio::test]
async fn pinned_steps_move_young_days_only_and_sums_follow() {
    let facebook = Facebook::with(small()).await;
    let path = insights("11", "account", "2026-10-20", "2026-11-20");
    let by_day = |rows: Vec<Value>| -> BTreeMap<String, String> {
        let pair =
            |row: &Value| (row["date_start"].as_str().unwrap().into(), row["spend"].as_str().unwrap().into());
        rows.iter().map(pair).collect()
    };
    let base = by_day(facebook.all(&format!("{path}&limit=99")).await);
    assert!(base.values().all(|spend| spend == "10.30"));
    assert_eq!(facebook.control("PUT", "movement", json!({"step": 3})).await.status, 204);
    let moved = by_day(facebook.all(&format!("{path}&limit=99")).await);
    let changed = moved.iter().filter(|(day, spend)| base[*day] != **spend).map(|(day, _)| day.as_str());
    let changed = changed.collect::<Vec<_>>();
    assert!(changed.len() > 15 && changed.iter().all(|day| *day > "2026-10-23"), "{changed:?}");
    let sums = facebook.control("GET", "sums?from=2026-10-20&to=2026-11-20", Value::Null).await.body;
    let whole: Decimal = moved.values().map(|spend| spend.parse::<Decimal>().unwrap()).sum();
    assert_eq!(sums["accounts"][0]["spend"], whole.to_string());
}

#[tokio::test]
async fn a_row_is_changed_or_vanishes_by_hand() {
    let facebook = Facebook::with(small()).await;
    let changes = json!([
        {"ad_id": "1101", "day": "2026-11-18", "spend": "12.30"},
        {"ad_id": "1102", "day": "2026-11-18", "spend": null},
    ]);
    assert_eq!(facebook.control("PATCH", "rows", changes).await.status, 204);
    let rows = facebook.all(&insights("11", "ad", "2026-11-18", "2026-11-18")).await;
    assert_eq!((rows.len(), &rows[0]["spend"]), (1, &json!("12.30")));
    let unknown = json!([{"ad_id": "1", "day": "2026-11-18", "spend": null}]);
    assert_eq!(facebook.control("PATCH", "rows", unknown).await.status, 422);
}

#[tokio::test]
async fn a_report_is_started_polled_and_read_like_the_page_at_once() {
    let facebook = Facebook::with(small()).await;
    let path = insights("11", "ad", "2026-11-17", "2026-11-18");
    let id = facebook.post(&path).await.body["report_run_id"].as_str().unwrap().to_owned();
    assert_eq!(facebook.get(&format!("{id}/insights")).await.codes(), (400, Some(100), Some(33)));
    let mut polls = 0;
    while facebook.get(&id).await.body["async_percent_completion"] != 100 {
        polls += 1;
        assert!(polls < 5);
    }
    let rows = facebook.all(&format!("{id}/insights?limit=3")).await;
    assert_eq!(rows, facebook.all(&path).await);
    let record = facebook.record().await;
    let reads = record["requests"].as_array().unwrap().iter().filter(|seen| seen["edge"] == "report_rows");
    assert!(reads.map(|seen| &seen["account_id"]).all(|account| account == "11"));
}

#[tokio::test]
async fn a_generated_world_answers_every_ad_on_every_day() {
    let order = json!({"accounts": 3, "ads": 12, "days": 28, "currency": "USD", "timezone": "Asia/Almaty", "until": "2026-11-20"});
    let facebook = Facebook::with(json!({ "generate": order })).await;
    let accounts = facebook.all("me/adaccounts?fields=account_id").await;
    assert_eq!(accounts.len(), 3);
    let id = accounts[2]["account_id"].as_str().unwrap();
    let first = facebook.all(&format!("{}&limit=100", insights(id, "ad", "2026-10-01", "2026-11-20"))).await;
    assert_eq!(first.len(), 12 * 28);
    let again = Facebook::with(json!({ "generate": order })).await;
    assert_eq!(
        first,
        again.all(&format!("{}&limit=100", insights(id, "ad", "2026-10-01", "2026-11-20"))).await
    );
}
