//! What is counted of checks of tokens.

use serde::Serialize;

use crate::domain::token_health::Found;

/// The names of [`TokenRecord`]'s metrics.
pub(super) const OF_TOKENS: [&str; 4] = ["tokens_good", "tokens_noticed", "tokens_bad", "tokens_unasked"];

/// What a check of all tokens comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TokenRecord {
    /// Good ones.
    pub tokens_good: u32,
    /// Good ones with something that a person should look at.
    pub tokens_noticed: u32,
    /// Those that do not work until a person does something.
    pub tokens_bad: u32,
    /// Those whose neighbours could not be asked.
    pub tokens_unasked: u32,
}

impl TokenRecord {
    /// One more.
    pub fn count(&mut self, found: &Found) {
        *match found {
            Found::Good(worth) if worth.notice.is_some() => &mut self.tokens_noticed,
            Found::Good(_) => &mut self.tokens_good,
            Found::Bad(_) => &mut self.tokens_bad,
            Found::Unasked(_) => &mut self.tokens_unasked,
        } += 1;
    }
}
