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
pub struct Pattern {
    /// The text to look for; case does not matter.
    pub text: String,
    /// How it has to stand.
    pub matching: Match,
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
    /// Whether the pattern stands in a value that [`normalize`] returned.
    pub fn matches(&self, normalized: &str) -> bool {
        let text = normalize(&self.text);
        if text.is_empty() {
            return false;
        }
        match self.matching {
            Match::Anywhere => normalized.contains(&text),
            Match::Word => (0..normalized.len())
                .filter(|start| {
                    normalized.is_char_boundary(*start) && normalized[*start..].starts_with(&text)
                })
                .any(|start| stands_alone(&text, &normalized[..start], &normalized[start + text.len()..])),
        }
    }
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
        Pattern { text: text.into(), matching: Match::Word }
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
        assert!(matches(
            &Pattern { text: "RM Almaty".into(), matching: Match::Anywhere },
            "promo_rm almaty_1"
        ));
    }

    proptest! {
        #[test]
        fn a_word_match_is_always_an_anywhere_match(text in "[a-c1_\\- ]{1,4}", value in "\\PC{0,20}|[a-c1_\\- ]{0,12}") {
            let anywhere = Pattern { text: text.clone(), matching: Match::Anywhere };
            prop_assert!(!matches(&word(&text), &value) || matches(&anywhere, &value));
        }

        #[test]
        fn a_value_that_is_the_pattern_matches(text in "[a-zа-я0-9_]{1,8}") {
            prop_assert!(matches(&word(&text), &text));
        }
    }
}
