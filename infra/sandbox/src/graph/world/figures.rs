//! The figures of one row of insights, and their arithmetic.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::Deserialize;

/// What was delivered. A figure that is `None` has no value and is left out of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    pub spend: Option<Decimal>,
    pub impressions: Option<u64>,
    pub reach: Option<u64>,
    pub clicks: Option<u64>,
    pub link_clicks: Option<u64>,
}

impl Figures {
    /// Both together. Reach is added too: [`Figures::overlapped`] makes people of it.
    pub fn plus(self, other: Self) -> Self {
        Self {
            spend: sum(self.spend, other.spend),
            impressions: sum(self.impressions, other.impressions),
            reach: sum(self.reach, other.reach),
            clicks: sum(self.clicks, other.clicks),
            link_clicks: sum(self.link_clicks, other.link_clicks),
        }
    }

    /// The same times `part` of `whole`. One rounding rule for all counts, so that clicks never pass impressions.
    pub fn scaled(self, part: u64, whole: u64) -> Self {
        let count = |value: Option<u64>| value.map(|value| share(value, part, whole));
        Self {
            spend: self.spend.map(|spend| {
                let places = spend.scale().min(2);
                let exact = spend * Decimal::from(part) / Decimal::from(whole);
                let mut rounded =
                    exact.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
                rounded.rescale(places);
                rounded
            }),
            impressions: count(self.impressions),
            reach: count(self.reach),
            clicks: count(self.clicks),
            link_clicks: count(self.link_clicks),
        }
    }

    /// People reached by several ads or on several days are counted once: reach is no sum.
    pub fn overlapped(self) -> Self {
        Self { reach: self.reach.map(|reach| share(reach, 9, 10)), ..self }
    }

    /// Whether nothing was delivered at all.
    pub fn is_nothing(&self) -> bool {
        self.spend.is_none_or(|spend| spend.is_zero()) && self.impressions.unwrap_or(0) == 0
    }
}

fn share(value: u64, part: u64, whole: u64) -> u64 {
    let exact = u128::from(value) * u128::from(part) / u128::from(whole);
    u64::try_from(exact).unwrap_or(u64::MAX)
}

fn sum<T: std::ops::Add<Output = T>>(one: Option<T>, other: Option<T>) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one + other),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(spend: &str, impressions: u64) -> Figures {
        Figures { spend: spend.parse().ok(), impressions: Some(impressions), ..Figures::default() }
    }

    #[test]
    fn money_is_added_exactly_and_keeps_its_places() {
        let total = figures("0.10", 1).plus(figures("0.20", 2));
        assert_eq!(total.spend.unwrap().to_string(), "0.30");
        assert_eq!((total.impressions, total.clicks), (Some(3), None));
    }

    #[test]
    fn a_share_is_rounded_to_the_same_places() {
        let part = figures("10.00", 1000).scaled(1_003_333, 1_000_000);
        assert_eq!((part.spend.unwrap().to_string().as_str(), part.impressions), ("10.03", Some(1003)));
        assert!(figures("0.01", 1).scaled(1, 1440).is_nothing());
    }
}
