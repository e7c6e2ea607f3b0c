//! The function `rebuild`, invoked as a person invokes it.

use serde_json::{Value, json};

use crate::days::Day;
use crate::{Deal, Hook, Route, Stack, aws, wait};

/// Its answer to an order, or what it refused it with.
pub async fn invoke(order: &Value) -> Result<Value, Value> {
    aws::invoke("rebuild", order).await
}

/// Its whole report about an order: gone on with until it is done, lists and sums of all answers together.
pub async fn carried_out(order: &Value) -> Value {
    let (mut order, mut whole) = (order.clone(), Value::Null);
    loop {
        let mut report = invoke(&order).await.expect("a report");
        assert_eq!(report["success"], true, "{report}");
        let (done, next) = (report["done"] == true, report["next"].take());
        whole = if whole.is_null() { report } else { joined(whole, report) };
        if done {
            return whole;
        }
        order["after"] = next;
    }
}

fn joined(mut whole: Value, report: Value) -> Value {
    for (name, more) in report.as_object().expect("an object") {
        match (&mut whole[name], more) {
            (Value::Array(items), Value::Array(more)) => items.extend(more.iter().cloned()),
            (Value::Number(number), Value::Number(more)) => {
                let sum = number.as_u64().expect("a count") + more.as_u64().expect("a count");
                *number = sum.into();
            }
            (value, more) => *value = more.clone(),
        }
    }
    whole
}

/// Its report about the sales and counters of a period.
pub async fn report(from: impl std::fmt::Display, to: impl std::fmt::Display, repair: bool) -> Value {
    carried_out(&json!({"from": from.to_string(), "to": to.to_string(), "repair": repair})).await
}

/// Its report about one step of a period.
pub async fn step(
    step: &str,
    from: impl std::fmt::Display,
    to: impl std::fmt::Display,
    write: bool,
) -> Value {
    let (from, to) = (from.to_string(), to.to_string());
    carried_out(&json!({"what": [step], "from": from, "to": to, "write": write})).await
}

/// Waits until the ledger and the counters of a period agree, which others may be writing to.
pub async fn until_no_difference(from: impl std::fmt::Display, to: impl std::fmt::Display) {
    wait::until("the counters to agree with what they count", async || {
        let report = report(&from, &to, false).await;
        let differences = ["counter_differences", "lead_count_differences", "sale_differences"];
        differences.iter().all(|name| report[name] == json!([])).then_some(())
    })
    .await;
}

/// Fails where the ledger and the counters of a period differ. Returns how many sales it looked at.
pub async fn assert_no_difference(from: impl std::fmt::Display, to: impl std::fmt::Display) -> i64 {
    let report = report(from, to, false).await;
    assert_eq!(report["counter_differences"], json!([]), "{report}");
    assert_eq!(report["lead_count_differences"], json!([]), "{report}");
    assert_eq!(report["sale_differences"], json!([]), "{report}");
    assert_eq!((&report["repaired"], &report["remaining"]), (&0.into(), &0.into()), "{report}");
    report["sales_checked"].as_i64().expect("a count")
}

/// Some sales of one team on a day.
pub async fn sell(stack: &Stack, day: Day) -> Vec<Deal> {
    let mut deals = vec![];
    for n in 0..5 {
        let deal = Deal::new();
        let hook = Hook::won(Route::Traffic, deal, day.noon() + n).campaign("onai2_reels");
        assert_eq!(stack.hook(&hook).await.outcome(), "recorded");
        deals.push(deal);
    }
    let lost = Hook::lost(Route::Traffic, deals[0], day.noon() + 60).campaign("onai2_reels");
    assert_eq!(stack.hook(&lost).await.outcome(), "updated");
    deals
}
