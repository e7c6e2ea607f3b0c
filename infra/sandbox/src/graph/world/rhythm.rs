//! Figures from the calendar alone: what an ad of a working school spends on any day, without a stored row.

use chrono::{Datelike, NaiveDate};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::Deserialize;

use super::Figures;
use crate::dice::{between, throw};

/// What all ads of an account spend together on a usual day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    pub per_day: Decimal,
    /// Strong in even weeks, weak in odd ones.
    #[serde(default)]
    pub bursts: bool,
    /// Whether ads pause for some days at a time.
    #[serde(default = "yes")]
    pub spells: bool,
}

fn yes() -> bool {
    true
}

/// Monday to Sunday, percent of a usual day.
const WEEKDAYS: [u64; 7] = [98, 104, 106, 103, 100, 86, 103];
/// Days in a spell, of which an ad works or pauses as a whole.
const SPELL: i64 = 9;
/// Of eight spells an ad works in so many.
const WORKING: u64 = 5;

impl Plan {
    /// The figures of one of `ads` ads on that day; none while it pauses.
    pub fn figures(&self, ads: u64, ad: &str, day: NaiveDate) -> Option<Figures> {
        if self.spells && !works(ad, day) {
            return None;
        }
        let date = day.to_string();
        let percents = [
            WEEKDAYS[day.weekday().num_days_from_monday() as usize],
            if self.bursts { burst(day) } else { 100 },
            between(&["weight", ad], 40, 160),
            between(&["day", ad, &date], 80, 120),
        ];
        let usual = (self.per_day * Decimal::ONE_HUNDRED).to_u128()?;
        let (up, down) = if self.spells { (8, u128::from(WORKING)) } else { (1, 1) };
        let share = usual * up / down / u128::from(ads.max(1));
        let cents = percents.iter().fold(share, |cents, percent| cents * u128::from(*percent) / 100);
        let cents = u64::try_from(cents).unwrap_or(u64::MAX).max(1);

        let thousand_cost = between(&["cpm", ad, &date], 100, 250);
        let impressions = (cents * 1000 / thousand_cost).max(1);
        let clicks = impressions * between(&["ctr", ad, &date], 80, 250) / 10_000;
        Some(Figures {
            spend: Some(Decimal::new(i64::try_from(cents).unwrap_or(i64::MAX), 2)),
            impressions: Some(impressions),
            reach: Some((impressions * between(&["reach", ad, &date], 70, 92) / 100).max(1)),
            clicks: Some(clicks),
            link_clicks: Some(clicks * between(&["links", ad, &date], 55, 80) / 100),
        })
    }
}

fn burst(day: NaiveDate) -> u64 {
    if day.iso_week().week().is_multiple_of(2) { 140 } else { 60 }
}

/// Spells of different ads begin on different days.
fn works(ad: &str, day: NaiveDate) -> bool {
    let shift = i64::try_from(between(&["shift", ad], 0, 8)).unwrap_or_default();
    let spell = (i64::from(day.num_days_from_ce()) + shift) / SPELL;
    throw(&["spell", ad, &spell.to_string()]) % 8 < WORKING
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(plan: Plan, days: std::ops::Range<u32>) -> Decimal {
        let first = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let rows = days
            .flat_map(|n| (0..60).map(move |ad| (n, ad)))
            .filter_map(|(n, ad)| plan.figures(60, &format!("ad{ad}"), first + chrono::Days::new(n.into())));
        rows.filter_map(|figures| figures.spend).sum()
    }

    #[test]
    fn a_month_comes_near_the_plan() {
        let plan = Plan { per_day: Decimal::from(260), bursts: false, spells: true };
        let spent = total(plan, 0..60) / Decimal::from(60);
        assert!(spent > Decimal::from(220) && spent < Decimal::from(300), "{spent}");
    }

    #[test]
    fn bursts_are_strong_in_even_weeks() {
        let plan = Plan { per_day: Decimal::from(150), bursts: true, spells: false };
        // The 5th to the 11th of January 2026 is week 2.
        assert!(total(plan, 4..11) > total(plan, 11..18) * Decimal::TWO);
    }

    #[test]
    fn ads_pause_for_days_and_counts_stay_in_order() {
        let plan = Plan { per_day: Decimal::from(90), bursts: false, spells: true };
        let first = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let days = (0..90).map(|n| plan.figures(40, "ad", first + chrono::Days::new(n))).collect::<Vec<_>>();
        assert!(days.iter().any(Option::is_none) && days.iter().any(Option::is_some));
        for day in days.into_iter().flatten() {
            assert!(day.link_clicks <= day.clicks && day.clicks < day.impressions);
            assert!(day.reach <= day.impressions);
        }
    }
}
