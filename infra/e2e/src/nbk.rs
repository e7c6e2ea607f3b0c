//! The sandbox's National Bank through its control API.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use crate::sandbox::control;

/// Rates of a day: by currency, so many tenge for so many units.
pub type DayRates = BTreeMap<&'static str, (String, u32)>;

/// The bank publishes these rates on these days, and on no other day since the first of them.
pub async fn publish(days: &BTreeMap<NaiveDate, DayRates>, missing: &[NaiveDate]) {
    let rates = |rates: &DayRates| -> Map<String, Value> {
        let shown = |(rate, quant): &(String, u32)| json!({"rate": rate, "quant": quant});
        rates.iter().map(|(currency, rate)| ((*currency).to_owned(), shown(rate))).collect()
    };
    let days: Map<String, Value> = days.iter().map(|(day, of)| (day.to_string(), rates(of).into())).collect();
    settings(&json!({"overrides": days, "missing": missing})).await;
}

/// The bank does not answer.
pub async fn down() {
    settings(&json!({"down": true})).await;
}

/// All settings at once; what is left out is as on a good day.
pub async fn settings(settings: &Value) {
    control("PUT", "/control/nbk/settings", Some(settings)).await;
}

/// How often the bank was asked since that was last forgotten.
pub async fn asked() -> usize {
    let report = control("GET", "/control/nbk/requests", None).await;
    report["requests"].as_array().expect("requests").len()
}

/// Starts the record of what it was asked anew.
pub async fn forget_asked() {
    control("DELETE", "/control/nbk/requests", None).await;
}
