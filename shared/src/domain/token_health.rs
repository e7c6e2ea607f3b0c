//! Whether the tokens and keys of the neighbours are good: what each neighbour said, and what that means to a person.
//!
//! A neighbour that could not be asked says nothing of its token: the last answer stands beside that, and is never taken for
//! a new one.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::day::{almaty_clock, almaty_time};
use super::diagnostics::Who;
use super::money::Money;

/// A token that ends sooner is a warning.
const WARNS_BEFORE: TimeDelta = TimeDelta::days(14);

/// Only Facebook's and amoCRM's tokens end by themselves.
pub(crate) const RENEW: &str =
    "Whoever administers the account there makes a new token, and an admin stores it before this one ends.";

/// A moment's failure of a neighbour passes by itself.
const NOTHING_TO_DO: &str = "Nothing: it is asked again within the hour.";

/// Whose token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Token {
    /// Facebook's access token.
    Facebook,
    /// amoCRM's.
    Amocrm,
    /// OpenAI's key.
    Openai,
    /// The Telegram bot's token, and its chat.
    Telegram,
    /// Mobizon's key, and its balance.
    Sms,
}

impl Token {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 5] = [Self::Facebook, Self::Amocrm, Self::Openai, Self::Telegram, Self::Sms];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Facebook => "facebook",
            Self::Amocrm => "amocrm",
            Self::Openai => "openai",
            Self::Telegram => "telegram",
            Self::Sms => "sms",
        }
    }
}

/// A trouble, and what helps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// In words, with the neighbour's own reason.
    pub problem: String,
    /// What to do, and who can do it.
    pub what_to_do: String,
    /// Whom that begins with.
    #[serde(default)]
    pub who: Who,
}

impl Trouble {
    /// What a person can do about it; nothing where it passes by itself.
    pub fn advice(&self) -> Option<&str> {
        Some(self.what_to_do.as_str()).filter(|what_to_do| *what_to_do != NOTHING_TO_DO)
    }

    /// Of both.
    pub fn new(problem: impl Into<String>, what_to_do: impl Into<String>) -> Self {
        Self { problem: problem.into(), what_to_do: what_to_do.into(), who: Who::Admin }
    }

    /// The same, to be mended by others than an admin of ours.
    #[must_use]
    pub fn by(self, who: Who) -> Self {
        Self { who, ..self }
    }
}

/// What a token is good for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worth {
    /// When it ends; nothing for never.
    pub expires_at: Option<DateTime<Utc>>,
    /// What is left on the account, where it is paid for in advance.
    pub balance: Option<Money>,
    /// What is wrong though it works.
    pub notice: Option<Trouble>,
    /// Whether that keeps us out, though the token itself was not refused.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keeps_out: bool,
}

impl Worth {
    /// What keeps us out other than the token.
    pub fn obstacle(&self) -> Option<&Trouble> {
        self.notice.as_ref().filter(|_| self.keeps_out)
    }
}

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// It works, or would but for its notice.
    Good(Worth),
    /// It does not, and will not until a person does something.
    Bad(Trouble),
    /// Nobody could be asked, which says nothing of the token.
    Unasked(Trouble),
}

impl Found {
    /// It does not work.
    pub fn bad(problem: impl Into<String>, what_to_do: impl Into<String>) -> Self {
        Self::Bad(Trouble::new(problem, what_to_do))
    }

    /// The token was not refused, and what was keeps us out all the same until a person does something.
    pub fn hindered(
        expires_at: Option<DateTime<Utc>>,
        problem: impl Into<String>,
        what_to_do: impl Into<String>,
    ) -> Self {
        let notice = Some(Trouble::new(problem, what_to_do));
        Self::Good(Worth { expires_at, notice, keeps_out: true, ..Worth::default() })
    }

    /// Nobody could be asked.
    pub fn unasked(problem: impl Into<String>, what_to_do: impl Into<String>) -> Self {
        Self::Unasked(Trouble::new(problem, what_to_do))
    }

    /// The neighbour failed for a moment.
    pub fn down(problem: impl Into<String>) -> Self {
        Self::unasked(problem, NOTHING_TO_DO)
    }

    /// The same, to be mended by others than an admin of ours.
    #[must_use]
    pub fn by(self, who: Who) -> Self {
        match self {
            Self::Good(worth) => {
                Self::Good(Worth { notice: worth.notice.map(|notice| notice.by(who)), ..worth })
            }
            Self::Bad(trouble) => Self::Bad(trouble.by(who)),
            Self::Unasked(trouble) => Self::Unasked(trouble.by(who)),
        }
    }

    /// Whether this is an answer about the token.
    pub fn is_answer(&self) -> bool {
        !matches!(self, Self::Unasked(_))
    }
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenCheck {
    /// When it began.
    pub checked_at: DateTime<Utc>,
    /// What it found.
    pub found: Found,
}

/// What is kept of one token: the last check, and the last one that was answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// The last check.
    pub last: Option<TokenCheck>,
    /// The last one that was answered.
    pub answered: Option<TokenCheck>,
}

