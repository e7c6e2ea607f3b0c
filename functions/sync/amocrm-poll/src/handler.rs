//! One poll: what it comes to is told in the log, in metrics and in the answer.

use std::time::SystemTime;

use serde_json::Value;
use shared::edge::clock;
use shared::edge::metrics::{self, CrmRecord, PollRecord, Record};
use shared::store::StoreError;
use shared::sync::crm::poll::{Polled, Reach, poll};
use shared::sync::crm::reconcile::store_failed;
use shared::sync::crm::wiring::Source;

/// Polls.
pub struct Poll {
    /// The function's name, for metrics.
    pub function: String,
    /// Where everything is.
    pub source: Source,
}

/// How far back an event asks to look. The nightly schedule says `{"window": "month"}`; whatever else comes is the ordinary
/// poll.
pub fn reach(event: &Value) -> Reach {
    match event.get("window").and_then(Value::as_str) {
        Some("month") => Reach::Month,
        _ => Reach::Mark,
    }
}

impl Poll {
    /// Polls. What amoCRM refuses is reported; the schedule tries again.
    pub async fn run(&self, reach: Reach, deadline: SystemTime) -> Result<Polled, StoreError> {
        let mut crm = CrmRecord::default();
        let began_at = clock::now();
        let polled = poll(&self.source, reach, deadline, &mut crm).await;
        let mut record = Record { crm: Some(crm), ..Record::default() };
        match &polled {
            Ok(Polled { ok: true, swept, .. }) => {
                record.poll = Some(PollRecord {
                    polls: 1,
                    deals_read: swept.deals,
                    healed: swept.healed,
                    ..PollRecord::default()
                });
            }
            Ok(polled) => {
                tracing::warn!(problem = polled.problem, "amoCRM could not be read to the end");
                record.poll = Some(PollRecord {
                    polls_failed: 1,
                    healed: polled.swept.healed,
                    ..PollRecord::default()
                });
            }
            Err(_) => {
                store_failed(&self.source, began_at).await;
                record.poll = Some(PollRecord { polls_failed: 1, ..PollRecord::default() });
            }
        }
        if let (Some(record), Ok(polled)) = (&mut record.poll, &polled) {
            let report = polled.reconciliation.as_ref();
            record.reconciliation_red = report.map(|report| report.is_red().into());
            record.reconciliation_age_seconds = polled.reconciliation_age_seconds;
        }
        metrics::write(&self.function, &record, clock::now());
        polled
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_the_nightly_event_looks_back_over_the_month() {
        assert_eq!(reach(&json!({"window": "month"})), Reach::Month);
        for event in
            [json!({}), json!(null), json!({"window": "year"}), json!({"time": "2026-11-20T05:00:00Z"})]
        {
            assert_eq!(reach(&event), Reach::Mark, "{event}");
        }
    }
}
