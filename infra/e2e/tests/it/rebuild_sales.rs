//! The function that works everything out anew: sales that are not as their events have them, and deals that are gone.

use e2e::days;
use e2e::env::env;
use e2e::figures;
use e2e::{Deal, Hook, Route, Stack, aws, clock, events, rebuild};
use serde_json::{Value, json};

/// Puts an item into the ledger, past everyone.
async fn put(item: &Value) {
    aws::dynamodb("PutItem", &json!({"TableName": env().get("TABLE_SALES"), "Item": item})).await;
}

/// The item of a deal's only sale.
async fn sale_item(deal: Deal) -> Value {
    let items = events::of_deal(deal).await;
    items.iter().find(|item| item["sk"]["S"] != "deal").expect("the sale").clone()
}

/// The same item with something else in its document.
fn with(item: &Value, name: &str, value: impl Into<Value>) -> Value {
    let (mut item, mut document) = (item.clone(), events::document(item));
    document[name] = value.into();
    item["document"] = json!({"S": document.to_string()});
    item
}

/// A deal as a report names it.
fn named(deal: Deal) -> String {
    format!("{}-{}", deal.account, deal.lead)
}

#[tokio::test]
async fn sales_that_are_not_as_their_events_have_them_are_reported_and_written_anew() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    let deals = rebuild::sell(&stack, day).await;
    let right = figures::of(&stack, day, day).await;
    let sale = sale_item(deals[1]).await;
    put(&with(&sale, "amount", 1)).await;
    // Another one has a sale that nobody ever made.
    let mut stray = with(&sale_item(deals[2]).await, "product", "express");
    stray["sk"] = json!({"S": "sale#express"});
    put(&stray).await;

    let looked = rebuild::step("sales", day, day, false).await;
    let differences = looked["sale_differences"].as_array().unwrap();
    let mut found: Vec<&str> = differences.iter().map(|found| found["deal"].as_str().unwrap()).collect();
    found.sort_unstable();
    let mut expected = [named(deals[1]), named(deals[2])];
    expected.sort_unstable();
    assert_eq!(found, expected, "{looked}");
    assert_eq!((&looked["repaired"], &looked["remaining"]), (&0.into(), &2.into()), "{looked}");
    let changed = differences.iter().find(|found| found["deal"] == named(deals[1])).unwrap();
    assert_eq!(
        (&changed["held"][0]["amount"], &changed["follows"][0]["amount"]),
        (&1.into(), &490_000.into())
    );

    let mended = rebuild::step("sales", day, day, true).await;
    assert_eq!((&mended["repaired"], &mended["remaining"]), (&2.into(), &0.into()), "{mended}");
    assert_eq!(events::document(&sale_item(deals[1]).await), events::document(&sale));
    assert_eq!(events::of_deal(deals[2]).await.len(), 2, "the deal and its sale");
    rebuild::assert_no_difference(day, day).await;
    assert_eq!(figures::of(&stack, day, day).await, right, "the counters were right all the time");
}

#[tokio::test]
async fn a_repair_leaves_sales_as_they_are() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    let deal = rebuild::sell(&stack, day).await[1];
    let sale = sale_item(deal).await;
    put(&with(&sale, "received_at", "2001-01-01T00:00:00Z")).await;
    let report = rebuild::report(day, day, true).await;
    assert_eq!(report["sale_differences"][0]["deal"], named(deal), "{report}");
    assert_eq!((&report["repaired"], &report["remaining"]), (&0.into(), &1.into()), "{report}");
    rebuild::step("sales", day, day, true).await;
    rebuild::assert_no_difference(day, day).await;
}

#[tokio::test]
async fn a_deal_that_was_wiped_with_its_sales_comes_back_by_its_events() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    let deals = rebuild::sell(&stack, day).await;
    // One whose team an ad has to tell, so that its event asks for the ad anew.
    let of_an_ad = Deal::new();
    let hook = Hook::won(Route::Funnel, of_an_ad, day.noon() + 100).price(5_000).campaign("987654321098765");
    assert_eq!(stack.hook(&hook).await.outcome(), "recorded");
    let right = figures::of(&stack, day, day).await;
    let wiped = [deals[0], of_an_ad];
    let mut before = vec![];
    for deal in wiped {
        let items = events::of_deal(deal).await;
        for item in &items {
            let key = json!({"pk": item["pk"], "sk": item["sk"]});
            aws::dynamodb("DeleteItem", &json!({"TableName": env().get("TABLE_SALES"), "Key": key})).await;
        }
        before.push(sale_of(&items));
    }

    // The hooks came today, whenever they say that it happened; this may run at midnight.
    let today = clock::now().date_naive();
    let (from, to) = (today - chrono::Days::new(1), today + chrono::Days::new(1));
    let looked = rebuild::step("events", from, to, false).await;
    for (deal, events) in [(deals[0], 2), (of_an_ad, 1)] {
        let found = looked["event_differences"].as_array().unwrap().iter();
        assert_eq!(found.filter(|found| found["deal"] == named(deal)).count(), events, "{deal:?}: {looked}");
    }
    rebuild::step("events", from, to, true).await;
    for (deal, before) in wiped.into_iter().zip(before) {
        let after = sale_of(&events::of_deal(deal).await);
        for name in ["product", "state", "amount", "team", "sold_at", "day", "utm", "received_at"] {
            assert_eq!(after[name], before[name], "{name} of {deal:?}");
        }
    }
    // The counters had kept what was wiped, and hold it twice now.
    let twice = rebuild::step("counters", day, day, false).await;
    assert!(!twice["counter_differences"].as_array().unwrap().is_empty(), "{twice}");
    rebuild::step("counters", day, day, true).await;
    assert_eq!(figures::of(&stack, day, day).await, right);
    rebuild::assert_no_difference(day, day).await;
    let again = rebuild::step("events", from, to, false).await;
    let found = again["event_differences"].as_array().unwrap().iter();
    assert_eq!(found.filter(|found| wiped.iter().any(|deal| found["deal"] == named(*deal))).count(), 0);
}

/// What the sale among a deal's items says.
fn sale_of(items: &[Value]) -> Value {
    events::document(items.iter().find(|item| item["sk"]["S"] != "deal").expect("the sale"))
}
