//! Exchange rates of the National Bank by day, and amounts turned into tenge with them.
//!
//! A day without a rate takes the last one before it, and a rate that is too old is none. What becomes of an amount that
//! there is no rate for is for the caller to say.

use std::collections::BTreeMap;

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use super::day::Day;
use super::money::{Currency, Tenge};

/// How many days back a rate may lie: longer than any row of holidays, shorter than a rate takes to mislead.
pub const LONGEST_STEP_BACK: u64 = 14;

/// What one unit of a currency costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// In tenge.
    pub value: Decimal,
    /// The day that the bank published it for.
    pub date: Day,
}

/// A rate for people: a number to look at. Nothing is converted with it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RateShown {
    /// Tenge for one unit of the currency.
    pub value: f64,
    /// The day that the bank published it for.
    pub date: Day,
}

impl RateShown {
    /// A rate; nothing where it is no number, which the bank never publishes.
    pub fn of(rate: &Rate) -> Option<Self> {
        let value = rate.value.to_string().parse().ok()?;
        Some(Self { value, date: rate.date })
    }
}

/// What the bank answered for one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayRates {
    /// The day it was asked about.
    pub day: Day,
    /// The day the answer says it is for, where it says one: at a weekend it may be an earlier one.
    pub published_for: Option<Day>,
    /// Tenge for one unit of each currency. Empty where the bank had none that day.
    pub rates: BTreeMap<Currency, Decimal>,
}

impl DayRates {
    fn rate(&self, currency: Currency) -> Option<Rate> {
        let value = *self.rates.get(&currency)?;
        Some(Rate { value, date: self.published_for.unwrap_or(self.day) })
    }
}

/// The rates of some days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rates(BTreeMap<Day, DayRates>);

impl Rates {
    /// Whether the bank's answer for a day is among them, be it an empty one.
    pub fn knows(&self, day: Day) -> bool {
        self.0.contains_key(&day)
    }

    /// The rate in force on a day: the newest that is neither of a later day nor more than [`LONGEST_STEP_BACK`] days
    /// old. The tenge is always worth one.
    pub fn find(&self, currency: Currency, day: Day) -> Option<Rate> {
        if currency == Currency::KZT {
            return Some(Rate { value: Decimal::ONE, date: day });
        }
        let is_in_force = |date: Day| date <= day && day <= date.plus(LONGEST_STEP_BACK);
        self.0
            .range(..=day)
            .rev()
            .take_while(|(asked, _)| is_in_force(**asked))
            .filter_map(|(_, rates)| rates.rate(currency))
            .find(|rate| is_in_force(rate.date))
    }
}

impl FromIterator<DayRates> for Rates {
    fn from_iter<T: IntoIterator<Item = DayRates>>(days: T) -> Self {
        Self(days.into_iter().map(|rates| (rates.day, rates)).collect())
    }
}

