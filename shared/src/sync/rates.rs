//! Exchange rates: asks the bank for days whose rates are not kept yet.

use chrono::{DateTime, Utc};
use futures::StreamExt;
use futures::stream;

use crate::domain::day::Day;
use crate::domain::rates::{DayRates, LONGEST_STEP_BACK, Rates};
use crate::neighbours::nbk::Nbk;
use crate::store::StoreError;
use crate::store::rates::RateBook;

/// The bank is asked about so many days at a time.
const AT_ONCE: usize = 4;

/// What came of asking.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    /// Days that are kept now and were not before.
    pub days: usize,
    /// What the bank did not answer or not well.
    pub problems: Vec<String>,
}

/// Days and those that a rate may be stepped back to from them.
pub fn with_steps_back(days: impl IntoIterator<Item = Day>) -> Vec<Day> {
    let mut all: Vec<Day> =
        days.into_iter().flat_map(|day| (0..=LONGEST_STEP_BACK).map(move |back| day.minus(back))).collect();
    all.sort();
    all.dedup();
    all
}

/// The rates that these days can be converted at.
pub async fn for_days(store: &RateBook, days: impl IntoIterator<Item = Day>) -> Result<Rates, StoreError> {
    store.of(with_steps_back(days)).await
}

/// Asks the bank for the days that are missing. What it cannot tell now is noted and asked for another time.
///
/// An empty answer about today or later is not kept: the bank may still publish it.
pub async fn fetch_missing(
    bank: &Nbk,
    store: &RateBook,
    days: impl IntoIterator<Item = Day>,
    now: DateTime<Utc>,
) -> Result<Fetched, StoreError> {
    let today = Day::of(now);
    let wanted = days.into_iter().filter(|day| *day <= today);
    let missing = store.missing(with_steps_back(wanted)).await?;
    let mut answers = stream::iter(missing)
        .map(|day| async move { (day, bank.rates_of(day).await) })
        .buffer_unordered(AT_ONCE);
    let mut fetched = Fetched::default();
    while let Some((day, answer)) = answers.next().await {
        match answer {
            Ok(published) => {
                let problems = published.problems.iter().map(|problem| format!("rates of {day}: {problem}"));
                fetched.problems.extend(problems);
                if published.rates.is_empty() && day >= today {
                    continue;
                }
                store.put(&DayRates { day, published_for: published.date, rates: published.rates }).await?;
                fetched.days += 1;
            }
            Err(failure) => fetched.problems.push(format!("rates of {day}: {failure}")),
        }
    }
    Ok(fetched)
}
