//! Whether the bot is there and reaches its chat. Nothing is sent.

use reqwest::header::CONTENT_TYPE;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Credentials, Telegram};
use crate::domain::diagnostics::Who;
use crate::domain::token_health::{Found, Worth};
use crate::neighbours::http;
use crate::neighbours::plain::{plain, reason};

const BOT: &str = "Whoever owns the bot asks @BotFather for its token, and an admin stores it (bot_token).";
const CHAT: &str =
    "An admin of the chat adds the bot to it, or an admin stores the chat's right id (chat_id).";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Answer {
    ok: bool,
    error_code: Option<u16>,
    description: String,
}

impl Telegram {
    /// Asks for the bot and for this chat, side by side.
    pub async fn check(&self, credentials: &Credentials, chat: &str) -> Found {
        let chat = chat.parse::<i64>().map_or_else(|_| json!(chat), |number| json!(number));
        let (nothing, chat) = (json!({}), json!({ "chat_id": chat }));
        let bot = self.ask(credentials, "getMe", &nothing, BOT);
        let chat = self.ask(credentials, "getChat", &chat, CHAT);
        match futures::future::join(bot, chat).await {
            (Found::Good(_), chat) => chat,
            (bot, _) => bot,
        }
    }

    async fn ask(&self, credentials: &Credentials, method: &str, body: &Value, what_to_do: &str) -> Found {
        let unanswered =
            |error: reqwest::Error| Found::down(format!("Telegram {}", http::unanswered(&error)));
        let request = self.http.post(format!("{}/bot{}/{method}", self.base, credentials.token()));
        let sent = request.header(CONTENT_TYPE, "application/json").body(body.to_string()).send().await;
        let answer = match sent {
            Ok(answer) => answer,
            Err(error) => return unanswered(error),
        };
        let status = answer.status().as_u16();
        match answer.bytes().await {
            Ok(body) => read(status, &body, credentials, what_to_do),
            Err(error) => unanswered(error),
        }
    }
}

fn read(status: u16, body: &[u8], credentials: &Credentials, what_to_do: &str) -> Found {
    let Ok(answer) = serde_json::from_slice::<Answer>(body) else {
        return Found::down(format!("Telegram: HTTP {status} with no JSON"));
    };
    let code = answer.error_code.unwrap_or(status);
    let words = plain(&answer.description, &[credentials.token(), credentials.chat()]);
    let said = format!("Telegram: {}", reason(code, None, words));
    match code {
        _ if answer.ok => Found::Good(Worth::default()),
        // Telegram knows no such bot, whatever was asked.
        401 | 404 => Found::bad(said, BOT).by(Who::AccountOwner),
        400 | 403 => Found::bad(said, what_to_do),
        _ => Found::down(said),
    }
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
