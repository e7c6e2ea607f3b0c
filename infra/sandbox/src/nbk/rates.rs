//! The rates of a day.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use rust_decimal::Decimal;

use super::currencies::{CURRENCIES, Currency};
use super::settings::{Settings, Weekends};
use crate::dice::between;

/// One line of the bank's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    pub code: String,
    pub name: String,
    pub rate: Decimal,
    pub quant: u32,
    /// Against the day published before.
    pub change: Decimal,
}

/// Days between two levels, between which a rate moves evenly.
const KNOT: u64 = 12;

/// What the bank tells of that day; nothing where it published nothing.
pub fn rates(settings: &Settings, day: NaiveDate, today: NaiveDate) -> Vec<Rate> {
    let tomorrow = today.succ_opt().unwrap_or(today);
    if settings.missing.contains(&day) || day.year() < 2000 || day > tomorrow {
        return Vec::new();
    }
    let by_hand = settings.overrides.get(&day);
    let working = back_to_working(day);
    if working != day && settings.weekends == Weekends::Empty && by_hand.is_none() {
        return Vec::new();
    }
    let before = back_to_working(working.pred_opt().unwrap_or(working));
    let mut rates = CURRENCIES.iter().map(|currency| rate(currency, working, before)).collect::<Vec<_>>();
    for (code, wanted) in by_hand.into_iter().flatten() {
        let found = rates.iter().position(|rate| rate.code == *code);
        match (found, wanted) {
            (Some(index), Some(wanted)) => {
                rates[index].rate = wanted.rate;
                rates[index].quant = wanted.quant;
            }
            (Some(index), None) => drop(rates.remove(index)),
            (None, Some(wanted)) => rates.push(Rate {
                code: code.clone(),
                name: code.clone(),
                rate: wanted.rate,
                quant: wanted.quant,
                change: Decimal::ZERO,
            }),
            (None, None) => {}
        }
    }
    rates
}

fn rate(currency: &Currency, day: NaiveDate, before: NaiveDate) -> Rate {
    let now = on(currency, day);
    Rate {
        code: currency.code.to_owned(),
        name: currency.name.to_owned(),
        rate: now.normalize(),
        quant: currency.quant,
        change: now - on(currency, before),
    }
}

fn on(currency: &Currency, day: NaiveDate) -> Decimal {
    let number = u64::from(day.num_days_from_ce().unsigned_abs());
    let level = |knot: u64| between(&["level", currency.code, &knot.to_string()], 0, 1000);
    let (knot, passed) = (number / KNOT, number % KNOT);
    let even = (level(knot) * (KNOT - passed) + level(knot + 1) * passed) / KNOT;
    let shaken = even + between(&["shake", currency.code, &number.to_string()], 0, 40);
    let level = shaken.saturating_sub(20).min(1000);
    let hundredths = currency.low + (currency.high - currency.low) * level / 1000;
    Decimal::new(i64::try_from(hundredths).unwrap_or(i64::MAX), 2)
}

/// The day itself, or the Friday before a weekend.
fn back_to_working(day: NaiveDate) -> NaiveDate {
    let back = match day.weekday() {
        Weekday::Sat => 1,
        Weekday::Sun => 2,
        _ => 0,
    };
    day.checked_sub_days(Days::new(back)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(settings: &serde_json::Value, day: &str) -> Vec<Rate> {
        let settings = serde_json::from_value(settings.clone()).unwrap();
        rates(&settings, day.parse().unwrap(), "2026-11-20".parse().unwrap())
    }

    fn of(rates: &[Rate], code: &str) -> Option<(String, u32)> {
        rates.iter().find(|rate| rate.code == code).map(|rate| (rate.rate.to_string(), rate.quant))
    }

    #[test]
    fn a_dollar_costs_what_it_costs_and_moves_slowly() {
        let first: NaiveDate = "2025-11-20".parse().unwrap();
        let mut before = None;
        for day in first.iter_days().take(365) {
            let rates = told(&json!({"weekends": "repeat"}), &day.to_string());
            let dollar = rates.iter().find(|rate| rate.code == "USD").unwrap().rate;
            assert!(Decimal::from(457) <= dollar && dollar <= Decimal::from(475), "{day} {dollar}");
            let moved = before.map_or(Decimal::ZERO, |before: Decimal| (dollar - before).abs());
            assert!(moved <= Decimal::from(5), "{day} {moved}");
            before = Some(dollar);
        }
    }

    #[test]
    fn a_change_leads_from_the_day_published_before() {
        let (friday, monday) = (told(&json!({}), "2026-11-13"), told(&json!({}), "2026-11-16"));
        for (friday, monday) in friday.iter().zip(&monday) {
            assert_eq!(friday.rate + monday.change, monday.rate, "{}", monday.code);
        }
    }

    #[test]
    fn weekends_are_empty_or_fridays() {
        assert!(told(&json!({}), "2026-11-14").is_empty() && told(&json!({}), "2026-11-15").is_empty());
        let sunday = told(&json!({"weekends": "repeat"}), "2026-11-15");
        assert_eq!(sunday, told(&json!({}), "2026-11-13"));
    }

    #[test]
    fn there_is_nothing_before_2000_nor_after_tomorrow_nor_where_it_is_missing() {
        let missing = json!({"missing": ["2026-11-17"], "weekends": "repeat"});
        for day in ["1999-12-31", "2026-11-22", "2026-11-17"] {
            assert!(told(&missing, day).is_empty(), "{day}");
        }
        assert_eq!(told(&missing, "2026-11-21").len(), 39);
    }

    #[test]
    fn a_rate_set_by_hand_wins_on_its_day_only() {
        let settings = json!({"overrides": {"2026-11-18": {
            "USD": {"rate": "470.5"}, "JPY": {"rate": "300", "quant": 100}, "RUB": null, "XAU": {"rate": "1"},
        }}});
        let rates = told(&settings, "2026-11-18");
        assert_eq!(of(&rates, "USD"), Some(("470.5".into(), 1)));
        assert_eq!(of(&rates, "JPY"), Some(("300".into(), 100)));
        assert_eq!((of(&rates, "RUB"), of(&rates, "XAU")), (None, Some(("1".into(), 1))));
        assert_eq!(told(&settings, "2026-11-19"), told(&json!({}), "2026-11-19"));
    }
}
