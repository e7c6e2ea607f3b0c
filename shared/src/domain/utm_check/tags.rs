//! The parameters of an address as they will arrive, and where they stood.
//!
//! Only `&` separates parameters. What follows another sign arrives as a part of the value before it: that is found here
//! and kept as it is, because attribution will see it so.

use serde::{Deserialize, Serialize};

use super::spelling;

/// Longer values are cut: they are shown, not kept for their own sake.
const LONGEST: usize = 500;

/// Signs that people take for separators.
const MISTAKEN: [char; 6] = ['?', ';', ',', '&', '|', ' '];

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In the ad's "URL parameters".
    UrlTags,
    /// In the link itself.
    Link,
}

impl Place {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UrlTags => "url_tags",
            Self::Link => "link",
        }
    }
}

/// One parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// Its name as it is written.
    pub name: String,
    /// Its value as it is written.
    pub value: String,
    /// Its value as it will arrive, where macros stand in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filled: Option<String>,
    /// Where it stands.
    pub place: Place,
    /// What was taken for a separator in or before it.
    #[serde(skip)]
    pub wrong_separator: Option<String>,
    /// Macros in it that Facebook does not fill in.
    #[serde(skip)]
    pub broken_macros: Vec<String>,
}

impl Tag {
    /// The value as it will arrive.
    pub fn arrives(&self) -> &str {
        self.filled.as_deref().unwrap_or(&self.value)
    }
}

/// The parameters that an ad adds to its links.
pub fn of_template(text: &str) -> Vec<Tag> {
    of_query(text, Place::UrlTags)
}

/// The parameters of a link.
pub fn of_link(link: &str) -> Vec<Tag> {
    match link.split_once('?') {
        Some((_, query)) => of_query(query, Place::Link),
        // `…/page&utm_source=…` has no parameters, and was meant to have some.
        None => mistaken(link).map(|separator| without_query(link, separator)).into_iter().collect(),
    }
}

fn without_query(link: &str, separator: String) -> Tag {
    let after = link.split_once(separator.as_str()).map_or(link, |(_, after)| after);
    Tag {
        name: cut(&format!("{separator}{}", after.split('=').next().unwrap_or_default())),
        value: cut(after.split_once('=').map_or("", |(_, value)| value)),
        filled: None,
        place: Place::Link,
        wrong_separator: Some(separator),
        broken_macros: vec![],
    }
}

fn of_query(query: &str, place: Place) -> Vec<Tag> {
    let query = query.trim().split('#').next().unwrap_or_default();
    query.split('&').filter(|piece| !piece.is_empty()).map(|piece| tag(piece, place)).collect()
}

fn tag(piece: &str, place: Place) -> Tag {
    let (name, value) = form_urlencoded::parse(piece.as_bytes()).next().unwrap_or_default();
    let before = ["amp;", "?", ";"].into_iter().find(|sign| {
        let rest = name.strip_prefix(*sign);
        rest.is_some_and(|rest| spelling::is_meant(rest.trim_start_matches(MISTAKEN)))
    });
    let wrong_separator = before.map(|sign| if sign == "amp;" { "&amp;" } else { sign }.to_owned());
    Tag {
        wrong_separator: wrong_separator.or_else(|| mistaken(&value)).or_else(|| mistaken(&name)),
        name: cut(&name),
        value: cut(&value),
        filled: None,
        place,
        broken_macros: vec![],
    }
}

/// The sign behind which another UTM parameter stands within this text.
fn mistaken(text: &str) -> Option<String> {
    let mut signs = text.char_indices().filter(|(_, sign)| MISTAKEN.contains(sign));
    let found = signs.find(|(at, sign)| {
        let rest = text[at + sign.len_utf8()..].trim_start();
        rest.split_once('=').is_some_and(|(name, _)| spelling::is_meant(name))
    });
    found.map(|(_, sign)| sign.to_string())
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(tags: &[Tag]) -> Vec<(&str, &str, Option<&str>)> {
        tags.iter()
            .map(|tag| (tag.name.as_str(), tag.value.as_str(), tag.wrong_separator.as_deref()))
            .collect()
    }

    #[test]
    fn parameters_are_read_as_a_landing_page_reads_them() {
        let link = "https://school.kz/x?utm_source=fb%20ads&&utm_term=a+b&ref=1#utm_campaign=muha";
        assert_eq!(
            shown(&of_link(link)),
            [("utm_source", "fb ads", None), ("utm_term", "a b", None), ("ref", "1", None)]
        );
        assert_eq!(shown(&of_link("https://school.kz/x?time=1;2&q=a,b c")).len(), 2);
        assert!(of_link("https://school.kz/x").is_empty());
    }

    #[test]
    fn wrong_separators_are_found_wherever_they_stand() {
        for (query, name, separator) in [
            ("utm_source=fb?utm_campaign=muha", "utm_source", "?"),
            ("utm_source=fb;utm_campain=muha", "utm_source", ";"),
            ("utm_source=fb, utm_campaign=muha", "utm_source", ","),
            ("utm_source=fb%26utm_campaign=muha", "utm_source", "&"),
            ("?utm_source=fb", "?utm_source", "?"),
            ("amp;utm_source=fb", "amp;utm_source", "&amp;"),
        ] {
            let tags = of_template(query);
            assert_eq!((tags[0].name.as_str(), tags[0].wrong_separator.as_deref()), (name, Some(separator)));
        }
        let tags = of_link("https://school.kz/x&utm_source=fb");
        assert_eq!(shown(&tags), [("&utm_source", "fb", Some("&"))]);
        assert_eq!(of_template("q=is it ; so?")[0].wrong_separator, None);
    }
}
