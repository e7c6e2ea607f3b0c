//! From a text with variables to the spans that are said.

use super::values::Values;

/// A piece of what is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Its text as people read it.
    pub text: String,
    /// Whether it came from a variable, and so may be shortened.
    pub is_value: bool,
    /// Whether it is bold.
    pub is_bold: bool,
}

impl Span {
    fn plain(text: impl Into<String>, is_value: bool) -> Self {
        Self { text: text.into(), is_value, is_bold: false }
    }
}

/// Whether `*…*` in a text makes bold or stands for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Markup {
    /// It makes bold.
    Bold,
    /// It stands for itself.
    None,
}

/// What a text says with these values.
pub fn fill(text: &str, values: &Values, markup: Markup) -> Vec<Span> {
    let lines = text.lines().filter_map(|line| line_of(line, values));
    let mut lines: Vec<Vec<Span>> = lines.collect();
    let is_blank = |line: &Vec<Span>| line.iter().all(|span| span.text.trim().is_empty());
    while lines.last().is_some_and(is_blank) {
        lines.pop();
    }
    let lines = lines.into_iter().skip_while(is_blank).map(|line| match markup {
        Markup::Bold => emboldened(line),
        Markup::None => line,
    });
    let lines: Vec<Vec<Span>> = lines.collect();
    lines.join(&Span::plain("\n", false))
}

/// The spans of one line; nothing where one of its variables has no value.
fn line_of(line: &str, values: &Values) -> Option<Vec<Span>> {
    let (mut spans, mut literal, mut rest) = (vec![], String::new(), line);
    while let Some((before, after)) = rest.split_once('{') {
        literal.push_str(before);
        let variable = after.split_once('}').and_then(|(name, after)| Some((values.get(name)?, after)));
        match variable {
            Some((value, after)) => {
                spans.push(Span::plain(std::mem::take(&mut literal), false));
                spans.push(Span::plain(value?, true));
                rest = after;
            }
            None => {
                literal.push('{');
                rest = after;
            }
        }
    }
    literal.push_str(rest);
    spans.push(Span::plain(literal, false));
    spans.retain(|span| !span.text.is_empty());
    Some(spans)
}

/// Takes the stars that pair up within a line for bold; one too many makes all of them stars.
fn emboldened(line: Vec<Span>) -> Vec<Span> {
    let stars = |span: &Span| if span.is_value { 0 } else { span.text.matches('*').count() };
    if !line.iter().map(stars).sum::<usize>().is_multiple_of(2) {
        return line;
    }
    let (mut spans, mut is_bold) = (vec![], false);
    for span in line {
        if span.is_value {
            spans.push(Span { is_bold, ..span });
            continue;
        }
        for (place, piece) in span.text.split('*').enumerate() {
            is_bold ^= place > 0;
            spans.push(Span { is_bold, ..Span::plain(piece, false) });
        }
    }
    spans.retain(|span| !span.text.is_empty());
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Values {
        Values::default().with("name", Some("A*{team}")).with("team", Some("Muha")).with("none", None)
    }

    fn plain(text: &str) -> String {
        fill(text, &values(), Markup::None).iter().map(|span| span.text.as_str()).collect()
    }

    fn bold(text: &str) -> String {
        let spans = fill(text, &values(), Markup::Bold);
        spans.iter().map(|s| if s.is_bold { format!("<{}>", s.text) } else { s.text.clone() }).collect()
    }

    #[test]
    fn variables_are_filled_once_and_unknown_ones_stay() {
        assert_eq!(plain("{name}, {team}"), "A*{team}, Muha");
        for text in ["{nobody}", "{", "}", "{}", "{name", "{ name }", "{{", "{Name}"] {
            assert_eq!(plain(text), text);
        }
        assert_eq!(plain("{{team}}{x{team}"), "{Muha}{xMuha");
    }

    #[test]
    fn a_line_whose_variable_has_no_value_is_left_out() {
        assert_eq!(plain("{team}\nfrom {none} and {team}\n\nend"), "Muha\n\nend");
        assert_eq!(plain("{none}\n\na\n\n{none}\n"), "a");
        assert_eq!(plain("{none}"), "");
    }

    #[test]
    fn stars_that_pair_up_within_a_line_are_bold() {
        assert_eq!(bold("*{team}*: {name}*!*"), "<Muha>: A*{team}<!>");
        assert_eq!(bold("a * b {name}"), "a * b A*{team}");
        assert_eq!(bold("**{team}**\n*a\nb*"), "Muha\n*a\nb*");
    }
}
