//! The function that works everything out anew: it reports exactly what is wrong, and mends it.

use e2e::days;
use e2e::env::env;
use e2e::figures::{self, Sum, figures};
use e2e::{Caller, Hook, Route, Stack, aws, poll, rebuild};
use serde_json::{Value, json};

/// The partitions of one team's counters.
const DAYS: &str = "sale_date#muha";
const UTM_DAYS: &str = "utm#sale_date#muha";
const LEAD_DAYS: &str = "lead_date#muha";

/// A day's counters in a partition.
async fn counters(partition: &str, day: days::Day) -> Vec<Value> {
    let found = aws::dynamodb(
        "Query",
        &json!({
            "TableName": env().get("TABLE_COUNTERS"),
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :day)",
            "ExpressionAttributeValues": {":pk": {"S": partition}, ":day": {"S": format!("{day}#")}},
        }),
    )
    .await;
    found["Items"].as_array().expect("items").clone()
}

/// Adds to one of the day's counters, past everyone.
async fn corrupt(partition: &str, day: days::Day, name: &str, by: i64) {
    let item = &counters(partition, day).await[0];
    let change = json!({
        "TableName": env().get("TABLE_COUNTERS"),
        "Key": {"pk": item["pk"], "sk": item["sk"]},
        "UpdateExpression": "ADD #name :by",
        "ExpressionAttributeNames": {"#name": name},
        "ExpressionAttributeValues": {":by": {"N": by.to_string()}},
    });
    aws::dynamodb("UpdateItem", &change).await;
}

/// The UTM values of the hooks of [`sell`], as counters keep them.
fn utm(campaign: &str) -> Value {
    json!({
        "utm_campaign": campaign, "utm_source": "facebook", "utm_content": "video3", "utm_term": "almaty_25_44",
        "utm_medium": "cpc",
    })
}

/// How many flagship sales the counters of these UTM values hold on a day, and how many cancelled ones.
async fn sold(day: days::Day, campaign: &str) -> (i64, i64) {
    let items = counters(UTM_DAYS, day).await;
    let of_campaign = items.iter().filter(|item| {
        let values = item["utm"]["S"].as_str().expect("UTM values");
        serde_json::from_str::<Value>(values).expect("JSON") == utm(campaign)
    });
    of_campaign.fold((0, 0), |(active, cancelled), item| {
        let number = |name: &str| item[name]["N"].as_str().map_or(0, |n| n.parse::<i64>().expect("a number"));
        (active + number("f_n"), cancelled + number("f_xn"))
    })
}

#[tokio::test]
async fn a_counter_that_is_wrong_is_reported_and_then_mended() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 2).await;
    rebuild::sell(&stack, day).await;
    let right = figures([("muha", "flagship", Sum::active(4, 4 * 490_000).plus(Sum::cancelled(1, 490_000)))]);
    assert_eq!(figures::of(&stack, day, day).await, right);
    assert_eq!(rebuild::assert_no_difference(day, day.plus(1)).await, 5);

    corrupt(DAYS, day, "f_n", 3).await;
    corrupt(DAYS, day, "f_xkzt", -1_000).await;
    let flagship = |count: i64, cancelled_kzt: i64| json!({"flagship": {"count": count, "revenue_kzt": 4 * 490_000, "cancelled": 1, "cancelled_kzt": cancelled_kzt}});
    let expected = json!([{
        "team": "muha", "day": day.to_string(),
        "counted": flagship(7, 489_000), "ledger": flagship(4, 490_000),
    }]);
    // Looking is no change: it says the same twice.
    for _ in 0..2 {
        let report = rebuild::report(day, day.plus(1), false).await;
        assert_eq!((&report["counter_differences"], &report["sale_differences"]), (&expected, &json!([])));
        assert_eq!((&report["repaired"], &report["sales_checked"]), (&0.into(), &5.into()));
    }
    let report = rebuild::report(day, day.plus(1), true).await;
    assert_eq!((&report["counter_differences"], &report["repaired"]), (&expected, &1.into()));
    rebuild::assert_no_difference(day, day.plus(1)).await;
    assert_eq!(figures::of(&stack, day, day).await, right);
}

