//! Metrics in CloudWatch's embedded format: one line a unit of work, written on every way out of it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::domain::ledger::Outcome;

const NAMESPACE: &str = "TrafficDashboard";

/// What one answered request comes to.
#[derive(Debug, Clone, Serialize)]
pub struct RequestRecord {
    /// Requests answered.
    pub requests: u32,
    /// Answers from 400 to 499.
    pub client_errors: u32,
    /// Answers from 500.
    pub server_errors: u32,
    /// How long it took.
    pub duration_ms: u64,
}

impl RequestRecord {
    /// The record of one answer.
    pub fn of(status: u16, took: Duration) -> Self {
        Self {
            requests: 1,
            client_errors: u32::from((400..500).contains(&status)),
            server_errors: u32::from(status >= 500),
            duration_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        }
    }
}

/// What one hook comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct HookRecord {
    /// Hooks without a live key.
    pub hooks_rejected: u32,
    /// Events that made a sale.
    pub events_recorded: u32,
    /// Events that changed one.
    pub events_updated: u32,
    /// Events seen before.
    pub events_duplicate: u32,
    /// Events of no sale.
    pub events_ignored: u32,
    /// Events kept for a person.
    pub events_quarantined: u32,
    /// Events the store refused for now.
    pub events_queued: u32,
}

impl HookRecord {
    /// One more event with this outcome.
    pub fn count(&mut self, outcome: Outcome) {
        *match outcome {
            Outcome::Recorded => &mut self.events_recorded,
            Outcome::Updated => &mut self.events_updated,
            Outcome::Duplicate => &mut self.events_duplicate,
            Outcome::Ignored => &mut self.events_ignored,
            Outcome::Quarantined => &mut self.events_quarantined,
            Outcome::Queued => &mut self.events_queued,
        } += 1;
    }
}

/// What one unit of work comes to: a request, the hook in it, a hook from the queue.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Record {
    /// The request, where it was one.
    #[serde(flatten)]
    pub request: Option<RequestRecord>,
    /// The hook, where there was one.
    #[serde(flatten)]
    pub hook: Option<HookRecord>,
}

/// Writes a record. `function` is the only dimension.
pub fn write(function: &str, record: &Record, at: DateTime<Utc>) {
    if let Ok(Value::Object(values)) = serde_json::to_value(record) {
        println!("{}", line(function, values, at));
    }
}

fn line(function: &str, values: Map<String, Value>, at: DateTime<Utc>) -> Value {
    let unit = |name: &str| if name.ends_with("_ms") { "Milliseconds" } else { "Count" };
    let metrics: Vec<Value> = values.keys().map(|name| json!({"Name": name, "Unit": unit(name)})).collect();
    let directive = json!({"Namespace": NAMESPACE, "Dimensions": [["function"]], "Metrics": metrics});
    let mut line = values;
    line.insert("function".to_owned(), function.into());
    line.insert(
        "_aws".to_owned(),
        json!({"Timestamp": at.timestamp_millis(), "CloudWatchMetrics": [directive]}),
    );
    Value::Object(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_names_every_metric_with_its_unit() {
        let mut hook = HookRecord::default();
        hook.count(Outcome::Recorded);
        let request = RequestRecord::of(503, Duration::from_millis(12));
        let record = serde_json::to_value(Record { request: Some(request), hook: Some(hook) }).unwrap();
        let Value::Object(values) = record else { panic!("a record is an object") };
        let at = "2026-11-20T05:00:00Z".parse().unwrap();
        insta::assert_json_snapshot!(line("funnel", values, at));
    }
}
