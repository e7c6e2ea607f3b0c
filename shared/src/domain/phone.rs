//! Phone numbers as people write them, and the one form in which they are compared and kept.

use std::fmt;

use phonenumber::country::Id;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A number without a country's code is one of Kazakhstan.
const HOME: Id = Id::KZ;

const HOME_CODE: &str = "+7";

/// How long a number of Kazakhstan is without any prefix.
const NATIONAL_DIGITS: usize = 10;

/// Longer texts are no number, however many of their characters are digits.
const LONGEST: usize = 40;

/// A valid number in E.164: `+77773886880`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Phone(String);

/// Why a text is no phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BadPhone {
    /// It is empty.
    #[error("must not be empty")]
    Empty,
    /// It has letters or signs that no number has.
    #[error("must be digits with spaces, brackets or dashes")]
    Characters,
    /// No country has such a number.
    #[error("is no valid phone number")]
    NoSuchNumber,
}

impl Phone {
    /// Reads a number in any of the ways in which people of Kazakhstan write theirs, or an international one.
    pub fn parse(text: &str) -> Result<Self, BadPhone> {
        let text = text.trim();
        if text.is_empty() {
            return Err(BadPhone::Empty);
        }
        let is_part = |c: char| c.is_ascii_digit() || c.is_whitespace() || "+()-.–—".contains(c);
        if text.chars().count() > LONGEST || !text.chars().all(is_part) || text.rfind('+').unwrap_or(0) != 0 {
            return Err(BadPhone::Characters);
        }
        let mut digits: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        // The library would take the first 7 of a number without any prefix for the country's code.
        if digits.len() == NATIONAL_DIGITS && !digits.starts_with('+') {
            digits.insert_str(0, HOME_CODE);
        }
        let parsed = phonenumber::parse(Some(HOME), &digits).map_err(|_| BadPhone::NoSuchNumber)?;
        if !phonenumber::is_valid(&parsed) {
            return Err(BadPhone::NoSuchNumber);
        }
        Ok(Self(parsed.format().mode(phonenumber::Mode::E164).to_string()))
    }

    /// The number with its plus.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number without its plus.
    pub fn digits(&self) -> &str {
        self.0.trim_start_matches('+')
    }

    /// Its last ten digits: what is alike in `+7…` and `8…`.
    pub fn last_ten(&self) -> &str {
        let digits = self.digits();
        &digits[digits.len().saturating_sub(10)..]
    }
}

impl fmt::Debug for Phone {
    /// Without the number: what is debugged is logged.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn e164(text: &str) -> Result<String, BadPhone> {
        Phone::parse(text).map(|phone| phone.as_str().to_owned())
    }

    #[test]
    fn spellings_of_one_number_are_one_number() {
        for text in [
            "8 (777) 388-68-80",
            "+77773886880",
            "87773886880",
            "77773886880",
            " +7 777 388 68 80 ",
            "+7(777)3886880",
            "7773886880",
            "8-777-388–68–80",
        ] {
            assert_eq!(e164(text).as_deref(), Ok("+77773886880"), "{text}");
        }
    }

    #[test]
    fn numbers_of_other_countries_keep_theirs() {
        for (text, expected) in [
            ("+7 912 345-67-89", "+79123456789"),
            ("8 912 345 67 89", "+79123456789"),
            ("+998 90 123 45 67", "+998901234567"),
            ("+996 555 123 456", "+996555123456"),
            ("+49 1512 3456789", "+4915123456789"),
            ("+1 (202) 456-1111", "+12024561111"),
        ] {
            assert_eq!(e164(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_says_why() {
        for (text, problem) in [
            ("", BadPhone::Empty),
            ("  ", BadPhone::Empty),
            ("8 777 ABC 68 80", BadPhone::Characters),
            ("семьсот", BadPhone::Characters),
            ("777+3886880", BadPhone::Characters),
            ("++77773886880", BadPhone::Characters),
            ("12", BadPhone::NoSuchNumber),
            ("8777388688", BadPhone::NoSuchNumber),
            ("+7777388688", BadPhone::NoSuchNumber),
            ("877738868800", BadPhone::NoSuchNumber),
            ("+999123456789", BadPhone::NoSuchNumber),
            ("0000000000", BadPhone::NoSuchNumber),
        ] {
            assert_eq!(e164(text), Err(problem), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_number_or_a_problem_and_a_number_reads_back(text in "\\PC{0,60}") {
            if let Ok(phone) = Phone::parse(&text) {
                prop_assert_eq!(Phone::parse(phone.as_str()), Ok(phone.clone()));
                prop_assert!(phone.as_str().starts_with('+') && phone.last_ten().len() <= 10);
            }
        }

        #[test]
        fn every_mobile_number_of_the_country_is_read_alike(
            operator in prop::sample::select(vec!["700", "701", "702", "705", "707", "708", "747", "771", "775", "776", "777", "778"]),
            number in 0_u32..10_000_000,
        ) {
            let number = format!("{number:07}");
            let expected = format!("+7{operator}{number}");
            for text in [
                format!("8{operator}{number}"),
                format!("7{operator}{number}"),
                format!("8 ({operator}) {}-{}-{}", &number[..3], &number[3..5], &number[5..]),
                format!("{operator}{number}"),
            ] {
                prop_assert_eq!(e164(&text).ok(), Some(expected.clone()), "{}", text);
            }
        }
    }
}
