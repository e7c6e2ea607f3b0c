//! Asks the bank for the days that spend may still have to be converted on.

use chrono::{DateTime, Utc};
use serde::Serialize;
use shared::domain::day::Day;
use shared::domain::pull::{NIGHTLY_DAYS, last_days};
use shared::neighbours::nbk::Nbk;
use shared::store::StoreError;
use shared::store::rates::RateBook;
use shared::sync::rates::fetch_missing;

/// Fetches rates.
pub struct ExchangeRates {
    /// Who publishes them.
    pub bank: Nbk,
    /// Where they are kept.
    pub book: RateBook,
}

/// What came of it, for whoever invokes it by hand.
#[derive(Debug, Serialize)]
pub struct Report {
    /// How many days are kept now and were not before.
    pub days: usize,
    /// What the bank did not answer or not well.
    pub problems: Vec<String>,
}

impl ExchangeRates {
    /// Fetches what is missing. What the bank does not answer is asked for again next time: until then an earlier
    /// day's rate stands in, and answers say so.
    pub async fn run(&self, now: DateTime<Utc>) -> Result<Report, StoreError> {
        let days = last_days(Day::of(now), NIGHTLY_DAYS).days();
        let fetched = fetch_missing(&self.bank, &self.book, days, now).await?;
        for problem in &fetched.problems {
            tracing::error!(problem = %problem, "the National Bank's rates are incomplete");
        }
        Ok(Report { days: fetched.days, problems: fetched.problems })
    }
}
