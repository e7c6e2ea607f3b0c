//! MarkdownV2 as Telegram's own parser reads it: the text that a person sees, and the entities in it.
//!
//! Not played: block quotes and custom emoji, which are refused, mentions by user id, which become links, and the
//! entities that Telegram finds by itself (bare links, phone numbers).

use serde::Serialize;

/// A stretch of the text with a meaning. Offsets and lengths count UTF-16 units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entity {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub offset: usize,
    pub length: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// A text as its reader sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parsed {
    pub text: String,
    pub entities: Vec<Entity>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bold,
    Italic,
    Underline,
    Strikethrough,
    Spoiler,
    Link,
    Code,
    Pre,
}

impl Kind {
    /// In an entity, and in the words of an error.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Bold => ("bold", "Bold"),
            Self::Italic => ("italic", "Italic"),
            Self::Underline => ("underline", "Underline"),
            Self::Strikethrough => ("strikethrough", "Strikethrough"),
            Self::Spoiler => ("spoiler", "Spoiler"),
            Self::Link => ("text_link", "TextUrl"),
            Self::Code => ("code", "Code"),
            Self::Pre => ("pre", "Pre"),
        }
    }

    /// How many characters end it, if `rest` begins with its end.
    fn end(self, rest: &[char]) -> Option<usize> {
        let starts = |mark: &str| mark.chars().zip(rest).filter(|(a, b)| a == *b).count() == mark.len();
        let (mark, not) = match self {
            Self::Bold => ("*", None),
            Self::Italic => ("_", Some("__")),
            Self::Underline => ("__", None),
            Self::Strikethrough => ("~", None),
            Self::Spoiler => ("||", None),
            Self::Link => ("]", None),
            Self::Code => ("`", None),
            Self::Pre => ("```", None),
        };
        (starts(mark) && !not.is_some_and(starts)).then_some(mark.len())
    }
}

/// An entity whose end was not seen yet.
struct Open {
    kind: Kind,
    language: Option<String>,
    /// In UTF-16 units and in bytes of the text so far.
    offset: usize,
    begin: usize,
    /// In bytes of the raw text.
    at: usize,
}

const RESERVED: &str = "_*[]()~`>#+-=|{}.!";

/// The text without its marks, or what Telegram says is wrong with them.
pub fn parse(raw: &str) -> Result<Parsed, String> {
    let mut reader =
        Reader { raw: raw.chars().collect(), at: 0, parsed: Parsed::default(), units: 0, open: Vec::new() };
    reader.read()?;
    let mut parsed = reader.parsed;
    parsed.entities.sort_by_key(|entity| (entity.offset, std::cmp::Reverse(entity.length)));
    Ok(parsed)
}

struct Reader {
    raw: Vec<char>,
    at: usize,
    parsed: Parsed,
    units: usize,
    open: Vec<Open>,
}

impl Reader {
    fn read(&mut self) -> Result<(), String> {
        while let Some(&character) = self.raw.get(self.at) {
            if let Some(escaped) = self.escaped() {
                self.at += 2;
                self.push(escaped);
                continue;
            }
            let inside = self.open.last().map(|open| open.kind);
            let reserved = match inside {
                Some(Kind::Code | Kind::Pre) => character == '`',
                _ => RESERVED.contains(character),
            };
            if !reserved {
                self.at += 1;
                self.push(character);
            } else if let Some(length) = inside.and_then(|kind| kind.end(&self.raw[self.at..])) {
                self.at += length;
                self.close()?;
            } else {
                self.begin(character)?;
            }
        }
        match self.open.last() {
            None => Ok(()),
            Some(open) => {
                Err(format!("Can't find end of {} entity at byte offset {}", open.kind.names().1, open.at))
            }
        }
    }

    /// The character behind a backslash; a backslash before anything but ASCII is a backslash.
    fn escaped(&self) -> Option<char> {
        let next = *self.raw.get(self.at + 1)?;
        (self.raw[self.at] == '\\' && ('\u{1}'..='\u{7e}').contains(&next)).then_some(next)
    }

