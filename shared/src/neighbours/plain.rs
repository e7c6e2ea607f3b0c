//! A neighbour's own words, where they are words and nothing else.
//!
//! What may be repeated to an admin as the reason of a refusal: plain sentences in Latin letters, which no key, phone,
//! e-mail or address is.

/// Longer texts are none of the sentences that we wait for.
const LONGEST: usize = 120;

/// No word of a sentence is longer, and every key is.
const LONGEST_WORD: usize = 24;

/// The text, if it is plain words and holds none of these secrets.
pub(super) fn plain<'a>(text: &'a str, secrets: &[&str]) -> Option<&'a str> {
    let text = text.trim();
    let may_stand = |c: char| c.is_ascii_alphabetic() || " .,:;'()_-".contains(c);
    let is_plain = !text.is_empty() && text.len() <= LONGEST && text.chars().all(may_stand);
    let is_short = text.split_whitespace().all(|word| word.len() <= LONGEST_WORD);
    let tells = secrets.iter().any(|secret| !secret.is_empty() && text.contains(secret));
    (is_plain && is_short && !tells).then_some(text)
}

/// A reason in one line: the status, the code and the words, as far as there are any.
pub(super) fn reason(status: u16, code: Option<&str>, words: Option<&str>) -> String {
    let code = code.map(|code| format!(", {code}")).unwrap_or_default();
    let words = words.map(|words| format!(": {words}")).unwrap_or_default();
    format!("HTTP {status}{code}{words}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_pass_and_keys_people_and_addresses_do_not() {
        for text in ["Bad Request: chat not found", "invalid_api_key", "Login failed"] {
            assert_eq!(plain(text, &["k-1", ""]), Some(text));
        }
        for text in [
            "",
            "Incorrect API key provided: sk-a1",
            "no abc here",
            "https://api.openai.com",
            "+77011234567",
            "AAbcdefghijklmnopqrstuvwxyz",
            &"word ".repeat(30),
        ] {
            assert_eq!(plain(text, &["abc"]), None, "{text}");
        }
        assert_eq!(reason(401, Some("invalid_api_key"), None), "HTTP 401, invalid_api_key");
        assert_eq!(reason(400, None, Some("Login failed")), "HTTP 400: Login failed");
    }
}
