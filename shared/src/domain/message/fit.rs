//! Shortens what is said until it fits. What came from variables gives way first, the longest of it first.

use super::template::Span;

/// Stands for what was left out.
const CUT: char = '…';

/// Spans that together have no more than `longest` UTF-16 units, which is how Telegram counts. No value has more than
/// `longest_value`.
pub fn fit(mut spans: Vec<Span>, longest: usize, longest_value: usize) -> Vec<Span> {
    cut_values(&mut spans, longest_value);
    if length(&spans) > longest {
        let fits = |cap: usize| {
            let each =
                |span: &Span| if span.is_value { units(&span.text).min(cap) } else { units(&span.text) };
            spans.iter().map(each).sum::<usize>() <= longest
        };
        // The largest cap that fits; each larger one lets more through, so it can be halved for.
        let (mut fitting, mut too_large) = (0, longest + 1);
        while too_large - fitting > 1 {
            let middle = fitting.midpoint(too_large);
            *if fits(middle) { &mut fitting } else { &mut too_large } = middle;
        }
        cut_values(&mut spans, fitting);
    }
    // The text itself may be too long, whatever it is filled with.
    let mut left = longest;
    for span in &mut spans {
        span.text = cut(&span.text, left);
        left -= units(&span.text);
    }
    spans.retain(|span| !span.text.is_empty());
    spans
}

fn cut_values(spans: &mut [Span], longest: usize) {
    for span in spans.iter_mut().filter(|span| span.is_value) {
        span.text = cut(&span.text, longest);
    }
}

/// A text of no more than so many units, cut between characters.
fn cut(text: &str, longest: usize) -> String {
    if units(text) <= longest {
        return text.to_owned();
    }
    let Some(room) = longest.checked_sub(CUT.len_utf16()) else { return String::new() };
    let mut used = 0;
    let fits = |c: &char| {
        used += c.len_utf16();
        used <= room
    };
    text.chars().take_while(fits).chain([CUT]).collect()
}

fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// How long spans are together.
pub fn length(spans: &[Span]) -> usize {
    spans.iter().map(|span| units(&span.text)).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn span(text: &str, is_value: bool) -> Span {
        Span { text: text.to_owned(), is_value, is_bold: false }
    }

    fn texts(spans: &[Span]) -> Vec<&str> {
        spans.iter().map(|span| span.text.as_str()).collect()
    }

    #[test]
    fn the_longest_values_give_way_first() {
        let spans = vec![span("ab", true), span(": ", false), span("0123456789", true)];
        assert_eq!(texts(&fit(spans.clone(), 14, 99)), ["ab", ": ", "0123456789"]);
        assert_eq!(texts(&fit(spans.clone(), 9, 99)), ["ab", ": ", "0123…"]);
        assert_eq!(texts(&fit(spans.clone(), 4, 99)), ["…", ": ", "…"]);
        assert_eq!(texts(&fit(spans.clone(), 1, 99)), ["…"]);
        assert_eq!(texts(&fit(spans, 99, 4)), ["ab", ": ", "012…"]);
    }

    #[test]
    fn what_takes_two_units_is_left_whole() {
        assert_eq!(["a🚀b", "🚀🚀"].map(|text| cut(text, 3)), ["a…", "🚀…"].map(str::to_owned));
        assert_eq!((cut("🚀", 2), cut("🚀a", 2), cut("ab", 0)), ("🚀".into(), "…".into(), String::new()));
    }

    proptest! {
        #[test]
        fn it_fits_and_nothing_is_cut_without_need(
            texts in prop::collection::vec((".{0,40}", any::<bool>()), 0..6),
            longest in 0..120_usize,
        ) {
            let spans: Vec<Span> = texts.iter().map(|(text, is_value)| span(text, *is_value)).collect();
            let fitted = fit(spans.clone(), longest, usize::MAX);
            prop_assert!(length(&fitted) <= longest);
            if length(&spans) <= longest {
                let whole: String = spans.iter().map(|span| span.text.as_str()).collect();
                prop_assert_eq!(fitted.iter().map(|span| span.text.as_str()).collect::<String>(), whole);
            }
        }
    }
}
