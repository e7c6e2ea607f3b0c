//! The values of variables, as people read them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Asia::Almaty;

use crate::domain::money::Tenge;
use crate::domain::product::Product;

/// The variables that a text may name. One without a value is known all the same.
#[derive(Debug, Clone, Default)]
pub struct Values(BTreeMap<&'static str, Option<String>>);

impl Values {
    /// With one more variable. What has no visible character is no value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: Option<&str>) -> Self {
        let value = value.map(one_line).filter(|value| !value.is_empty());
        self.0.insert(name, value);
        self
    }

    /// What stands for a variable: nothing where it is not known, and nothing in it where it has no value.
    pub fn get(&self, name: &str) -> Option<Option<&str>> {
        self.0.get(name).map(Option::as_deref)
    }
}

/// What people typed, fit to stand within a line: without line ends and other control characters, and without the signs
/// that turn the direction of all that follows.
pub(super) fn one_line(text: &str) -> String {
    let turns = |c: &char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let plain = text.chars().filter(|c| !turns(c)).map(|c| if c.is_control() { ' ' } else { c });
    let mut line = String::with_capacity(text.len());
    for word in plain.collect::<String>().split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// `490 000 ₸`.
pub fn amount(tenge: Tenge) -> String {
    let digits = tenge.0.unsigned_abs().to_string();
    let mut text = String::new();
    if tenge.0 < 0 {
        text.push('-');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text + " ₸"
}

/// `20.11.2026 15:40`, in Almaty.
pub fn moment(instant: DateTime<Utc>) -> String {
    instant.with_timezone(&Almaty).format("%d.%m.%Y %H:%M").to_string()
}

/// The product's name for people.
pub fn title(product: Product) -> &'static str {
    match product {
        Product::Express => "Экспресс-курс",
        Product::Flagship => "Интегратор Flagman",
        Product::Other => "Другой продукт",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_in_groups_of_three() {
        for (tenge, text) in [
            (0, "0 ₸"),
            (5_000, "5 000 ₸"),
            (490_000, "490 000 ₸"),
            (999, "999 ₸"),
            (1_234_567, "1 234 567 ₸"),
            (-45_000, "-45 000 ₸"),
        ] {
            assert_eq!(amount(Tenge(tenge)), text);
        }
    }

    #[test]
    fn a_moment_is_almatys() {
        assert_eq!(moment("2026-11-20T20:05:00Z".parse().unwrap()), "21.11.2026 01:05");
    }

    #[test]
    fn what_people_type_becomes_one_line() {
        for (typed, line) in [
            (" Айгүл\r\nСерік\t\u{0}ова ", "Айгүл Серік ова"),
            ("שלום\u{202e}abc\u{2066}", "שלוםabc"),
            ("a\u{2028}b\u{a0}c", "a b c"),
            ("👩‍👩‍👧", "👩‍👩‍👧"),
        ] {
            assert_eq!(one_line(typed), line);
        }
        let values = Values::default().with("name", Some(" \n")).with("team", None).with("utm", Some("a"));
        assert_eq!((values.get("name"), values.get("team")), (Some(None), Some(None)));
        assert_eq!((values.get("utm"), values.get("deal")), (Some(Some("a")), None));
    }
}
