//! What several accounts and days spent together: by currency, in tenge, and what no rate could turn into tenge.
//!
//! Tenge are added as they were rounded, each ad and day for itself; nothing is converted here.

use std::collections::BTreeMap;

use serde::Serialize;

use super::ad_account::AdAccountId;
use super::money::{Currency, Money, Tenge};
use super::spend::AccountDay;

/// A sum of spend. It is of whole units and whole tenge, so sums of parts are the sum of all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AdSpend {
    /// In tenge, as far as rates are known.
    pub kzt: Tenge,
    /// How often ads were shown.
    pub impressions: i64,
    /// How often ads were clicked.
    pub clicks: i64,
    units: BTreeMap<Currency, i64>,
    unconverted: BTreeMap<(AdAccountId, Currency), i64>,
}

/// Why an amount has no tenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoTenge {
    /// The National Bank's rate of that day is not known, nor one of the days before it.
    NoRate,
}

/// An amount that is in no sum of tenge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unconverted {
    /// Who spent it.
    pub account_id: AdAccountId,
    /// In which currency.
    pub currency: Currency,
    /// How much, in that currency's unit.
    pub amount: i64,
    /// Why.
    pub reason: NoTenge,
}

impl AdSpend {
    /// One account's day.
    pub fn of(day: &AccountDay) -> Self {
        let units = BTreeMap::from([(day.currency, day.total.spend)]);
        let unconverted = match day.rate {
            Some(_) => BTreeMap::new(),
            None => BTreeMap::from([((day.account_id.clone(), day.currency), day.total.spend)]),
        };
        Self {
            kzt: day.total.spend_kzt,
            impressions: day.total.impressions,
            clicks: day.total.clicks,
            units,
            unconverted,
        }
    }

    /// Both together.
    pub fn add(&mut self, other: &Self) {
        self.kzt += other.kzt;
        self.impressions = self.impressions.saturating_add(other.impressions);
        self.clicks = self.clicks.saturating_add(other.clicks);
        add_all(&mut self.units, &other.units);
        add_all(&mut self.unconverted, &other.unconverted);
    }

    /// What was spent in each currency, by its code.
    pub fn money(&self) -> Vec<Money> {
        let spent = self.units.iter().filter(|(_, amount)| **amount != 0);
        spent.map(|(currency, amount)| Money { amount: *amount, currency: *currency }).collect()
    }

    /// What `kzt` lacks, by account.
    pub fn unconverted(&self) -> Vec<Unconverted> {
        let spent = self.unconverted.iter().filter(|(_, amount)| **amount != 0);
        let named = spent.map(|((account_id, currency), amount)| Unconverted {
            account_id: account_id.clone(),
            currency: *currency,
            amount: *amount,
            reason: NoTenge::NoRate,
        });
        named.collect()
    }
}

fn add_all<K: Ord + Clone>(sums: &mut BTreeMap<K, i64>, others: &BTreeMap<K, i64>) {
    for (key, amount) in others {
        let sum = sums.entry(key.clone()).or_default();
        *sum = sum.saturating_add(*amount);
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;

    use super::*;
    use crate::domain::day::Day;
    use crate::domain::rates::Rate;
    use crate::domain::spend::Delivery;

    fn day(account: &str, currency: &str, rate: Option<&str>, spend: i64, kzt: i64) -> AccountDay {
        let label = Day::parse("2026-11-19").unwrap();
        AccountDay {
            account_id: AdAccountId::parse(account).unwrap(),
            day: label,
            generation: "g".to_owned(),
            parts: 1,
            rows: 1,
            currency: Currency::parse(currency).unwrap(),
            rate: rate.map(|value| Rate { value: value.parse().unwrap(), date: label }),
            total: Delivery {
                spend,
                spend_kzt: Tenge(kzt),
                impressions: 1_000,
                clicks: 10,
                ..Delivery::default()
            },
            pulled_at: DateTime::UNIX_EPOCH,
        }
    }

    fn sum<'a>(days: impl IntoIterator<Item = &'a AccountDay>) -> AdSpend {
        let mut sum = AdSpend::default();
        days.into_iter().for_each(|day| sum.add(&AdSpend::of(day)));
        sum
    }

    #[test]
    fn spend_is_told_by_currency_and_what_has_no_rate_is_named() {
        let spend = sum(&[
            day("2", "USD", Some("469.31"), 4_137, 19_415),
            day("2", "USD", Some("470"), 1_000, 4_700),
            day("1", "EUR", None, 250, 0),
            day("1", "EUR", None, 50, 0),
            day("3", "GEL", None, 0, 0),
            day("4", "KZT", Some("1"), 900, 900),
        ]);
        let money: Vec<(String, i64)> =
            spend.money().iter().map(|money| (money.currency.to_string(), money.amount)).collect();
        assert_eq!(money, [("EUR".to_owned(), 300), ("KZT".to_owned(), 900), ("USD".to_owned(), 5_137)]);
        assert_eq!((spend.kzt, spend.impressions, spend.clicks), (Tenge(25_015), 6_000, 60));
        let unconverted = serde_json::to_value(spend.unconverted()).unwrap();
        let expected =
            serde_json::json!([{"account_id": "1", "currency": "EUR", "amount": 300, "reason": "no_rate"}]);
        assert_eq!(unconverted, expected);
    }

    fn any_day() -> impl Strategy<Value = AccountDay> {
        let rate = prop::option::of(Just("500"));
        (0_usize..3, 0_usize..3, rate, 0_i64..100_000, 0_i64..100_000).prop_map(
            |(account, currency, rate, spend, kzt)| {
                let kzt = if rate.is_some() { kzt } else { 0 };
                day(["1", "2", "3"][account], ["USD", "EUR", "KZT"][currency], rate, spend, kzt)
            },
        )
    }

    proptest! {
        #[test]
        fn the_sums_of_two_parts_are_the_sum_of_all(
            days in prop::collection::vec(any_day(), 0..30),
            place in any::<prop::sample::Index>(),
        ) {
            let (one, other) = days.split_at(place.index(days.len() + 1));
            let mut parts = sum(one);
            parts.add(&sum(other));
            prop_assert_eq!(&parts, &sum(&days));
            let total: i64 = days.iter().map(|day| day.total.spend).sum();
            prop_assert_eq!(parts.money().iter().map(|money| money.amount).sum::<i64>(), total);
        }
    }
}
