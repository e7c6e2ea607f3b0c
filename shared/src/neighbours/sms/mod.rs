//! SMS through Mobizon: one message to one phone, and whether one could be sent.
//!
//! The key stands in every address, so no address is ever repeated. Waiting and trying again belong to the caller, and
//! what became of a message that was taken is not asked.

mod answer;
mod check;
mod credentials;

use form_urlencoded::Serializer;
use reqwest::header::CONTENT_TYPE;

pub use credentials::Credentials;

use super::http;
use crate::domain::notification::Delivery;
use crate::domain::phone::Phone;

/// Mobizon's API.
#[derive(Debug, Clone)]
pub struct Mobizon {
    http: reqwest::Client,
    base: String,
}

impl Mobizon {
    /// At this address; `http` decides how long an answer may take.
    pub fn new(http: reqwest::Client, base: &str) -> Self {
        Self { http, base: base.trim_end_matches('/').to_owned() }
    }

    /// Sends a text to a phone, in one request.
    pub async fn send(&self, credentials: &Credentials, phone: &Phone, text: &str) -> Delivery {
        let unanswered =
            |error: reqwest::Error| Delivery::later(format!("Mobizon {}", http::unanswered(&error)));
        let mut form = Serializer::new(String::new());
        form.append_pair("recipient", phone.as_str().trim_start_matches('+')).append_pair("text", text);
        if let Some(from) = credentials.from() {
            form.append_pair("from", from);
        }
        let sent = self
            .http
            .post(format!("{}/service/message/sendSmsMessage", self.base))
            .query(&[("apiKey", credentials.key()), ("output", "json"), ("api", "v1")])
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form.finish())
            .send()
            .await;
        let answer = match sent {
            Ok(answer) => answer,
            Err(error) => return unanswered(error),
        };
        let status = answer.status().as_u16();
        match answer.bytes().await {
            Ok(body) => answer::read(status, &body),
            Err(error) => unanswered(error),
        }
    }
}

#[cfg(test)]
mod wire_tests;
