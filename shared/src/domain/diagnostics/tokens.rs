//! Whether the neighbours take our tokens, by the last check of them. The neighbours are not asked.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::{Advice, Check, Diagnostic, Figures, Who, counted};
use crate::domain::day::almaty_clock;
use crate::domain::token_health::{Kept, Status, Token, TokenHealth};

/// They are checked every hour.
const DUE: TimeDelta = TimeDelta::hours(2);

/// How the tokens stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TokenFigures {
    tokens: Vec<TokenHealth>,
}

/// Checks what is kept of each token.
pub fn check(kept: &BTreeMap<Token, Kept>, now: DateTime<Utc>) -> Diagnostic {
    let name = Check::Tokens;
    let tokens: Vec<TokenHealth> =
        kept.iter().map(|(token, kept)| TokenHealth::of(*token, kept, now)).collect();
    let checked = kept.values().map(|kept| kept.last.as_ref().map(|last| last.checked_at)).min().flatten();
    let of = |wanted: &[Status]| -> Option<(i64, String, Advice)> {
        let found: Vec<&TokenHealth> = tokens.iter().filter(|token| wanted.contains(&token.status)).collect();
        let first = found.first()?;
        let count = i64::try_from(found.len()).unwrap_or(i64::MAX);
        let names: Vec<&str> = found.iter().map(|token| token.name.as_str()).collect();
        let look = "Look at GET /api/admin/token-health: it says what is wrong with each, and what to do.";
        let what_to_do = first.what_to_do.clone().unwrap_or_else(|| look.to_owned());
        Some((count, names.join(", "), Advice::new(first.who, what_to_do)))
    };
    let dead = of(&[Status::Error]);
    let uncertain = of(&[Status::Warning, Status::Unknown]);
    let figures = Figures::Tokens(TokenFigures { tokens });
    let schedule =
        || Advice::new(Who::Deployer, "Look whether the schedule of token-check is on, and read its log.");
    match (dead, checked, uncertain) {
        (Some((count, names, advice)), _, _) => {
            let verb = if count == 1 { "does" } else { "do" };
            let message = format!("{} {verb} not work: {names}", counted(count, "token"));
            Diagnostic::error(name, message, figures, advice)
        }
        (None, None, _) => Diagnostic::warning(name, "Not every token was ever checked", figures, schedule()),
        (None, Some(checked), _) if now - checked > DUE => {
            let message = format!("Tokens were not checked since {}", almaty_clock(checked, now));
            Diagnostic::warning(name, message, figures, schedule())
        }
        (None, Some(_), Some((count, names, advice))) => {
            let verb = if count == 1 { "needs" } else { "need" };
            let message = format!("{} {verb} a look: {names}", counted(count, "token"));
            Diagnostic::warning(name, message, figures, advice)
        }
        (None, Some(_), None) => Diagnostic::ok(name, "Every token is good", figures),
    }
}
