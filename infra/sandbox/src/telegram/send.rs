//! `sendMessage`: what makes a message of a request, or says why not.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::markdown::{self, Parsed};
use super::refusal::Refusal;
use super::{Message, State};

/// In UTF-16 units, after the entities are parsed.
const LONGEST: usize = 4096;
/// What a request may hold; some of it changes nothing here.
const PARAMETERS: [&str; 7] = [
    "chat_id",
    "text",
    "parse_mode",
    "link_preview_options",
    "disable_web_page_preview",
    "disable_notification",
    "protect_content",
];

/// A message that could be sent, but for the chat.
pub struct Draft {
    raw: String,
    parsed: Parsed,
    parse_mode: Option<String>,
}

impl Draft {
    /// Reads the request's parameters.
    pub fn read(given: &Map<String, Value>) -> Result<Self, Refusal> {
        if let Some(unknown) = given.keys().find(|name| !PARAMETERS.contains(&name.as_str())) {
            return Err(Refusal::not_played(unknown));
        }
        let raw = given.get("text").and_then(Value::as_str).unwrap_or_default().to_owned();
        if raw.is_empty() {
            return Err(Refusal::bad_request("message text is empty"));
        }
        let parse_mode = given.get("parse_mode").and_then(Value::as_str).filter(|mode| !mode.is_empty());
        let mut parsed = match parse_mode {
            None => Parsed { text: raw.clone(), entities: Vec::new() },
            Some(mode) if mode.eq_ignore_ascii_case("MarkdownV2") => markdown::parse(&raw)
                .map_err(|error| Refusal::bad_request(&format!("can't parse entities: {error}")))?,
            Some(mode) => return Err(Refusal::not_played(&format!("parse_mode {mode}"))),
        };
        trim(&mut parsed);
        if parsed.text.is_empty() {
            return Err(Refusal::bad_request("text must be non-empty"));
        }
        if units(&parsed.text) > LONGEST {
            return Err(Refusal::bad_request("message is too long"));
        }
        let parse_mode = parse_mode.map(str::to_owned);
        Ok(Self { raw, parsed, parse_mode })
    }

    /// Has the chat receive it, and tells the message as Telegram answers it.
    pub fn send(self, state: &mut State, chat_id: &str, now: DateTime<Utc>) -> Result<Value, Refusal> {
        let chat = state.settings.chat(chat_id).ok_or_else(|| Refusal::bad_request("chat not found"))?;
        state.sent.count(state.settings.limits, chat.id, now).map_err(Refusal::too_many)?;
        state.last += 1;
        let mut told = json!({
            "message_id": state.last, "from": state.settings.bot.user(), "chat": chat,
            "date": now.timestamp(), "text": self.parsed.text,
        });
        if !self.parsed.entities.is_empty() {
            told["entities"] = json!(self.parsed.entities);
        }
        let message = Message {
            chat_id: chat.id,
            message_id: state.last,
            text: self.parsed.text,
            raw: self.raw,
            entities: self.parsed.entities,
            parse_mode: self.parse_mode,
        };
        state.messages.note(now, message);
        Ok(told)
    }
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// White space around a text is cut off, and entities with it.
fn trim(parsed: &mut Parsed) {
    let kept = parsed.text.trim_start();
    let before = units(&parsed.text) - units(kept);
    let kept = kept.trim_end().to_owned();
    let length = units(&kept);
    for entity in &mut parsed.entities {
        let begin = entity.offset.saturating_sub(before).min(length);
        let end = (entity.offset + entity.length).saturating_sub(before).min(length);
        (entity.offset, entity.length) = (begin, end - begin);
    }
    parsed.entities.retain(|entity| entity.length > 0);
    parsed.text = kept;
}
