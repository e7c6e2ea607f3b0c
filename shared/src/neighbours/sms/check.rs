//! Whether Mobizon takes the key, and what is left on the account. Nothing is sent.

use reqwest::header::CONTENT_TYPE;
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::Deserialize;
use serde_json::Value;

use super::answer::{ADDRESS, DONE, FORBIDDEN, LOGIN, number};
use super::{Credentials, Mobizon};
use crate::domain::diagnostics::Who;
use crate::domain::money::Tenge;
use crate::domain::token_health::{Found, Trouble, Worth};
use crate::neighbours::http;
use crate::neighbours::plain::plain;

/// Some fifty messages.
const LOW: Tenge = Tenge(1_000);

const KEY: &str = "The account's owner looks into its settings at Mobizon (API, allowed addresses), and an admin stores a valid api_key.";

#[derive(Debug, Deserialize)]
struct Answer {
    code: Value,
    #[serde(default)]
    data: Value,
    #[serde(default)]
    message: String,
}

impl Mobizon {
    /// Asks for the balance, in one request.
    pub async fn check(&self, credentials: &Credentials) -> Found {
        let unanswered = |error: reqwest::Error| Found::down(format!("Mobizon {}", http::unanswered(&error)));
        let sent = self
            .http
            .post(format!("{}/service/user/getownbalance", self.base))
            .query(&[("apiKey", credentials.key()), ("output", "json"), ("api", "v1")])
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body("")
            .send()
            .await;
        let answer = match sent {
            Ok(answer) => answer,
            Err(error) => return unanswered(error),
        };
        let status = answer.status().as_u16();
        match answer.bytes().await {
            Ok(body) => read(status, &body, credentials),
            Err(error) => unanswered(error),
        }
    }
}

fn read(status: u16, body: &[u8], credentials: &Credentials) -> Found {
    let answer: Option<Answer> = serde_json::from_slice(body).ok();
    let code = answer.as_ref().and_then(|answer| number(&answer.code));
    let (Some(answer), Some(code)) = (answer, code) else {
        return Found::down(format!("Mobizon: HTTP {status} with no code"));
    };
    let words = plain(&answer.message, &[credentials.key()]);
    let said = format!("Mobizon: code {code}{}", words.map(|words| format!(": {words}")).unwrap_or_default());
    match code {
        DONE => match balance(&answer.data) {
            Some(balance) => Found::Good(worth(balance)),
            None => Found::down("Mobizon: an answer without a balance"),
        },
        LOGIN | FORBIDDEN | ADDRESS => Found::bad(said, KEY).by(Who::AccountOwner),
        _ => Found::down(said),
    }
}

/// Whole tenge, what is begun left out.
fn balance(data: &Value) -> Option<Tenge> {
    let amount = data.get("balance")?;
    let amount: Decimal = amount.as_str().map_or_else(|| amount.to_string(), str::to_owned).parse().ok()?;
    amount.round_dp_with_strategy(0, RoundingStrategy::ToNegativeInfinity).to_i64().map(Tenge)
}

fn worth(balance: Tenge) -> Worth {
    let pay = "The account's owner tops it up at Mobizon: without money no SMS is sent.";
    let notice = match balance {
        Tenge(..=0) => Some(Trouble::new("Mobizon: the balance is used up", pay)),
        low if low < LOW => Some(Trouble::new(format!("Mobizon: only {} tenge are left", low.0), pay)),
        _ => None,
    };
    let notice = notice.map(|notice: Trouble| notice.by(Who::AccountOwner));
    Worth { balance: Some(balance.money()), notice, ..Worth::default() }
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
