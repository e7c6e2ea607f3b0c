//! Money is whole units of its currency; a ratio is a number or unknown.

use std::ops::{Add, AddAssign, Neg, Sub};

use serde::{Deserialize, Serialize};

/// Whole tenge. Tiyn are not in use, so the tenge is the unit that sums stay exact in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tenge(pub i64);

impl Tenge {
    /// As the amount-with-currency object of an answer.
    pub fn money(self) -> Money {
        Money { amount: self.0, currency: Currency::Kzt }
    }
}

impl Add for Tenge {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Tenge {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Tenge {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Tenge {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

/// The currencies that an answer can carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    /// Kazakhstani tenge; the amount is in whole tenge.
    Kzt,
}

/// An amount that says its currency, as every answer shows money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// In the currency's unit: whole tenge for KZT.
    pub amount: i64,
    /// What the amount is in.
    pub currency: Currency,
}

/// `numerator / denominator`, or unknown where the denominator is zero: never NaN, infinity or a false 0.
#[expect(clippy::float_arithmetic, reason = "a ratio is shown, never summed")]
#[expect(clippy::cast_precision_loss, reason = "sums of tenge stay far below 2^53")]
pub fn ratio(numerator: i64, denominator: i64) -> Option<f64> {
    (denominator != 0).then(|| numerator as f64 / denominator as f64)
}

/// The mean, rounded half away from zero; unknown for no items.
pub fn average(sum: Tenge, count: i64) -> Option<Tenge> {
    (count > 0).then(|| Tenge((sum.0 + sum.0.signum() * (count / 2)) / count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_over_nothing_is_unknown() {
        assert_eq!(ratio(5, 0), None);
        assert_eq!(ratio(0, 0), None);
        assert_eq!(ratio(1, 4), Some(0.25));
    }

    #[test]
    fn an_average_is_rounded_to_whole_tenge() {
        assert_eq!(average(Tenge(10), 4), Some(Tenge(3)));
        assert_eq!(average(Tenge(9), 4), Some(Tenge(2)));
        assert_eq!(average(Tenge(-10), 4), Some(Tenge(-3)));
        assert_eq!(average(Tenge(0), 0), None);
    }

    #[test]
    fn money_says_its_currency() {
        let json = serde_json::to_string(&Tenge(490_000).money()).unwrap();
        assert_eq!(json, r#"{"amount":490000,"currency":"KZT"}"#);
    }
}
