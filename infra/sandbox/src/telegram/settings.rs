//! What a test makes of Telegram.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const WORLD: &str = include_str!("../../worlds/telegram.json");

/// Everything that can be set.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub token: String,
    pub bot: Bot,
    pub chats: Vec<Chat>,
    pub limits: Limits,
}

/// The bot that the token belongs to.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bot {
    id: u64,
    first_name: String,
    username: String,
}

/// A chat that the bot is in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chat {
    pub id: i64,
    #[serde(rename = "type", default = "supergroup")]
    pub kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
}

/// How many messages are taken; `None` for any number.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    pub per_chat_per_second: Option<usize>,
    pub per_chat_per_minute: Option<usize>,
    pub per_second: Option<usize>,
}

/// A change of settings: parts left out are the default world's.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    token: Option<String>,
    bot: Option<Bot>,
    chats: Option<Vec<Chat>>,
    limits: Option<Limits>,
}

impl Wanted {
    /// The settings that are then in force.
    pub fn settled(self) -> Result<Settings, serde_json::Error> {
        let world = world()?;
        Ok(Settings {
            token: self.token.unwrap_or(world.token),
            bot: self.bot.unwrap_or(world.bot),
            chats: self.chats.unwrap_or(world.chats),
            limits: self.limits.unwrap_or(world.limits),
        })
    }
}

/// The default world.
pub fn world() -> Result<Settings, serde_json::Error> {
    serde_json::from_str(WORLD)
}

impl Settings {
    /// The chat of that id, or of that `@name`.
    pub fn chat(&self, wanted: &str) -> Option<&Chat> {
        let by_name = wanted.strip_prefix('@');
        self.chats.iter().find(|chat| match by_name {
            Some(name) => chat.username.as_deref() == Some(name),
            None => chat.id.to_string() == wanted,
        })
    }

    /// A group that was upgraded goes on under this id.
    pub fn upgrade(&mut self, to: i64) {
        if self.chat(&to.to_string()).is_none() {
            let chat = Chat { id: to, kind: supergroup(), title: None, first_name: None, username: None };
            self.chats.push(chat);
        }
    }
}

impl Bot {
    /// The bot as `getMe` and a message tell it.
    pub fn user(&self) -> Value {
        let mut user = json!(self);
        user["is_bot"] = json!(true);
        user
    }
}

fn supergroup() -> String {
    "supergroup".to_owned()
}
