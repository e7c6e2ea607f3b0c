//! Which bot writes, and to which chat.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

/// A bot's token and its chat. Printing one shows nothing.
#[derive(Clone)]
pub struct Credentials {
    token: String,
    chat: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials")
    }
}

#[derive(Deserialize)]
struct Stored {
    bot_token: String,
    chat_id: Value,
}

impl Credentials {
    /// Reads `{"bot_token", "chat_id"}`; the chat is a number, as one or as text, or a channel's name.
    pub fn parse(json: &str) -> Option<Self> {
        let stored: Stored = serde_json::from_str(json).ok()?;
        let token = stored.bot_token.trim();
        // It stands in a path, and what cannot stand there as it is would be another one.
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | '-');
        let chat = match stored.chat_id {
            Value::Number(number) => number.to_string(),
            Value::String(text) => text.trim().to_owned(),
            _ => return None,
        };
        let is_whole = !token.is_empty() && token.chars().all(fits) && !chat.is_empty();
        is_whole.then(|| Self { token: token.to_owned(), chat })
    }

    /// The chat.
    pub fn chat(&self) -> &str {
        &self.chat
    }

    pub(super) fn token(&self) -> &str {
        &self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chat_is_a_number_or_a_name() {
        for (json, chat) in [
            (r#"{"bot_token":"7:AA-_x","chat_id":-1001234567890}"#, "-1001234567890"),
            (r#"{"bot_token":" 7:AA-_x\n","chat_id":"-1001234567890"}"#, "-1001234567890"),
            (r#"{"bot_token":"7:AA-_x","chat_id":"@sales"}"#, "@sales"),
        ] {
            let credentials = Credentials::parse(json).unwrap();
            assert_eq!((credentials.token(), credentials.chat()), ("7:AA-_x", chat));
            assert_eq!(format!("{credentials:?}"), "Credentials");
        }
    }

    #[test]
    fn what_is_not_whole_is_none() {
        for json in [
            "",
            "{}",
            r#"{"bot_token":"7:A"}"#,
            r#"{"bot_token":"","chat_id":1}"#,
            r#"{"bot_token":"7:A","chat_id":""}"#,
            r#"{"bot_token":"7:A","chat_id":null}"#,
            r#"{"bot_token":"7:A/../x","chat_id":1}"#,
            r#"{"bot_token":"7:A?b","chat_id":1}"#,
        ] {
            assert!(Credentials::parse(json).is_none(), "{json}");
        }
    }
}
