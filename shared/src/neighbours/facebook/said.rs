//! What Facebook said, fit for a log and for people.

use std::fmt;

use super::failure::ErrorBody;

/// Longer texts are cut: Meta adds whole manuals to some.
const LONGEST: usize = 300;

/// No word or id in Meta's texts is so long, but every token and proof is.
const SECRET_LENGTH: usize = 40;

/// The words that came with a failure. Never holds a token or an address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// HTTP's status; nothing where there was no answer.
    pub status: Option<u16>,
    /// Meta's code.
    pub code: Option<i32>,
    /// Meta's subcode.
    pub subcode: Option<i32>,
    /// A short text.
    pub message: String,
    /// What Meta's support asks for, in the hours after the call.
    pub trace: Option<String>,
}

impl Said {
    /// What an error body says. `secrets` are taken out of the text.
    pub(super) fn of<'a>(
        status: Option<u16>,
        error: &ErrorBody,
        secrets: impl IntoIterator<Item = &'a str> + Clone,
    ) -> Self {
        let message = [&error.message, &error.user_message, &error.user_title].into_iter().flatten().next();
        let message = message.map_or("no reason given", String::as_str);
        let trace = error
            .trace
            .as_deref()
            .map(|trace| sayable(trace, secrets.clone()))
            .filter(|trace| !trace.is_empty());
        Self { status, code: error.code, subcode: error.subcode, message: sayable(message, secrets), trace }
    }

    /// What we say ourselves where Facebook gave no reason.
    pub(super) fn ourselves<'a>(
        status: Option<u16>,
        message: &str,
        secrets: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self { status, message: sayable(message, secrets), ..Self::default() }
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(status) = self.status {
            write!(f, "HTTP {status}, ")?;
        }
        match (self.code, self.subcode) {
            (Some(code), Some(subcode)) => write!(f, "code {code}/{subcode}: ")?,
            (Some(code), None) => write!(f, "code {code}: ")?,
            (None, _) => {}
        }
        f.write_str(&self.message)?;
        self.trace.as_ref().map_or(Ok(()), |trace| write!(f, " (trace {trace})"))
    }
}

/// A text without what must not be repeated: our secrets, addresses, and whatever else looks like a key. Meta quotes
/// malformed tokens in its messages.
pub(super) fn sayable<'a>(text: &str, secrets: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = text.to_owned();
    for secret in secrets {
        text = text.replace(secret, "***");
    }
    let words = text.split_whitespace().map(|word| if is_speakable(word) { word } else { "***" });
    let mut said = String::new();
    for word in words {
        if !said.is_empty() {
            said.push(' ');
        }
        said.push_str(word);
    }
    match said.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &said[..end]),
        None => said,
    }
}

fn is_speakable(word: &str) -> bool {
    let of_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '|');
    let longest = word.split(|c| !of_key(c)).map(str::len).max().unwrap_or_default();
    let names = ["://", "access_token=", "input_token=", "appsecret_proof="];
    longest < SECRET_LENGTH && !names.iter().any(|name| word.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_addresses_and_keys_are_not_repeated() {
        let key = "EAAB".to_owned() + &"x1".repeat(30);
        for (text, expected) in [
            ("the token tok-1 is bad", "the token *** is bad"),
            ("token=tok-1.", "token=***."),
            ("see https://graph.facebook.com/v26.0/me?access_token=abc now", "see *** now"),
            ("next: /me?limit=1&access_token=abc", "next: ***"),
            (&format!("Malformed access token {key}"), "Malformed access token ***"),
            ("(#100) Object with ID\n '120210000000000001'", "(#100) Object with ID '120210000000000001'"),
        ] {
            assert_eq!(sayable(text, ["tok-1"]), expected);
        }
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let said = sayable(&"ж ".repeat(400), []);
        assert_eq!(said.chars().count(), LONGEST + 1);
        assert!(said.ends_with('…'));
    }

    #[test]
    fn it_reads_as_one_line() {
        let error = ErrorBody {
            code: Some(17),
            subcode: Some(2_446_079),
            message: Some("User request limit reached".to_owned()),
            trace: Some("Axy".to_owned()),
            ..ErrorBody::default()
        };
        let said = Said::of(Some(400), &error, []);
        assert_eq!(said.to_string(), "HTTP 400, code 17/2446079: User request limit reached (trace Axy)");
        assert_eq!(Said::of(None, &ErrorBody::default(), []).to_string(), "no reason given");
    }
}