    fn push(&mut self, character: char) {
        self.units += character.len_utf16();
        self.parsed.text.push(character);
    }

    fn begin(&mut self, character: char) -> Result<(), String> {
        let rest = &self.raw[self.at..];
        let next = rest.get(1).copied();
        let (kind, length) = match character {
            '_' if next == Some('_') => (Kind::Underline, 2),
            '_' => (Kind::Italic, 1),
            '*' => (Kind::Bold, 1),
            '~' => (Kind::Strikethrough, 1),
            '|' if next == Some('|') => (Kind::Spoiler, 2),
            '[' => (Kind::Link, 1),
            '`' if rest.starts_with(&['`', '`', '`']) => (Kind::Pre, 3),
            '`' => (Kind::Code, 1),
            '>' if self.starts_line() => return Err("the sandbox does not play block quotes".to_owned()),
            '!' if next == Some('[') => return Err("the sandbox does not play custom emoji".to_owned()),
            _ => {
                return Err(format!(
                    "Character '{character}' is reserved and must be escaped with the preceding '\\'"
                ));
            }
        };
        let at = self.bytes(self.at);
        self.at += length;
        let language = (kind == Kind::Pre).then(|| self.language()).flatten();
        let begin = self.parsed.text.len();
        self.open.push(Open { kind, language, offset: self.units, begin, at });
        Ok(())
    }

    fn starts_line(&self) -> bool {
        self.parsed.text.is_empty() || self.parsed.text.ends_with('\n')
    }

    /// The word behind three backticks, and one line break.
    fn language(&mut self) -> Option<String> {
        let rest = &self.raw[self.at..];
        let word = rest.iter().take_while(|found| !found.is_whitespace() && **found != '`').count();
        // Without anything behind it, it is the code itself.
        let named = word > 0 && rest.get(word).is_some_and(|after| *after != '`');
        let language = named.then(|| rest[..word].iter().collect());
        self.at += if named { word } else { 0 };
        let rest = &self.raw[self.at..];
        self.at += match (rest.first(), rest.get(1)) {
            (Some('\r'), Some('\n')) | (Some('\n'), Some('\r')) => 2,
            (Some('\r' | '\n'), _) => 1,
            _ => 0,
        };
        language
    }

    fn close(&mut self) -> Result<(), String> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let mut url = None;
        if open.kind == Kind::Link {
            url = address(&self.target(&open)?);
            if url.is_none() {
                return Ok(());
            }
        }
        let length = self.units - open.offset;
        if length > 0 {
            let kind = open.kind.names().0;
            let entity = Entity { kind, offset: open.offset, length, url, language: open.language };
            self.parsed.entities.push(entity);
        }
        Ok(())
    }

    /// What stands in the brackets behind a link's text, else the text itself.
    fn target(&mut self, open: &Open) -> Result<String, String> {
        if self.raw.get(self.at) != Some(&'(') {
            return Ok(self.parsed.text[open.begin..].to_owned());
        }
        self.at += 1;
        let begin = self.at;
        let mut target = String::new();
        loop {
            if let Some(escaped) = self.escaped() {
                target.push(escaped);
                self.at += 2;
                continue;
            }
            match self.raw.get(self.at) {
                None => return Err(format!("Can't find end of a URL at byte offset {}", self.bytes(begin))),
                Some(')') => break,
                Some(character) => target.push(*character),
            }
            self.at += 1;
        }
        self.at += 1;
        Ok(target)
    }

    fn bytes(&self, position: usize) -> usize {
        self.raw[..position].iter().map(|character| character.len_utf8()).sum()
    }
}

