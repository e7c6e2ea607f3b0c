//! Whether a UTM value names a team.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// How a pattern's text has to stand in a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Match {
    /// Wherever it occurs.
    Anywhere,
    /// Only where it begins and ends with a change of character class (letter, digit, other).
    Word,
}

/// A text that marks a team's UTM values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct Pattern {
    /// As [`normalize`] returns it: every value of every hook is compared with every pattern.
    text: String,
    matching: Match,
}

/// A pattern as people write it.
#[derive(Deserialize)]
struct Written {
    text: String,
    matching: Match,
}

impl From<Written> for Pattern {
    fn from(written: Written) -> Self {
        Self::new(&written.text, written.matching)
    }
}

/// The form in which values and patterns are compared: trimmed, lower-case, NFC.
pub fn normalize(value: &str) -> String {
    value.trim().to_lowercase().nfc().collect()
}

#[derive(PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    Other,
}

fn class(c: char) -> Class {
    if c.is_alphabetic() {
        Class::Letter
    } else if c.is_numeric() {
        Class::Digit
    } else {
        Class::Other
    }
}

impl Pattern {
    /// A text to look for, in any case, and how it has to stand.
    pub fn new(text: &str, matching: Match) -> Self {
        Self { text: normalize(text), matching }
    }

    /// The text that is looked for.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the pattern stands in a value that [`normalize`] returned.
    pub fn matches(&self, normalized: &str) -> bool {
        let text = self.text.as_str();
        if text.is_empty() {
            return false;
        }
        match self.matching {
            Match::Anywhere => normalized.contains(text),
            Match::Word => occurrences(normalized, text)
                .any(|start| stands_alone(text, &normalized[..start], &normalized[start + text.len()..])),
        }
    }
}

/// Where the text occurs, overlaps included.
fn occurrences(value: &str, text: &str) -> impl Iterator<Item = usize> {
    let next = move |from: usize| value.get(from..)?.find(text).map(|found| from + found);
    let step = text.chars().next().map_or(1, char::len_utf8);
    std::iter::successors(next(0), move |start| next(start + step))
}

fn stands_alone(text: &str, before: &str, after: &str) -> bool {
    let changes = |outside: Option<char>, inside: Option<char>| match (outside, inside) {
        (Some(outside), Some(inside)) => class(outside) != class(inside),
        _ => true,
    };
    let begins = changes(before.chars().next_back(), text.chars().next());
    // A pattern that ends in `_` brings its own end: `ar_` is meant to run on into `ar_video`.
    let ends = text.ends_with('_') || changes(after.chars().next(), text.chars().next_back());
    begins && ends && !(is_numeric(text) && continues_a_date(before, after))
}

/// Digits and separators only, so that it could be a piece of a date.
fn is_numeric(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || is_date_separator(c))
}

fn continues_a_date(before: &str, after: &str) -> bool {
    let joined = |mut outward: Box<dyn Iterator<Item = char> + '_>| {
        outward.next().is_some_and(is_date_separator) && outward.next().is_some_and(|c| c.is_ascii_digit())
    };
    joined(Box::new(before.chars().rev())) || joined(Box::new(after.chars()))
}

fn is_date_separator(c: char) -> bool {
    matches!(c, '-' | '.' | '/')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn word(text: &str) -> Pattern {
        Pattern::new(text, Match::Word)
    }

    fn matches(pattern: &Pattern, value: &str) -> bool {
        pattern.matches(&normalize(value))
    }

    #[test]
    fn a_word_ends_where_the_character_class_changes() {
        for (text, value, expected) in [
            ("ar_", "kz_ar_video", true),
            ("ar_", "star_wars", false),
            ("ast_", "fast_start", false),
            ("ast_", "AST_leads", true),
            ("tima", "ultimate_sale", false),
            ("muha", "muhammad_promo", false),
            ("muha", "muha3", true),
            ("onai", "onai2", true),
            ("onai", "konai", false),
            ("on ai", "promo on ai 3", true),
            ("запуск", "Запуск_3", true),
            ("запуск", "перезапуск", false),
            ("alex", "alexander", false),
            ("kab3", "kab35", false),
            ("1day", "21day", false),
            ("1day", "free1day", true),
        ] {
            assert_eq!(matches(&word(text), value), expected, "{text} in {value}");
        }
    }

    #[test]
    fn a_piece_of_a_date_is_no_word() {
        for value in ["launch_2025-03-15", "2025-3-1", "3-1-2025", "x 2025-3-15 y", "2025.3-1", "1/3-1"] {
            assert!(!matches(&word("3-1"), value), "{value}");
        }
        for value in ["3-1", "arystan 3-1", "video_3-1_2025-11-20", "tariff-3-1", "v3-1"] {
            assert!(matches(&word("3-1"), value), "{value}");
        }
    }

    #[test]
    fn case_spaces_and_composition_do_not_matter() {
        let pattern = word("й");
        assert!(matches(&pattern, " И\u{306} "));
        assert!(matches(&Pattern::new("RM Almaty", Match::Anywhere), "promo_rm almaty_1"));
    }

    proptest! {
        #[test]
        fn a_word_match_is_always_an_anywhere_match(text in "[a-c1_\\- ]{1,4}", value in "\\PC{0,20}|[a-c1_\\- ]{0,12}") {
            let anywhere = Pattern::new(&text, Match::Anywhere);
            prop_assert!(!matches(&word(&text), &value) || matches(&anywhere, &value));
        }

        #[test]
        fn a_value_that_is_the_pattern_matches(text in "[a-zа-я0-9_]{1,8}") {
            prop_assert!(matches(&word(&text), &text));
        }
    }
}
