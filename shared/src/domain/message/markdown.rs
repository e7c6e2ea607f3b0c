//! Telegram's MarkdownV2. Every character that means something in it is escaped, so that spans read as they are and no
//! text can break the message.

use super::template::Span;

/// What means something outside of code and links, and the escape itself.
const RESERVED: &str = "_*[]()~`>#+-=|{}.!\\";

/// The spans as Telegram takes them.
pub fn write(spans: &[Span]) -> String {
    let mut text = String::new();
    for run in spans.chunk_by(|one, next| one.is_bold == next.is_bold) {
        let star = if run[0].is_bold { "*" } else { "" };
        text.push_str(star);
        run.iter().for_each(|span| escape(&span.text, &mut text));
        text.push_str(star);
    }
    text
}

fn escape(plain: &str, text: &mut String) {
    for c in plain.chars() {
        if RESERVED.contains(c) {
            text.push('\\');
        }
        text.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_reserved_is_escaped_inside_bold_too() {
        let span = |text: &str, is_bold| Span { text: text.to_owned(), is_value: true, is_bold };
        assert_eq!(write(&[span("a.b", true), span("*", true), span(" - c", false)]), r"*a\.b\** \- c");
        assert_eq!(write(&[span("_*[]()~`>#+-=|{}.!\\", false)]), r"\_\*\[\]\(\)\~\`\>\#\+\-\=\|\{\}\.\!\\");
        assert_eq!(write(&[]), "");
    }
}