/// An amount of a currency's units in whole tenge, half a tenge away from zero; nothing where it does not fit.
pub fn convert(units: i64, currency: Currency, rate: Rate) -> Option<Tenge> {
    let tenge = currency.decimal(units).checked_mul(rate.value)?;
    tenge.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64().map(Tenge)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn currency(code: &str) -> Currency {
        Currency::parse(code).unwrap()
    }

    fn rate(value: &str) -> Rate {
        Rate { value: value.parse().unwrap(), date: day("2026-11-20") }
    }

    fn published(asked: &str, published_for: Option<&str>, rates: &[(&str, &str)]) -> DayRates {
        let rates = rates.iter().map(|(code, value)| (currency(code), value.parse().unwrap())).collect();
        DayRates { day: day(asked), published_for: published_for.map(day), rates }
    }

    /// A Friday with two currencies and an empty weekend.
    fn november() -> Rates {
        [
            published("2026-11-19", Some("2026-11-19"), &[("USD", "468"), ("EUR", "540.5")]),
            published("2026-11-20", Some("2026-11-20"), &[("USD", "469.31")]),
            published("2026-11-21", None, &[]),
            published("2026-11-22", None, &[]),
        ]
        .into_iter()
        .collect()
    }

    fn found(rates: &Rates, code: &str, on: &str) -> Option<(String, String)> {
        let rate = rates.find(currency(code), day(on))?;
        Some((rate.value.to_string(), rate.date.to_string()))
    }

    #[test]
    fn a_rate_is_the_number_that_was_published() {
        let date = day("2026-11-20");
        let shown = |value: &str| RateShown::of(&Rate { value: value.parse().unwrap(), date });
        assert_eq!(
            serde_json::to_string(&shown("469.31")).unwrap(),
            r#"{"value":469.31,"date":"2026-11-20"}"#
        );
        assert_eq!(shown("0.039583").unwrap().value.to_string(), "0.039583");
    }

    #[test]
    fn a_day_without_rates_takes_the_last_ones_before_it() {
        let rates = november();
        for (code, on, value, date) in [
            ("USD", "2026-11-19", "468", "2026-11-19"),
            ("USD", "2026-11-20", "469.31", "2026-11-20"),
            ("USD", "2026-11-22", "469.31", "2026-11-20"),
            ("EUR", "2026-11-22", "540.5", "2026-11-19"),
            ("USD", "2026-12-04", "469.31", "2026-11-20"),
        ] {
            assert_eq!(found(&rates, code, on), Some((value.to_owned(), date.to_owned())), "{code} on {on}");
        }
        assert!(rates.knows(day("2026-11-22")) && !rates.knows(day("2026-11-23")));
    }

    #[test]
    fn a_rate_that_is_too_old_or_of_a_later_day_is_none() {
        let rates = november();
        assert_eq!(found(&rates, "USD", "2026-12-05"), None, "15 days later");
        assert_eq!(found(&rates, "EUR", "2026-12-04"), None, "15 days later");
        assert_eq!(found(&rates, "USD", "2026-11-18"), None, "the day before the first");
        assert_eq!(found(&rates, "GBP", "2026-11-20"), None, "never published");
    }

    #[test]
    fn the_day_that_the_bank_names_is_the_one_that_counts() {
        let repeated = published("2026-11-22", Some("2026-11-20"), &[("USD", "469.31")]);
        let rates: Rates = [repeated].into_iter().collect();
        let friday = Some(("469.31".to_owned(), "2026-11-20".to_owned()));
        assert_eq!(found(&rates, "USD", "2026-11-22"), friday);
        assert_eq!(found(&rates, "USD", "2026-12-04"), friday);
        assert_eq!(found(&rates, "USD", "2026-12-05"), None);
        let ahead = published("2026-11-22", Some("2026-11-23"), &[("USD", "470")]);
        assert_eq!(found(&[ahead].into_iter().collect(), "USD", "2026-11-22"), None);
    }

    #[test]
    fn the_tenge_is_worth_one_on_any_day() {
        let one = Some(("1".to_owned(), "1999-01-01".to_owned()));
        assert_eq!(found(&Rates::default(), "KZT", "1999-01-01"), one);
    }

    #[test]
    fn half_a_tenge_is_rounded_away_from_zero() {
        for (units, code, value, tenge) in [
            (1, "USD", "50", 1),
            (1, "USD", "49.99", 0),
            (-1, "USD", "50", -1),
            (3, "USD", "50", 2),
            (4_137, "USD", "469.31", 19_415),
            (1_234, "JPY", "3.0235", 3_731),
            (1_234, "KWD", "1530.5", 1_889),
            (490_000, "KZT", "1", 490_000),
            (0, "USD", "469.31", 0),
        ] {
            let converted = convert(units, currency(code), rate(value));
            assert_eq!(converted, Some(Tenge(tenge)), "{units} {code} at {value}");
        }
    }

    #[test]
    fn what_does_not_fit_is_nothing() {
        assert_eq!(convert(i64::MAX, currency("USD"), rate("469.31")), None);
        assert_eq!(convert(i64::MIN, currency("JPY"), rate("3")), None);
        assert_eq!(convert(i64::MAX, currency("USD"), Rate { value: Decimal::MAX, ..rate("1") }), None);
    }

    #[test]
    fn a_document_keeps_the_digits_as_text() {
        let json =
            r#"{"day":"2026-11-20","published_for":"2026-11-20","rates":{"JPY":"3.0235","USD":"469.30"}}"#;
        let read: DayRates = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), json);
        assert_eq!(found(&[read].into_iter().collect(), "USD", "2026-11-20").unwrap().0, "469.30");
    }

    fn any_rate() -> impl Strategy<Value = (i64, u32)> {
        (1_i64..10_000_000, 0_u32..=4)
    }

    fn any_currency() -> impl Strategy<Value = Currency> {
        prop_oneof![Just("USD"), Just("JPY"), Just("KWD"), Just("ZZZ")].prop_map(currency)
    }

    fn at((digits, scale): (i64, u32)) -> Rate {
        Rate { value: Decimal::new(digits, scale), ..rate("1") }
    }

    proptest! {
        #[test]
        fn a_conversion_is_the_product_in_whole_numbers(
            units in -1_000_000_000_000_i64..1_000_000_000_000, currency in any_currency(), rate in any_rate()
        ) {
            let product = i128::from(units) * i128::from(rate.0);
            let divisor = 10_i128.pow(rate.1 + currency.decimals());
            let rounded = product.signum() * ((2 * product.abs() + divisor) / (2 * divisor));
            let expected = i64::try_from(rounded).ok().map(Tenge);
            prop_assert_eq!(convert(units, currency, at(rate)), expected);
        }

        #[test]
        fn more_is_never_worth_less(
            units in prop::array::uniform2(-1_000_000_000_000_i64..1_000_000_000_000),
            currency in any_currency(),
            rate in any_rate(),
            dearer in 0_i64..1_000
        ) {
            let (less, more) = (units[0].min(units[1]), units[0].max(units[1]));
            let amount = more.abs();
            let dearer = at((rate.0 + dearer, rate.1));
            let ordered = [
                (convert(less, currency, at(rate)), convert(more, currency, at(rate))),
                (convert(amount, currency, at(rate)), convert(amount, currency, dearer)),
            ];
            for (lower, higher) in ordered {
                // What is too much to be counted in tenge is nothing that could be compared.
                prop_assume!(lower.is_some() && higher.is_some());
                prop_assert!(lower <= higher);
            }
        }

        #[test]
        fn a_sum_of_rounded_amounts_is_off_by_half_a_tenge_for_each_at_most(
            amounts in prop::collection::vec(-10_000_000_i64..10_000_000, 1..50),
            currency in any_currency(),
            rate in any_rate()
        ) {
            let one_by_one: i64 = amounts.iter().map(|units| convert(*units, currency, at(rate)).unwrap().0).sum();
            let at_once = convert(amounts.iter().sum(), currency, at(rate)).unwrap().0;
            prop_assert!(2 * one_by_one.abs_diff(at_once) <= amounts.len() as u64 + 1);
        }

        #[test]
        fn the_newest_rate_within_reach_is_found(
            published in prop::collection::btree_map(0_u64..60, any::<bool>(), 0..20), asked in 0_u64..60
        ) {
            let first = day("2026-10-01");
            let rates: Rates = published
                .iter()
                .map(|(after, has_rates)| DayRates {
                    day: first.plus(*after),
                    published_for: None,
                    rates: has_rates.then(|| (currency("USD"), Decimal::from(*after))).into_iter().collect(),
                })
                .collect();
            let newest = (0..=asked).rev().take(15).find(|after| published.get(after) == Some(&true));
            let found = rates.find(currency("USD"), first.plus(asked));
            prop_assert_eq!(found.map(|rate| rate.value), newest.map(Decimal::from));
            prop_assert_eq!(found.map(|rate| rate.date), newest.map(|after| first.plus(after)));
        }
    }
}
