//! One run over the tables of a database: what it comes to is told in the log and in the answer.

use std::collections::BTreeMap;
use std::time::SystemTime;

use serde_json::Value;

use super::read::{Ended, Report};
use super::tables::Table;
use super::wiring::Source;
use crate::edge::clock;
use crate::store::StoreError;

/// Whether an event asks for all rows anew: `{"anew": true}`. The schedule does not.
pub fn asks_for_all(event: &Value) -> bool {
    event.get("anew").and_then(Value::as_bool).unwrap_or_default()
}

impl Source {
    /// Reads each table, within its share of the time that is left; the last has what the others leave. One that cannot be
    /// read stops none of the others.
    pub async fn run(
        &self,
        tables: &[Table],
        anew: bool,
        deadline: SystemTime,
    ) -> Result<BTreeMap<&'static str, Report>, StoreError> {
        let (mut reports, mut broken) = (BTreeMap::new(), None);
        for (place, table) in tables.iter().enumerate() {
            let left = clock::until(deadline);
            let share = left / u32::try_from(tables.len() - place).unwrap_or(1);
            match self.read(*table, anew, deadline - (left - share)).await {
                Ok(report) => {
                    tell(*table, &report);
                    reports.insert(table.name(), report);
                }
                Err(error) => {
                    tracing::error!(table = table.name(), error = %error, "our own store failed");
                    broken = Some(error);
                }
            }
        }
        broken.map_or(Ok(reports), Err)
    }
}

/// Counts and reasons; nothing that stood in a row.
fn tell(table: Table, report: &Report) {
    let statistics = &report.statistics;
    let ended = serde_json::json!(report.ended);
    tracing::info!(
        table = table.name(),
        ended = ended.as_str(),
        rows_read = report.read,
        total = statistics.total,
        synced = statistics.synced,
        not_synced = statistics.not_synced,
        reasons = %serde_json::json!(statistics.reasons),
        "an old table was read"
    );
    if let (Ended::Problem, Some(problem)) = (report.ended, &statistics.problem) {
        tracing::warn!(
            table = table.name(),
            problem = problem.said(),
            hint = problem.hint,
            "an old table could not be read"
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_a_person_asks_for_all() {
        assert!(asks_for_all(&json!({"anew": true})));
        for event in [json!({}), json!(null), json!({"anew": "yes"}), json!({"detail": {"anew": true}})] {
            assert!(!asks_for_all(&event), "{event}");
        }
    }
}
