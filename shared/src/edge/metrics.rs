//! Metrics in CloudWatch's embedded format: one line a unit of work, written on every way out of it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;

use self::alerts::OF_ALERTS;
use self::crm::{OF_CHECK, OF_CRM};
use self::diagnostics::OF_DIAGNOSTICS;
use self::moves::OF_MOVES;
use self::outbox::{OF_OUTBOX, OF_SWEEP};
use self::poll::{OF_POLL, RECONCILIATION_AGE, RECONCILIATION_RED};
use self::tokens::OF_TOKENS;
use self::utm::OF_UTM;
use crate::domain::ledger::Outcome;

mod alerts;
mod crm;
mod diagnostics;
mod graph;
mod moves;
mod outbox;
mod poll;
mod tokens;
mod utm;

pub use alerts::AlertRecord;
pub use crm::{CheckRecord, CrmRecord};
pub use diagnostics::DiagnosticsRecord;
pub use graph::GraphRecord;
pub use moves::MoveRecord;
pub use outbox::{OutboxRecord, SweepRecord};
pub use poll::PollRecord;
pub use tokens::TokenRecord;
pub use utm::UtmRecord;

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

/// What one form of a landing page comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FormRecord {
    /// Forms that became leads.
    pub forms_stored: u32,
    /// Forms that came over a limit, and were kept.
    pub forms_over_limit: u32,
    /// Forms that were sent before.
    pub forms_repeated: u32,
    /// Forms that cannot be leads.
    pub forms_rejected: u32,
}

/// What pulling spend comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SpendRecord {
    /// Rows stored.
    pub spend_rows: u64,
    /// Accounts whose pull is done.
    pub accounts_pulled: u32,
    /// Accounts that wait for Facebook's time.
    pub accounts_postponed: u32,
    /// Accounts that wait for a person.
    pub accounts_parked: u32,
    /// How old the oldest account's figures are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spend_age_seconds: Option<i64>,
}

/// What one unit of work comes to: a request, the hook in it, a hook from the queue, a pull, a lead for amoCRM.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Record {
    /// The request, where it was one.
    #[serde(flatten)]
    pub request: Option<RequestRecord>,
    /// The hook, where there was one.
    #[serde(flatten)]
    pub hook: Option<HookRecord>,
    /// The form, where there was one.
    #[serde(flatten)]
    pub form: Option<FormRecord>,
    /// The calls to Facebook, where there could be some.
    #[serde(flatten)]
    pub graph: Option<GraphRecord>,
    /// The pull, where it was one.
    #[serde(flatten)]
    pub spend: Option<SpendRecord>,
    /// The try to send a message, where it was one.
    #[serde(flatten)]
    pub outbox: Option<OutboxRecord>,
    /// The sweep, where it was one.
    #[serde(flatten)]
    pub sweep: Option<SweepRecord>,
    /// What amoCRM was told, where it was called.
    #[serde(flatten)]
    pub crm: Option<CrmRecord>,
    /// The reading of amoCRM, where it was one.
    #[serde(flatten)]
    pub poll: Option<PollRecord>,
    /// The check, where it was one.
    #[serde(flatten)]
    pub check: Option<CheckRecord>,
    /// The check of all tokens, where it was one.
    #[serde(flatten)]
    pub tokens: Option<TokenRecord>,
    /// The run of all checks, where it was one.
    #[serde(flatten)]
    pub diagnostics: Option<DiagnosticsRecord>,
    /// The check of UTM tags, where it was one.
    #[serde(flatten)]
    pub utm: Option<UtmRecord>,
    /// What was moved to other rules, where that was the work.
    #[serde(flatten)]
    pub moves: Option<MoveRecord>,
    /// The look for what fell off, where it was one.
    #[serde(flatten)]
    pub alerts: Option<AlertRecord>,
}

