//! Numbers and times as hooks carry them: as texts.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::money::Tenge;

/// More than any course costs, and far from where sums would overflow.
const HIGHEST_PRICE: i64 = 1_000_000_000_000;

/// No deal is older than amoCRM: 2000-01-01.
const EARLIEST: i64 = 946_684_800;

/// An id is a positive number that a JSON reader can hold exactly.
pub fn id(text: &str) -> Option<u64> {
    const LARGEST: u64 = 1 << 53;
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok())?.filter(|id| (1..=LARGEST).contains(id))
}

/// A price in whole tenge: a fraction is rounded half up, zero is unset.
pub fn price(text: &str) -> Result<Option<Tenge>, String> {
    let unreadable = || format!("price \"{}\" is not an amount", shortened(text));
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let plain = if has_thousands(&plain) { plain.replace(',', "") } else { plain };
    let (whole, fraction) = plain.split_once(['.', ',']).unwrap_or((&plain, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return Err(unreadable());
    }
    let whole: i64 = whole.parse().ok().filter(|whole| *whole <= HIGHEST_PRICE).ok_or_else(unreadable)?;
    let amount = whole + i64::from(fraction.as_bytes()[0] >= b'5');
    Ok((amount > 0).then_some(Tenge(amount)))
}

/// `490,000`: groups of three digits after the first comma.
fn has_thousands(text: &str) -> bool {
    let mut groups = text.split(',');
    let leads = groups.next().is_some_and(|first| (1..=3).contains(&first.len()));
    let mut groups = groups.peekable();
    leads && groups.peek().is_some() && groups.all(|group| group.len() == 3)
}

/// A time in Unix seconds. One that lies ahead of its own arrival would make every later event look old.
pub fn time(text: &str, received_at: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
    text.parse()
        .ok()
        .filter(|seconds| *seconds >= EARLIEST)
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .filter(|time| *time <= received_at + TimeDelta::days(1))
        .ok_or_else(|| format!("time \"{}\" is not a time before its arrival", shortened(text)))
}

/// Enough of a value to recognise it by.
pub fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_whole_tenge_or_a_problem() {
        for (text, expected) in [
            ("490000", Ok(Some(490_000))),
            ("0", Ok(None)),
            ("280.00", Ok(Some(280))),
            ("280,50", Ok(Some(281))),
            ("490 000", Ok(Some(490_000))),
            ("490,000", Ok(Some(490_000))),
            ("1,490,000", Ok(Some(1_490_000))),
            ("0.4", Ok(None)),
            ("-5000", Err(())),
            ("1e5", Err(())),
            ("5000.", Err(())),
            ("99999999999999999999999999999", Err(())),
            ("1000000000001", Err(())),
            ("abc", Err(())),
        ] {
            assert_eq!(price(text).map_err(|_| ()), expected.map(|price| price.map(Tenge)), "{text}");
        }
    }

    #[test]
    fn ids_are_positive_and_not_too_long() {
        assert_eq!(id("35160001"), Some(35_160_001));
        for text in ["", "0", "-1", "+1", "1.0", "123456789012345678901234567890", "9007199254740993", "１"]
        {
            assert_eq!(id(text), None, "{text}");
        }
    }

    #[test]
    fn times_lie_between_the_beginning_and_the_arrival() {
        let arrival = "2026-11-20T05:00:00Z".parse().unwrap();
        assert_eq!(time("1712331728", arrival), Ok("2024-04-05T15:42:08Z".parse().unwrap()));
        for text in ["", "0", "-1", "1e9", "99999999999", "9223372036854775807", "1795410000"] {
            assert!(time(text, arrival).is_err(), "{text}");
        }
    }
}