/// How a token stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Good.
    Ok,
    /// Good, and soon not any more.
    Warning,
    /// Not good.
    Error,
    /// Nobody could be asked.
    Unknown,
}

/// What was known before the neighbour fell silent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LastKnown {
    valid: bool,
    checked_at: String,
}

/// A token as people are told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TokenHealth {
    /// Whose.
    pub name: Token,
    /// In one word.
    pub status: Status,
    /// Nothing where nobody could be asked.
    pub valid: Option<bool>,
    /// When it was asked last; nothing where never.
    pub checked_at: Option<String>,
    /// When it ends, as far as is known; nothing for never.
    pub expires_at: Option<String>,
    /// Whole days until then.
    pub days_left: Option<i64>,
    /// What is left on the account.
    pub balance: Option<Money>,
    /// What is wrong.
    pub problem: Option<String>,
    /// What helps, and who can do it.
    pub what_to_do: Option<String>,
    /// The same, for whoever tells it apart.
    #[serde(skip)]
    pub who: Who,
    /// The last answer, where this is none.
    pub last_known: Option<LastKnown>,
}

impl TokenHealth {
    /// What a token's checks mean now. One that has ended since it was checked is no longer good.
    pub fn of(name: Token, kept: &Kept, now: DateTime<Utc>) -> Self {
        let Some(last) = &kept.last else {
            let trouble = Trouble::new("it was never checked", "Nothing: it is checked within the hour.");
            return Self { checked_at: None, ..Self::unknown(name, trouble, kept, now) };
        };
        let told = match &last.found {
            Found::Good(worth) => Self::good(name, worth, now),
            Found::Bad(trouble) => Self::troubled(name, Status::Error, Some(false), trouble.clone()),
            Found::Unasked(trouble) => Self::unknown(name, trouble.clone(), kept, now),
        };
        Self { checked_at: Some(almaty_time(last.checked_at)), ..told }
    }

    fn good(name: Token, worth: &Worth, now: DateTime<Utc>) -> Self {
        let left = worth.expires_at.map(|end| end - now);
        let (status, valid, trouble) = match (worth.expires_at, left) {
            (Some(end), Some(left)) if left <= TimeDelta::zero() => {
                let trouble = Trouble::new(format!("it ended at {}", almaty_clock(end, now)), RENEW);
                (Status::Error, false, Some(trouble.by(Who::AccountOwner)))
            }
            (Some(end), Some(left)) if left <= WARNS_BEFORE => {
                let days = match left.num_days() {
                    0 => "in less than a day".to_owned(),
                    1 => "in a day".to_owned(),
                    days => format!("in {days} days"),
                };
                let problem = format!("it ends {days}, at {}", almaty_clock(end, now));
                let problem = match &worth.notice {
                    Some(notice) => format!("{problem}; {}", notice.problem),
                    None => problem,
                };
                (Status::Warning, true, Some(Trouble::new(problem, RENEW).by(Who::AccountOwner)))
            }
            _ => match &worth.notice {
                Some(notice) => (Status::Warning, true, Some(notice.clone())),
                None => (Status::Ok, true, None),
            },
        };
        let who = trouble.as_ref().map(|trouble| trouble.who).unwrap_or_default();
        let (problem, what_to_do) = trouble.map(|trouble| (trouble.problem, trouble.what_to_do)).unzip();
        Self {
            status,
            valid: Some(valid),
            who,
            problem,
            what_to_do,
            balance: worth.balance,
            ..Self::ends(name, worth.expires_at, now)
        }
    }

    fn unknown(name: Token, trouble: Trouble, kept: &Kept, now: DateTime<Utc>) -> Self {
        let expires_at = kept.answered.as_ref().and_then(|answered| match &answered.found {
            Found::Good(worth) => worth.expires_at,
            Found::Bad(_) | Found::Unasked(_) => None,
        });
        let last_known = kept.answered.as_ref().map(|answered| LastKnown {
            valid: matches!(answered.found, Found::Good(_)),
            checked_at: almaty_time(answered.checked_at),
        });
        let Self { expires_at, days_left, .. } = Self::ends(name, expires_at, now);
        Self { expires_at, days_left, last_known, ..Self::troubled(name, Status::Unknown, None, trouble) }
    }

    fn troubled(name: Token, status: Status, valid: Option<bool>, trouble: Trouble) -> Self {
        let (problem, what_to_do, who) = (Some(trouble.problem), Some(trouble.what_to_do), trouble.who);
        Self { status, valid, problem, what_to_do, who, ..Self::ends(name, None, DateTime::UNIX_EPOCH) }
    }

    /// With nothing known but its end.
    fn ends(name: Token, end: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Self {
        Self {
            name,
            status: Status::Unknown,
            valid: None,
            checked_at: None,
            expires_at: end.map(almaty_time),
            days_left: end.map(|end| (end - now).num_days().max(0)),
            balance: None,
            problem: None,
            what_to_do: None,
            who: Who::default(),
            last_known: None,
        }
    }
}

#[cfg(test)]
#[path = "token_health_tests.rs"]
mod tests;