/// The names of each record's metrics.
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
const OF_FORM: [&str; 4] = ["forms_stored", "forms_over_limit", "forms_repeated", "forms_rejected"];
const OF_GRAPH: [&str; 9] = [
    "graph_calls",
    "graph_failed",
    "graph_too_much",
    "graph_throttled",
    "graph_token_dead",
    "graph_forbidden",
    "graph_refused",
    "graph_report_lost",
    "graph_pause_seconds",
];
const OF_SPEND: [&str; 4] = ["spend_rows", "accounts_pulled", "accounts_postponed", "accounts_parked"];
const AGE: &str = "spend_age_seconds";

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
    let names = names.chain(record.form.iter().flat_map(|_| OF_FORM));
    let names = names.chain(record.graph.iter().flat_map(|_| OF_GRAPH));
    let names = names.chain(record.spend.iter().flat_map(|_| OF_SPEND));
    let names = names.chain(record.crm.iter().flat_map(|_| OF_CRM));
    let names = names.chain(record.check.iter().flat_map(|_| OF_CHECK));
    let names = names.chain(record.utm.iter().flat_map(|_| OF_UTM));
    let names = names.chain(record.moves.iter().flat_map(|_| OF_MOVES));
    let names = names.chain(record.alerts.iter().flat_map(|_| OF_ALERTS));
    let names = names.chain(record.poll.iter().flat_map(|_| OF_POLL));
    let judged = record.poll.iter().filter_map(|poll| poll.reconciliation_red);
    let names = names.chain(judged.map(|_| RECONCILIATION_RED));
    let compared = record.poll.iter().filter_map(|poll| poll.reconciliation_age_seconds);
    let names = names.chain(compared.map(|_| RECONCILIATION_AGE));
    let names = names.chain(record.spend.iter().filter_map(|spend| spend.spend_age_seconds.map(|_| AGE)));
    let names = names.chain(record.outbox.iter().flat_map(|_| OF_OUTBOX));
    let names = names.chain(record.sweep.iter().flat_map(|_| OF_SWEEP));
    let names = names.chain(record.tokens.iter().flat_map(|_| OF_TOKENS));
    let names = names.chain(record.diagnostics.iter().flat_map(|_| OF_DIAGNOSTICS));
    let unit = |name: &str| match name {
        _ if name.ends_with("_ms") => "Milliseconds",
        _ if name.ends_with("_seconds") => "Seconds",
        _ => "Count",
    };
    let metrics = names.map(|name| Metric { name, unit: unit(name) }).collect();
    let directive = Directive { namespace: NAMESPACE, dimensions: [["function"]], metrics };
    let aws = Envelope { timestamp: at.timestamp_millis(), cloud_watch_metrics: [directive] };
    Line { aws, function, record }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use serde_json::Value;

    use super::*;
    use crate::domain::notification::{Channel, NotificationState, Tried};
    use crate::neighbours::facebook::Class;

    #[test]
    fn a_record_names_every_metric_with_its_unit() {
        let mut hook = HookRecord::default();
        hook.count(Outcome::Recorded);
        let request = RequestRecord::of(503, Duration::from_millis(12));
        let spend = SpendRecord { spend_age_seconds: Some(3_600), ..SpendRecord::default() };
        let mut graph = GraphRecord::default();
        graph.count(Class::Shrink);
        graph.paused(TimeDelta::minutes(19));
        let mut outbox = OutboxRecord::default();
        outbox.count(Channel::Sms, Tried { state: NotificationState::Pending, needs_person: true });
        let record = Record {
            request: Some(request),
            hook: Some(hook),
            form: Some(FormRecord::default()),
            graph: Some(graph),
            spend: Some(spend),
            outbox: Some(outbox),
            sweep: Some(SweepRecord { leads_swept: 2, ..SweepRecord::default() }),
            crm: Some(CrmRecord::default()),
            poll: Some(PollRecord {
                reconciliation_red: Some(0),
                reconciliation_age_seconds: Some(240),
                ..PollRecord::default()
            }),
            check: Some(CheckRecord::default()),
            tokens: Some(TokenRecord::default()),
            diagnostics: Some(DiagnosticsRecord { checks_ok: 16, checks_warning: 1, checks_error: 1 }),
            utm: Some(UtmRecord { utm_ads: 7, ..UtmRecord::default() }),
            moves: Some(MoveRecord::default()),
            alerts: Some(AlertRecord::default()),
        };
        let at = "2026-11-20T05:00:00Z".parse().unwrap();
        let line = serde_json::to_value(line("funnel", &record, at)).unwrap();
        let Value::Object(written) = serde_json::to_value(&record).unwrap() else { panic!("no object") };
        let named = line["_aws"]["CloudWatchMetrics"][0]["Metrics"].as_array().unwrap();
        assert_eq!(named.len(), written.len());
        assert!(named.iter().all(|metric| written.contains_key(metric["Name"].as_str().unwrap())));
        insta::assert_json_snapshot!(line);
    }
}
