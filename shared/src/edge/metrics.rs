//! Metrics in CloudWatch's embedded format: one line a unit of work, written on every way out of it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;

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

/// The names of a [`RequestRecord`]'s and a [`HookRecord`]'s metrics.
const OF_REQUEST: [&str; 4] = ["requests", "client_errors", "server_errors", "duration_ms"];
const OF_HOOK: [&str; 7] = [
    "hooks_rejected",
    "events_recorded",
    "events_updated",
    "events_duplicate",
    "events_ignored",
    "events_quarantined",
    "events_queued",
];

#[derive(Serialize)]
struct Line<'a> {
    #[serde(rename = "_aws")]
    aws: Envelope,
    function: &'a str,
    #[serde(flatten)]
    record: &'a Record,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Envelope {
    timestamp: i64,
    cloud_watch_metrics: [Directive; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Directive {
    namespace: &'static str,
    dimensions: [[&'static str; 1]; 1],
    metrics: Vec<Metric>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Metric {
    name: &'static str,
    unit: &'static str,
}

/// Writes a record. `function` is the only dimension.
pub fn write(function: &str, record: &Record, at: DateTime<Utc>) {
    match serde_json::to_string(&line(function, record, at)) {
        Ok(line) => println!("{line}"),
        Err(error) => tracing::error!(error = %error, "a metric record could not be written"),
    }
}

fn line<'a>(function: &'a str, record: &'a Record, at: DateTime<Utc>) -> Line<'a> {
    let of_request = record.request.iter().flat_map(|_| OF_REQUEST);
    let names = of_request.chain(record.hook.iter().flat_map(|_| OF_HOOK));
    let unit = |name: &str| if name.ends_with("_ms") { "Milliseconds" } else { "Count" };
    let metrics = names.map(|name| Metric { name, unit: unit(name) }).collect();
    let directive = Directive { namespace: NAMESPACE, dimensions: [["function"]], metrics };
    let aws = Envelope { timestamp: at.timestamp_millis(), cloud_watch_metrics: [directive] };
    Line { aws, function, record }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_record_names_every_metric_with_its_unit() {
        let mut hook = HookRecord::default();
        hook.count(Outcome::Recorded);
        let request = RequestRecord::of(503, Duration::from_millis(12));
        let record = Record { request: Some(request), hook: Some(hook) };
        let at = "2026-11-20T05:00:00Z".parse().unwrap();
        let line = serde_json::to_value(line("funnel", &record, at)).unwrap();
        let Value::Object(written) = serde_json::to_value(&record).unwrap() else { panic!("no object") };
        let named = line["_aws"]["CloudWatchMetrics"][0]["Metrics"].as_array().unwrap();
        assert_eq!(named.len(), written.len());
        assert!(named.iter().all(|metric| written.contains_key(metric["Name"].as_str().unwrap())));
        insta::assert_json_snapshot!(line);
    }
}
