//! Telegram's Bot API: one message to one chat, and whether one could be sent.
//!
//! The token stands in every address, so no address is ever repeated. Waiting and trying again belong to the caller.

mod answer;
mod check;
mod credentials;

use reqwest::header::CONTENT_TYPE;
use serde_json::json;

pub use answer::Said;
pub use credentials::Credentials;

use super::http;
use crate::domain::notification::Delivery;

/// The Bot API.
#[derive(Debug, Clone)]
pub struct Telegram {
    http: reqwest::Client,
    base: String,
}

impl Telegram {
    /// At this address; `http` decides how long an answer may take.
    pub fn new(http: reqwest::Client, base: &str) -> Self {
        Self { http, base: base.trim_end_matches('/').to_owned() }
    }

    /// Sends a text in MarkdownV2 to a chat, in one request.
    pub async fn send(&self, credentials: &Credentials, chat: &str, text: &str) -> Said {
        let unanswered =
            |error: reqwest::Error| Delivery::later(format!("Telegram {}", http::unanswered(&error)));
        let body = json!({
            "chat_id": chat.parse::<i64>().map_or_else(|_| json!(chat), |number| json!(number)),
            "text": text,
            "parse_mode": "MarkdownV2",
            // What people type into a deal's name is not worth a picture.
            "link_preview_options": {"is_disabled": true},
        });
        let request = self.http.post(format!("{}/bot{}/sendMessage", self.base, credentials.token()));
        let sent = request.header(CONTENT_TYPE, "application/json").body(body.to_string()).send().await;
        let answer = match sent {
            Ok(answer) => answer,
            Err(error) => return Said::Of(unanswered(error)),
        };
        let status = answer.status().as_u16();
        match answer.bytes().await {
            Ok(body) => answer::read(status, &body),
            Err(error) => Said::Of(unanswered(error)),
        }
    }
}

#[cfg(test)]
mod wire_tests;
