//! One check: what it came to is told in the answer and in metrics.

use std::time::SystemTime;

use shared::edge::clock;
use shared::edge::metrics::{self, GraphRecord, Record};
use shared::store::StoreError;
use shared::store::rules::RuleBooks;
use shared::sync::utm_check::{Report, UtmCheck};
use shared::sync::wiring::Source;

/// Checks UTM tags.
pub struct Check {
    /// The function's name, for metrics.
    pub function: String,
    /// Where everything is.
    pub source: Source,
    /// Whose values are whose.
    pub rules: RuleBooks,
}

impl Check {
    /// Checks. What Facebook refuses is reported; the schedule tries again tomorrow.
    pub async fn run(&self, deadline: SystemTime) -> Result<Report, StoreError> {
        let mut graph = GraphRecord::default();
        let book = self.rules.fresh().await?;
        let check = UtmCheck { source: &self.source, rules: book.now(), deadline };
        let checked = check.run(&mut graph).await;
        let utm = checked.as_ref().ok().map(Report::record);
        metrics::write(
            &self.function,
            &Record { graph: Some(graph), utm, ..Record::default() },
            clock::now(),
        );
        checked
    }
}
