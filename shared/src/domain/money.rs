//! Money is whole units of its currency; a ratio is a number or unknown.

use std::fmt;
use std::ops::{Add, AddAssign, Neg, Sub};

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// Whole tenge. Tiyn are not in use, so the tenge is the unit that sums stay exact in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tenge(pub i64);

impl Tenge {
    /// As the amount-with-currency object of an answer.
    pub fn money(self) -> Money {
        Money { amount: self.0, currency: Currency::KZT }
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

/// A currency by its code. Any code is one: what a neighbour says is kept, also where nobody knows a rate for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The tenge.
    pub const KZT: Self = Self(*b"KZT");

    /// Reads three letters.
    pub fn parse(code: &str) -> Option<Self> {
        let code: [u8; 3] = code.as_bytes().try_into().ok()?;
        code.iter().all(u8::is_ascii_alphabetic).then(|| Self(code.map(|letter| letter.to_ascii_uppercase())))
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// How many decimal digits an amount of its unit has: those of ISO 4217, 2 for a code that is not in it, and 0 for
    /// the tenge, whose tiyn are not in use.
    pub fn decimals(self) -> u32 {
        if self == Self::KZT {
            return 0;
        }
        iso_currency::Currency::from_code(self.as_str())
            .and_then(iso_currency::Currency::exponent)
            .map_or(2, u32::from)
    }

    /// A decimal amount in this currency's unit, rounded half up; nothing where it does not fit.
    pub fn units(self, amount: Decimal) -> Option<i64> {
        let scale = Decimal::from(10_i64.checked_pow(self.decimals())?);
        amount.checked_mul(scale)?.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64()
    }

    /// An amount of units as the decimal it stands for.
    pub fn decimal(self, units: i64) -> Decimal {
        Decimal::new(units, self.decimals())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::parse(&code).ok_or_else(|| serde::de::Error::custom("a currency has three letters"))
    }
}

/// An amount that says its currency, as every answer shows money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// In the currency's unit: US cents, Japanese yen, whole tenge.
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
    fn a_decimal_amount_becomes_units_of_its_currency() {
        for (code, amount, units) in [
            ("USD", "41.37", 4_137),
            ("usd", "0.005", 1),
            ("USD", "0.0049", 0),
            ("JPY", "1234", 1_234),
            ("KWD", "1.2345", 1_235),
            ("KZT", "999.5", 1_000),
            ("ZZZ", "12.30", 1_230),
            ("USD", "-0.5", -50),
        ] {
            let currency = Currency::parse(code).unwrap();
            assert_eq!(currency.units(amount.parse().unwrap()), Some(units), "{amount} {code}");
        }
        assert_eq!(Currency::parse("USD").unwrap().units(Decimal::MAX), None);
        assert_eq!(Currency::parse("USD").unwrap().decimal(4_137).to_string(), "41.37");
    }

    #[test]
    fn a_currency_is_three_letters() {
        for code in ["", "US", "USDT", "U5D", "тг"] {
            assert_eq!(Currency::parse(code), None, "{code}");
        }
        assert_eq!(serde_json::to_string(&Currency::parse("eur").unwrap()).unwrap(), "\"EUR\"");
        assert!(serde_json::from_str::<Currency>("\"EURO\"").is_err());
    }

    #[test]
    fn money_says_its_currency() {
        let json = serde_json::to_string(&Tenge(490_000).money()).unwrap();
        assert_eq!(json, r#"{"amount":490000,"currency":"KZT"}"#);
    }
}
