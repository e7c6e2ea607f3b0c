//! What was found, in the words of the person who asked for it: a line for each day.

use std::collections::BTreeMap;

use crate::domain::day::Day;

/// One difference in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Whose counters, or which deal's.
    pub owner: String,
    /// What it is.
    pub kind: &'static str,
    /// What it was and what it should be.
    pub what: String,
}

/// A count before and after; nothing where it stays.
pub fn count(name: &str, before: i64, after: i64) -> Option<String> {
    (before != after).then(|| format!("{name} {before} → {after}"))
}

/// A count with its sum before and after; nothing where both stay.
pub fn figures(name: &str, before: (i64, i64), after: (i64, i64)) -> Option<String> {
    let sums = match (before.1, after.1) {
        (one, other) if one == other => grouped(one),
        (one, other) => format!("{} → {}", grouped(one), grouped(other)),
    };
    let counts =
        if before.0 == after.0 { before.0.to_string() } else { format!("{} → {}", before.0, after.0) };
    (before != after).then(|| format!("{name} {counts} ({sums} ₸)"))
}

/// A number with its thousands apart.
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The line of a day.
pub fn line(day: Day, looked_at: &str, changes: &[Change], is_mended: bool) -> String {
    if changes.is_empty() {
        return format!("{day}: {looked_at}, nothing differs");
    }
    let mut by_owner: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for change in changes {
        by_owner.entry((change.kind, &change.owner)).or_default().push(&change.what);
    }
    let told = by_owner.into_iter().map(|((kind, owner), what)| {
        let verb = match (what.len(), is_mended) {
            (1, true) => "was wrong and is mended",
            (_, true) => "were wrong and are mended",
            (1, false) => "is wrong",
            (_, false) => "are wrong",
        };
        format!("{} {} of {owner} {verb}: {}", what.len(), plural(kind, what.len()), what.join("; "))
    });
    format!("{day}: {}", told.collect::<Vec<_>>().join(". "))
}

/// The first word of a kind, of many.
fn plural(kind: &str, count: usize) -> String {
    let (first, rest) = kind.split_at(kind.find(' ').unwrap_or(kind.len()));
    if count == 1 { kind.to_owned() } else { format!("{first}s{rest}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(owner: &str, kind: &'static str, what: &str) -> Change {
        Change { owner: owner.to_owned(), kind, what: what.to_owned() }
    }

    #[test]
    fn a_figure_is_told_with_what_it_was_and_what_it_should_be() {
        assert_eq!(
            figures("express", (12, 60_000), (13, 65_000)).unwrap(),
            "express 12 → 13 (60,000 → 65,000 ₸)"
        );
        assert_eq!(
            figures("flagship", (2, -1_000), (2, 980_000)).unwrap(),
            "flagship 2 (-1,000 → 980,000 ₸)"
        );
        assert_eq!(figures("express", (0, 0), (1, 0)).unwrap(), "express 0 → 1 (0 ₸)");
        assert_eq!(figures("express", (1, 5_000), (1, 5_000)), None);
        assert_eq!((count("leads", 1, 2).unwrap().as_str(), count("leads", 2, 2)), ("leads 1 → 2", None));
    }

    #[test]
    fn a_days_line_gathers_what_is_of_one_owner() {
        let day = Day::parse("2026-11-03").unwrap();
        assert_eq!(line(day, "3 sales", &[], true), "2026-11-03: 3 sales, nothing differs");
        let changes = [
            change("kenesary", "counter", "express 12 → 13"),
            change("muha", "counter by the day of the lead", "other 1 → 0"),
            change("kenesary", "counter", "flagship 1 → 2"),
        ];
        assert_eq!(
            line(day, "3 sales", &changes, false),
            "2026-11-03: 2 counters of kenesary are wrong: express 12 → 13; flagship 1 → 2. \
             1 counter by the day of the lead of muha is wrong: other 1 → 0"
        );
        assert_eq!(
            line(day, "3 sales", &changes[..1], true),
            "2026-11-03: 1 counter of kenesary was wrong and is mended: express 12 → 13"
        );
    }
}
