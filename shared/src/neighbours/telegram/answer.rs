//! What Telegram's answers mean. Its own words are not repeated: they may change, and may quote what was sent.

use std::time::Duration;

use serde::Deserialize;

use crate::domain::notification::Delivery;

/// What came of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// This.
    Of(Delivery),
    /// The group has become a supergroup, and goes on under this id.
    Moved(String),
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Answer {
    ok: bool,
    error_code: Option<u16>,
    description: String,
    parameters: Parameters,
    result: Message,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Parameters {
    retry_after: Option<u64>,
    migrate_to_chat_id: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Message {
    message_id: Option<i64>,
}

/// Reads an answer.
pub fn read(status: u16, body: &[u8]) -> Said {
    let Ok(answer) = serde_json::from_slice::<Answer>(body) else {
        return Said::Of(Delivery::later(format!("Telegram answered {status} with no JSON")));
    };
    if answer.ok {
        return Said::Of(Delivery::Sent { id: answer.result.message_id.map(|id| id.to_string()) });
    }
    match answer.parameters.migrate_to_chat_id {
        Some(chat) => Said::Moved(chat.to_string()),
        None => Said::Of(refusal(answer.error_code.unwrap_or(status), &answer)),
    }
}

fn refusal(code: u16, answer: &Answer) -> Delivery {
    let says = |text: &str| answer.description.to_lowercase().contains(text);
    match code {
        400 if says("chat not found") => Delivery::fails_without_person(
            "Telegram knows no such chat: check chat_id in the secret telegram",
        ),
        400 if says("can't parse entities") => Delivery::never("Telegram cannot read the text"),
        400 if says("rights") || says("write_forbidden") => {
            Delivery::fails_without_person("the bot may not write to the chat: let it send messages there")
        }
        400 => Delivery::never("Telegram refuses the message (400)"),
        401 | 404 => Delivery::waits_for_person(
            "Telegram does not know the bot: store its present bot_token in the secret telegram",
        ),
        403 if says("blocked") => {
            Delivery::fails_without_person("the bot is blocked by the person it writes to")
        }
        403 if says("kicked") => {
            Delivery::fails_without_person("the bot was removed from the chat: add it again")
        }
        403 => Delivery::fails_without_person("Telegram forbids the bot to write to the chat (403)"),
        429 => Delivery::Later {
            reason: "Telegram takes no more messages for now (429)".to_owned(),
            after: answer.parameters.retry_after.map(Duration::from_secs),
            needs_person: false,
        },
        code => Delivery::later(format!("Telegram answered {code}")),
    }
}
