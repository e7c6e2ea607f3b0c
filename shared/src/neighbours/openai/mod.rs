//! OpenAI: whether it takes our key. Nothing is generated here.

mod answer;
mod credentials;

use reqwest::header::AUTHORIZATION;

pub use credentials::Credentials;

use super::http;
use crate::domain::token_health::Found;

/// OpenAI's API.
#[derive(Debug, Clone)]
pub struct OpenAi {
    http: reqwest::Client,
    base: String,
}

impl OpenAi {
    /// At this address, without `/v1`; `http` decides how long an answer may take.
    pub fn new(http: reqwest::Client, base: &str) -> Self {
        Self { http, base: base.trim_end_matches('/').to_owned() }
    }

    /// Whether the key is good, in one request that costs nothing: the list of models.
    pub async fn check(&self, credentials: &Credentials) -> Found {
        let unanswered = |error: reqwest::Error| Found::down(format!("OpenAI {}", http::unanswered(&error)));
        let asked = self.http.get(format!("{}/v1/models", self.base));
        let answer = match asked.header(AUTHORIZATION, credentials.bearer()).send().await {
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