#[tokio::test]
async fn a_counter_by_utm_values_that_is_wrong_is_reported_with_them_and_then_mended() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    rebuild::sell(&stack, day).await;
    let right = figures::of(&stack, day, day).await;
    assert_eq!(sold(day, "onai2_reels").await, (4, 1));
    rebuild::assert_no_difference(day, day).await;

    corrupt(UTM_DAYS, day, "f_n", -2).await;
    let flagship = |count: i64| json!({"flagship": {"count": count, "revenue_kzt": 4 * 490_000, "cancelled": 1, "cancelled_kzt": 490_000}});
    let expected = json!([{
        "team": "muha", "day": day.to_string(), "utm": utm("onai2_reels"),
        "counted": flagship(2), "ledger": flagship(4),
    }]);
    for (repair, repaired) in [(false, 0), (true, 1)] {
        let report = rebuild::report(day, day, repair).await;
        assert_eq!(
            (&report["counter_differences"], &report["repaired"]),
            (&expected, &repaired.into()),
            "{report}"
        );
    }
    rebuild::assert_no_difference(day, day).await;
    assert_eq!(sold(day, "onai2_reels").await, (4, 1));
    assert_eq!(figures::of(&stack, day, day).await, right, "the day's counters were right all the time");
}

#[tokio::test]
async fn sales_that_were_never_counted_by_utm_values_are_counted_by_a_repair() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    rebuild::sell(&stack, day).await;
    for item in counters(UTM_DAYS, day).await {
        let key = json!({"pk": item["pk"], "sk": item["sk"]});
        aws::dynamodb("DeleteItem", &json!({"TableName": env().get("TABLE_COUNTERS"), "Key": key})).await;
    }
    let report = rebuild::report(day, day, true).await;
    assert_eq!((&report["repaired"], &report["not_repaired"]), (&1.into(), &json!([])), "{report}");
    assert_eq!(report["counter_differences"][0]["counted"], json!({}), "{report}");
    rebuild::assert_no_difference(day, day).await;
    assert_eq!(sold(day, "onai2_reels").await, (4, 1));
}

#[tokio::test]
async fn a_sale_whose_campaign_changes_moves_between_the_counters_by_utm_values() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    let deals = rebuild::sell(&stack, day).await;
    let renamed = Hook::won(Route::Traffic, deals[1], day.noon() + 90).campaign("Onai2_Stories");
    assert_eq!(stack.hook(&renamed).await.outcome(), "updated");
    assert_eq!((sold(day, "onai2_reels").await, sold(day, "onai2_stories").await), ((3, 1), (1, 0)));
    // Back again, so that nothing is left of the other campaign but zeros.
    let back = Hook::won(Route::Traffic, deals[1], day.noon() + 120).campaign("onai2_reels");
    assert_eq!(stack.hook(&back).await.outcome(), "updated");
    assert_eq!((sold(day, "onai2_reels").await, sold(day, "onai2_stories").await), ((4, 1), (0, 0)));
    rebuild::assert_no_difference(day, day).await;
}

#[tokio::test]
async fn a_counter_for_a_day_without_sales_is_mended_to_nothing() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    let key = json!({"pk": {"S": "sale_date#unattributed"}, "sk": {"S": format!("{day}#2")}});
    let mut item = key.clone();
    item["e_n"] = json!({"N": "2"});
    item["e_kzt"] = json!({"N": "10000"});
    aws::dynamodb("PutItem", &json!({"TableName": env().get("TABLE_COUNTERS"), "Item": item})).await;
    let report = rebuild::report(day, day, true).await;
    let differences = report["counter_differences"].as_array().unwrap();
    assert_eq!((differences.len(), &differences[0]["team"]), (1, &"unattributed".into()), "{report}");
    assert_eq!(differences[0]["ledger"], json!({}), "{report}");
    rebuild::assert_no_difference(day, day).await;
    assert!(
        figures::of_totals(&stack, &e2e::Caller::Admin, &format!("from={day}&to={day}")).await.is_empty()
    );
}

