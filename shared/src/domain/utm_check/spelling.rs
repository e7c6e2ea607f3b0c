//! Whether a parameter's name is one of the five, or was meant to be.

use crate::domain::utm::UtmName;

/// So many letters wrong, missing, too many or changed about are still the same name.
const MOST_SLIPS: usize = 2;

/// Names of others that look like ours and are right as they are.
const OTHERS: [&str; 5] =
    ["utm_id", "utm_source_platform", "utm_creative_format", "utm_marketing_tactic", "utm_referrer"];

/// How a name is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// As it has to be.
    Right(UtmName),
    /// With capitals or spaces: we read it, landing pages and amoCRM may not.
    Odd(UtmName),
    /// With slips: nobody reads it.
    Near(UtmName),
    /// It is no UTM name and was not meant to be.
    Other,
}

/// How this name is written.
pub fn of(name: &str) -> Spelling {
    if let Some(known) = UtmName::from_code(name) {
        return if known.as_str() == name { Spelling::Right(known) } else { Spelling::Odd(known) };
    }
    let name = name.trim().to_lowercase();
    if OTHERS.contains(&name.as_str()) {
        return Spelling::Other;
    }
    let nearest =
        UtmName::ALL.into_iter().map(|known| (slips(&name, known.as_str()), known)).min_by_key(|(n, _)| *n);
    match nearest {
        Some((slips, known)) if slips <= MOST_SLIPS => Spelling::Near(known),
        _ => Spelling::Other,
    }
}

/// Whether it is one of the five, well written or not.
pub fn is_meant(name: &str) -> bool {
    of(name) != Spelling::Other
}

/// How many letters have to be changed, taken away, added, or exchanged with their neighbour.
fn slips(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len().abs_diff(other.len()) > MOST_SLIPS {
        return usize::MAX;
    }
    let mut before: Vec<usize> = vec![];
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let changed = above[j] + usize::from(a != b);
            let mut least = changed.min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_from_names_of_others() {
        for (name, expected) in [
            ("utm_campaign", Spelling::Right(UtmName::Campaign)),
            ("UTM_source ", Spelling::Odd(UtmName::Source)),
            ("utm_campain", Spelling::Near(UtmName::Campaign)),
            ("utm_campaing", Spelling::Near(UtmName::Campaign)),
            ("Utm_Souce", Spelling::Near(UtmName::Source)),
            ("utm-source", Spelling::Near(UtmName::Source)),
            ("utmsource", Spelling::Near(UtmName::Source)),
            ("umt_medium", Spelling::Near(UtmName::Medium)),
            ("utm_сontent", Spelling::Near(UtmName::Content)),
            ("utm_tem", Spelling::Near(UtmName::Term)),
            ("utm_id", Spelling::Other),
            ("utm_referrer", Spelling::Other),
            ("campaign", Spelling::Other),
            ("fbclid", Spelling::Other),
            ("ref", Spelling::Other),
            ("", Spelling::Other),
        ] {
            assert_eq!(of(name), expected, "{name}");
        }
    }
}
