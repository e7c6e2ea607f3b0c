//! The function `rebuild`, invoked as a person invokes it.

use serde_json::{Value, json};

use crate::aws;

/// Its answer to an order, or what it refused it with.
pub async fn invoke(order: &Value) -> Result<Value, Value> {
    aws::invoke("rebuild", order).await
}

/// Its report about a period.
pub async fn report(from: impl std::fmt::Display, to: impl std::fmt::Display, repair: bool) -> Value {
    let order = json!({"from": from.to_string(), "to": to.to_string(), "repair": repair});
    let report = invoke(&order).await.expect("a report");
    assert_eq!(report["success"], true, "{report}");
    report
}

/// Fails where the ledger and the counters of a period differ. Returns how many sales it looked at.
pub async fn assert_no_difference(from: impl std::fmt::Display, to: impl std::fmt::Display) -> i64 {
    let report = report(from, to, false).await;
    assert_eq!(report["counter_differences"], json!([]), "{report}");
    assert_eq!(report["lead_count_differences"], json!([]), "{report}");
    assert_eq!(report["sale_differences"], json!([]), "{report}");
    assert_eq!(report["repaired"], 0, "{report}");
    report["sales_checked"].as_i64().expect("a count")
}
