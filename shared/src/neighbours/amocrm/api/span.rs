//! A time that is asked about, in the whole seconds that amoCRM counts in.

use chrono::{DateTime, Utc};

/// From one second to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Its first second.
    pub from: DateTime<Utc>,
    /// Its last second; without one it has no end.
    pub to: Option<DateTime<Utc>>,
}

impl Span {
    /// Whether it holds a time.
    pub fn holds(self, at: DateTime<Utc>) -> bool {
        let second = at.timestamp();
        second >= self.from.timestamp() && self.to.is_none_or(|to| second <= to.timestamp())
    }

    /// The filter that asks for it.
    pub(super) fn filter(self, field: &str) -> impl Iterator<Item = (String, String)> {
        let part =
            |side: &str, at: DateTime<Utc>| (format!("filter[{field}][{side}]"), at.timestamp().to_string());
        [part("from", self.from)].into_iter().chain(self.to.map(|to| part("to", to)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_belong_to_it_however_they_are_divided() {
        let at = |text: &str| text.parse().unwrap();
        let (from, to) = (at("2026-11-20T05:00:00.700Z"), at("2026-11-20T05:00:02.100Z"));
        for (text, in_span, in_open) in [
            ("2026-11-20T04:59:59Z", false, false),
            ("2026-11-20T05:00:00Z", true, true),
            ("2026-11-20T05:00:02Z", true, true),
            ("2026-11-20T05:00:03Z", false, true),
        ] {
            let (span, open) = (Span { from, to: Some(to) }, Span { from, to: None });
            assert_eq!((span.holds(at(text)), open.holds(at(text))), (in_span, in_open), "{text}");
        }
    }
}