#[tokio::test]
async fn counters_by_the_day_of_the_lead_are_reported_and_mended_too() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 2).await;
    rebuild::sell(&stack, day).await;
    rebuild::assert_no_difference(day, day.plus(1)).await;
    corrupt(LEAD_DAYS, day, "f_n", 2).await;
    corrupt(LEAD_DAYS, day, "f_kzt", -7).await;
    let flagship = |count: i64, revenue_kzt: i64| json!({"flagship": {"count": count, "revenue_kzt": revenue_kzt, "cancelled": 1, "cancelled_kzt": 490_000}});
    let revenue = 4 * 490_000;
    let expected = json!([{
        "team": "muha", "day": day.to_string(), "basis": "lead_date",
        "counted": flagship(6, revenue - 7), "ledger": flagship(4, revenue),
    }]);
    // Sales of a lead may come any day after it: the end of the period does not cut them off.
    for (write, repaired, remaining) in [(false, 0, 1), (true, 1, 0)] {
        let report = rebuild::step("counters", day, day, write).await;
        assert_eq!(report["counter_differences"], expected, "{report}");
        assert_eq!((&report["repaired"], &report["remaining"]), (&repaired.into(), &remaining.into()));
    }
    rebuild::assert_no_difference(day, day.plus(1)).await;
}

#[tokio::test]
async fn a_count_of_deals_that_are_not_there_is_mended_to_nothing() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    let key = json!({"pk": {"S": "deals#muha"}, "sk": {"S": format!("{day}#10350882#142#3")}});
    let mut item = key.clone();
    item["n"] = json!({"N": "4"});
    aws::dynamodb("PutItem", &json!({"TableName": env().get("TABLE_COUNTERS"), "Item": item})).await;
    let expected = json!([{
        "team": "muha", "day": day.to_string(), "pipeline": 10_350_882, "stage": 142, "counted": 4, "deals": 0,
    }]);
    // The sales of other tests' deals may be in the making: they are left alone.
    let order = |repair: bool| json!({"what": ["deals"], "from": day.to_string(), "to": day.to_string(), "repair": repair});
    for repair in [false, true] {
        let report = rebuild::carried_out(&order(repair)).await;
        assert_eq!(report["deal_count_differences"], expected, "{report}");
        assert!(report["deals_checked"].as_u64() > Some(0), "{report}");
    }
    assert_eq!(rebuild::carried_out(&order(false)).await["deal_count_differences"], json!([]));
}

#[tokio::test]
async fn an_admin_sees_what_differs_and_changes_nothing_by_looking() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    rebuild::sell(&stack, day).await;
    corrupt(DAYS, day, "f_n", 1).await;
    let ask = async |body: &Value| stack.post_json(&Caller::Admin, "/api/admin/rebuild", body).await;
    let question = json!({"from": day.to_string(), "to": day.to_string(), "what": ["sales", "counters"]});
    for _ in 0..2 {
        let report = ask(&question).await.ok();
        assert_eq!(report["counter_differences"][0]["day"], day.to_string(), "{report}");
        assert_eq!((&report["done"], &report["repaired"]), (&true.into(), &0.into()), "{report}");
    }
    // The hooks of that sale came today.
    let today = poll::days_ago(0).to_string();
    let events = ask(&json!({"from": today, "to": today, "what": ["events"]})).await.ok();
    assert!(events["events_checked"].as_u64() > Some(0), "{events}");
    for (body, field) in [
        (json!({"write": true}), "write"),
        (json!({"what": ["deals"]}), "what"),
        (json!({"from": "2026-01-01", "to": "2026-02-01"}), "to"),
    ] {
        ask(&body).await.invalid(&[field]);
    }
    let buyer = Caller::Buyer("muha");
    stack.post_json(&buyer, "/api/admin/rebuild", &question).await.refused(403, "forbidden");
    rebuild::report(day, day, true).await;
    rebuild::assert_no_difference(day, day).await;
}

#[tokio::test]
async fn an_order_that_is_none_is_refused() {
    for order in [
        json!({"from": "yesterday"}),
        json!({"from": "2026-03-02", "to": "2026-03-01"}),
        json!({"from": "2024-01-01", "to": "2026-01-01"}),
        json!({"repair": "yes"}),
        json!({"repiar": true}),
        json!({"what": ["everything"]}),
        json!({"after": {"step": "nowhere"}}),
    ] {
        let refusal = rebuild::invoke(&order).await.expect_err("a refusal");
        assert_ne!(refusal["errorMessage"], "", "{order}: {refusal}");
    }
}
