//! One check of all tokens: what it finds is kept, and told in the log, in a metric and in the answer.

use chrono::{DateTime, Utc};
use serde::Serialize;
use shared::domain::token_health::{Found, Kept, TokenHealth, Trouble};
use shared::edge::clock;
use shared::edge::metrics::{self, Record, TokenRecord};
use shared::health::TokenChecks;

/// Checks all tokens.
pub struct Check {
    /// The function's name, for metrics.
    pub function: String,
    /// What is checked.
    pub checks: TokenChecks,
}

/// What came of it.
#[derive(Serialize)]
pub struct Report {
    tokens: Vec<TokenHealth>,
}

impl Check {
    /// Checks. What a neighbour refuses, or that it hangs, is an entry and no failure.
    pub async fn run(&self, now: DateTime<Utc>) -> Report {
        let mut record = TokenRecord::default();
        let mut tokens = vec![];
        for (token, check) in self.checks.run(now).await {
            record.count(&check.found);
            if let Some(Trouble { problem, what_to_do, .. }) = trouble(&check.found) {
                tracing::warn!(token = token.as_str(), problem, what_to_do, "a token is not as it should be");
            }
            let kept = Kept { last: Some(check), answered: None };
            tokens.push(TokenHealth::of(token, &kept, now));
        }
        metrics::write(&self.function, &Record { tokens: Some(record), ..Record::default() }, clock::now());
        Report { tokens }
    }
}

fn trouble(found: &Found) -> Option<&Trouble> {
    match found {
        Found::Good(worth) => worth.notice.as_ref(),
        Found::Bad(trouble) | Found::Unasked(trouble) => Some(trouble),
    }
}
