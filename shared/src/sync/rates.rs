//! Exchange rates: asks the bank for days whose rates are not kept yet.

use chrono::{DateTime, Utc};
use futures::StreamExt;
use futures::stream;

use crate::domain::day::Day;
use crate::domain::rates::{DayRates, LONGEST_STEP_BACK, Rates};
use crate::neighbours::nbk::{Nbk, Published};
use crate::store::StoreError;
use crate::store::rates::RateBook;

/// A day without rates is believed to be a holiday only when it is so old: the bank may be late, or ill.
const EMPTY_FOR_GOOD: i64 = 7;

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
                if !is_final(day, &published, today) {
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

/// Whether the bank will say the same another time. Before it has published a day it may answer with nothing, or with
/// the last day that it has.
fn is_final(day: Day, published: &Published, today: Day) -> bool {
    let is_of_the_day = published.date.is_none_or(|date| date == day);
    match published.rates.is_empty() {
        true => today.days_since(day) >= EMPTY_FOR_GOOD,
        false => is_of_the_day || day < today,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Currency;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn an_answer_is_kept_when_the_bank_will_not_change_it() {
        let today = day("2026-11-20");
        let rates = || [(Currency::parse("USD").unwrap(), "469.31".parse().unwrap())].into();
        let some = |date: &str| Published { date: Some(day(date)), rates: rates(), problems: vec![] };
        let none = |date: &str| Published { rates: [].into(), ..some(date) };
        for (asked, published, expected) in [
            ("2026-11-20", some("2026-11-20"), true),
            ("2026-11-20", some("2026-11-19"), false),
            ("2026-11-15", some("2026-11-14"), true),
            ("2026-11-20", none("2026-11-20"), false),
            ("2026-11-14", none("2026-11-14"), false),
            ("2026-11-13", none("2026-11-13"), true),
        ] {
            assert_eq!(is_final(day(asked), &published, today), expected, "{asked}");
        }
    }

    #[test]
    fn a_day_may_be_converted_at_a_rate_of_two_weeks_before() {
        let days = with_steps_back([day("2026-11-20"), day("2026-11-19")]);
        assert_eq!((days[0], days.len()), (day("2026-11-05"), 16));
    }
}
