//! Numbers, ids and days as Graph carries them: as texts or as JSON numbers, and never as `null` where there is none.

use std::fmt;
use std::marker::PhantomData;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Deserializer;
use serde::de::{Error, Visitor};

use crate::domain::day::Day;

/// A text that is not empty.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = read(deserializer, "a text", |text| Some(text.to_owned()))?;
    Ok(text.filter(|text| !text.is_empty()))
}

/// An id that has to be there. Ids have up to 18 digits and are texts to us.
pub(super) fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let id = read(deserializer, "an id", |text| is_id(text).then(|| text.to_owned()))?;
    id.ok_or_else(|| D::Error::custom("an id is missing"))
}

/// Whether a text is an id, and so can stand in a path.
pub(super) fn is_id(text: &str) -> bool {
    (1..=30).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// How many; none said is none there.
pub(super) fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    maybe_count(deserializer).map(Option::unwrap_or_default)
}

/// How many, where it is said.
pub(super) fn maybe_count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    read(deserializer, "a count", |text| whole(text).filter(|count| *count >= 0))
}

/// A whole number, where one is said.
pub(super) fn maybe_whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    read(deserializer, "a whole number", whole)
}

/// An amount; none said is nothing.
pub(super) fn amount<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    maybe_amount(deserializer).map(Option::unwrap_or_default)
}

/// An amount, where one is said.
pub(super) fn maybe_amount<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    read(deserializer, "an amount", decimal)
}

/// A day that has to be there.
pub(super) fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
    maybe_day(deserializer)?.ok_or_else(|| D::Error::custom("a day is missing"))
}

/// A day, where one is said.
pub(super) fn maybe_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Day>, D::Error> {
    read(deserializer, "a day", Day::parse)
}

/// A decimal number in plain notation, exact.
pub(super) fn decimal(text: &str) -> Option<Decimal> {
    // The crate reads digits with underscores too.
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    plain.then(|| Decimal::from_str_exact(text).ok()).flatten()
}

fn whole(text: &str) -> Option<i64> {
    decimal(text).filter(Decimal::is_integer)?.to_i64()
}

fn read<'de, D, T, P>(deserializer: D, what: &'static str, parse: P) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    P: FnOnce(&str) -> Option<T>,
{
    deserializer.deserialize_any(Scalar { what, parse, read: PhantomData })
}

/// Hands the text of a scalar on, whatever JSON wrote it as.
struct Scalar<T, P> {
    what: &'static str,
    parse: P,
    read: PhantomData<T>,
}

impl<T, P: FnOnce(&str) -> Option<T>> Visitor<'_> for Scalar<T, P> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        let shortened = || text.chars().take(40).collect::<String>();
        (self.parse)(text)
            .map(Some)
            .ok_or_else(|| E::custom(format_args!("\"{}\" is not {}", shortened(), self.what)))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        self.visit_str(&number.to_string())
    }

    /// A number with a point is printed as the shortest text that means it, which is what was sent: up to 15 digits
    /// survive, and no account has spent more.
    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_as<T>(
        json: &str,
        read: fn(&mut serde_json::Deserializer<serde_json::de::StrRead<'_>>) -> Result<T, serde_json::Error>,
    ) -> Option<T> {
        read(&mut serde_json::Deserializer::from_str(json)).ok()
    }

    #[test]
    fn an_amount_is_exact_quoted_or_not() {
        for (json, expected) in [
            (r#""41.37""#, Some("41.37")),
            ("41.37", Some("41.37")),
            ("2352.45", Some("2352.45")),
            ("0.1", Some("0.1")),
            ("1234567890123.45", Some("1234567890123.45")),
            (r#""0.30000000000000004""#, Some("0.30000000000000004")),
            ("7", Some("7")),
            (r#""-0.5""#, Some("-0.5")),
            ("null", Some("0")),
            (r#""""#, None),
            (r#""1_000""#, None),
            (r#""1,000.00""#, None),
            (r#""1e3""#, None),
            ("1e300", None),
            (r#""12 USD""#, None),
            ("true", None),
            ("[]", None),
        ] {
            let expected = expected.map(|text| text.parse::<Decimal>().unwrap());
            assert_eq!(read_as(json, |json| amount(json)), expected, "{json}");
        }
    }

    #[test]
    fn a_count_is_whole_and_not_negative() {
        for (json, expected) in [
            (r#""8120""#, Some(8_120)),
            ("8120", Some(8_120)),
            ("8120.0", Some(8_120)),
            ("null", Some(0)),
            (r#""9223372036854775807""#, Some(i64::MAX)),
            (r#""9223372036854775808""#, None),
            ("8120.5", None),
            ("-1", None),
            (r#""many""#, None),
        ] {
            assert_eq!(read_as(json, |json| count(json)), expected, "{json}");
        }
    }

    #[test]
    fn an_id_is_digits_in_either_notation() {
        for (json, expected) in [
            (r#""120210000000000001""#, Some("120210000000000001")),
            ("120210000000000001", Some("120210000000000001")),
            (r#""""#, None),
            (r#""../me""#, None),
            ("null", None),
            ("1.5", None),
        ] {
            assert_eq!(read_as(json, |json| id(json)).as_deref(), expected, "{json}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let mut json = serde_json::Deserializer::from_str(r#""n/a""#);
        assert!(count(&mut json).unwrap_err().to_string().starts_with("\"n/a\" is not a count"));
    }
}