/// The address as Telegram stores it; `None` for what it does not take for one, whose text then stays plain.
fn address(target: &str) -> Option<String> {
    let (scheme, rest) = target.split_once("://").unwrap_or(("http", target));
    let scheme = scheme.to_lowercase();
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let known = matches!(scheme.as_str(), "http" | "https") && host.trim_matches('.').contains('.');
    if (!known && scheme != "tg") || host.is_empty() || target.contains(char::is_whitespace) {
        return None;
    }
    let slash = if rest.len() == host.len() { "/" } else { "" };
    Some(format!("{scheme}://{rest}{slash}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &str) -> (String, Vec<(&'static str, usize, usize)>) {
        let parsed = parse(raw).unwrap();
        let entities = parsed.entities.iter().map(|entity| (entity.kind, entity.offset, entity.length));
        (parsed.text.clone(), entities.collect())
    }

    #[test]
    fn every_reserved_character_is_refused_plain_and_taken_escaped() {
        for character in "()]>#+-=|{}.!".chars() {
            let said = parse(&format!("a {character} b")).unwrap_err();
            let expected =
                format!("Character '{character}' is reserved and must be escaped with the preceding '\\'");
            assert_eq!(said, expected);
        }
        let all = RESERVED.chars().chain(['\\']);
        let escaped = all.clone().map(|character| format!("\\{character}")).collect::<String>();
        assert_eq!(read(&escaped), (all.collect(), vec![]));
    }

    #[test]
    fn marks_become_entities_in_utf_16_units() {
        assert_eq!(read("😀 *Сатылым*"), ("😀 Сатылым".into(), vec![("bold", 3, 7)]));
        assert_eq!(
            read("_a_ __b__ ~c~ ||d|| `e_*` "),
            (
                "a b c d e_* ".into(),
                vec![
                    ("italic", 0, 1),
                    ("underline", 2, 1),
                    ("strikethrough", 4, 1),
                    ("spoiler", 6, 1),
                    ("code", 8, 3)
                ]
            )
        );
        assert_eq!(read("*a _b_*"), ("a b".into(), vec![("bold", 0, 3), ("italic", 2, 1)]));
        assert_eq!(read("**a"), ("a".into(), vec![]));
    }

    #[test]
    fn in_code_only_backtick_and_backslash_are_marks() {
        assert_eq!(read("`a.b\\`c\\\\`"), ("a.b`c\\".into(), vec![("code", 0, 6)]));
        let parsed = parse("```rust\nlet a = 1;\n```").unwrap();
        assert_eq!(parsed.text, "let a = 1;\n");
        assert_eq!((parsed.entities[0].kind, parsed.entities[0].language.as_deref()), ("pre", Some("rust")));
        assert_eq!(read("```code```"), ("code".into(), vec![("pre", 0, 4)]));
    }

    #[test]
    fn a_link_has_its_target_and_what_is_no_address_stays_text() {
        let parsed = parse("[deal \\#7](https://a\\.kz/b?c=\\(1\\)&d=.)").unwrap();
        assert_eq!(parsed.text, "deal #7");
        assert_eq!(parsed.entities[0].url.as_deref(), Some("https://a.kz/b?c=(1)&d=."));
        assert_eq!(parse("[a](a.kz)").unwrap().entities[0].url.as_deref(), Some("http://a.kz/"));
        assert_eq!(read("[a](nowhere)"), ("a".into(), vec![]));
    }

    #[test]
    fn what_does_not_end_or_is_not_played_is_refused() {
        for (raw, said) in [
            ("я *b", "Can't find end of Bold entity at byte offset 3"),
            ("_b*c*", "Can't find end of Italic entity at byte offset 0"),
            ("```a", "Can't find end of Pre entity at byte offset 0"),
            ("[a](b", "Can't find end of a URL at byte offset 4"),
            ("a\n>b", "the sandbox does not play block quotes"),
            ("![a](tg://emoji?id=1)", "the sandbox does not play custom emoji"),
        ] {
            assert_eq!(parse(raw).unwrap_err(), said);
        }
    }

    #[test]
    fn a_backslash_before_a_letter_of_another_alphabet_is_a_backslash() {
        assert_eq!(read("\\я\\"), ("\\я\\".into(), vec![]));
    }
}
