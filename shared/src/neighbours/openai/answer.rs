//! What OpenAI's answers say of the key. Its sentences quote the key, so only its codes are repeated.

use serde::Deserialize;
use serde_json::Value;

use crate::domain::diagnostics::Who;
use crate::domain::token_health::{Found, Trouble, Worth};
use crate::neighbours::plain::{plain, reason};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Answer {
    data: Option<Vec<Value>>,
    error: Option<Reason>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Reason {
    code: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

/// Reads an answer.
pub fn read(status: u16, body: &[u8]) -> Found {
    let answer: Answer = serde_json::from_slice(body).unwrap_or_default();
    let error = answer.error.unwrap_or_default();
    let code = error.code.or(error.kind);
    let code = code.as_deref().and_then(|code| plain(code, &[]));
    let said = format!("OpenAI: {}", reason(status, code, None));
    match (status, code) {
        (200..=299, _) if answer.data.is_some() => Found::Good(Worth::default()),
        (429, Some("insufficient_quota")) => {
            let what_to_do =
                "The account's owner tops it up or raises its limit (platform.openai.com, Billing).";
            let notice = Trouble::new(said, what_to_do).by(Who::AccountOwner);
            Found::Good(Worth { notice: Some(notice), ..Worth::default() })
        }
        (401, _) => Found::bad(
            said,
            "The account's owner makes a new key (platform.openai.com, API keys), and an admin stores it.",
        )
        .by(Who::AccountOwner),
        (403, _) => Found::bad(said, "The account's owner looks whether the key and our region are allowed.")
            .by(Who::AccountOwner),
        (404, _) => Found::unasked(said, "Whoever runs the stack sets OPENAI_BASE_URL, without /v1.")
            .by(Who::Deployer),
        _ => Found::down(said),
    }
}
