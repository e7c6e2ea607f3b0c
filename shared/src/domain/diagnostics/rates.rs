//! Whether the exchange rates that spend is turned into tenge with are new enough.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Advice, Check, Diagnostic, Figures, Who};
use crate::domain::day::Day;
use crate::domain::money::Currency;
use crate::domain::rates::Rates;

/// The bank is closed for as long over Nauryz with its weekend.
const DUE: i64 = 5;

/// How old each currency's rate is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RateFigures {
    rates: Vec<RateAge>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct RateAge {
    currency: Currency,
    date: Option<Day>,
    age_days: Option<i64>,
}

/// The currencies that are looked at: those that ad accounts are billed in, and dollars where there is no other.
pub fn currencies(of_accounts: impl IntoIterator<Item = Currency>) -> BTreeSet<Currency> {
    let foreign: BTreeSet<Currency> =
        of_accounts.into_iter().filter(|currency| *currency != Currency::KZT).collect();
    if foreign.is_empty() { Currency::parse("USD").into_iter().collect() } else { foreign }
}

/// Checks the rates in force today.
pub fn check(currencies: &BTreeSet<Currency>, rates: &Rates, today: Day) -> Diagnostic {
    let name = Check::Rates;
    let age = |currency: &Currency| {
        let date = rates.find(*currency, today).map(|rate| rate.date);
        RateAge { currency: *currency, date, age_days: date.map(|date| today.days_since(date)) }
    };
    let ages: Vec<RateAge> = currencies.iter().map(age).collect();
    let names = |which: fn(&RateAge) -> bool| {
        let names: Vec<String> =
            ages.iter().filter(|age| which(age)).map(|age| age.currency.to_string()).collect();
        Some(names.join(", ")).filter(|names| !names.is_empty())
    };
    let missing = names(|age| age.date.is_none());
    let old = names(|age| age.age_days.is_some_and(|days| days > DUE));
    let oldest = ages.iter().filter_map(|age| age.date).min();
    let all = names(|_| true).unwrap_or_default();
    let figures = Figures::Rates(RateFigures { rates: ages });
    let fetch = || {
        let fetch =
            "Invoke the function exchange-rates: its answer says what the National Bank did not tell.";
        Advice::new(Who::Deployer, fetch)
    };
    if let Some(missing) = missing {
        let message = format!("No rate of {missing} in two weeks: spend in it is in no sum of tenge");
        Diagnostic::error(name, message, figures, fetch())
    } else if let Some(old) = old {
        let message = format!("The rate of {old} is more than {DUE} days old");
        Diagnostic::warning(name, message, figures, fetch())
    } else {
        let oldest = oldest.map_or_else(String::new, |day| format!(" of {day} or newer"));
        Diagnostic::ok(name, format!("Rates of {all} are{oldest}"), figures)
    }
}
