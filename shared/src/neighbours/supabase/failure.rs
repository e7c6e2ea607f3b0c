//! Why a database gave nothing. Its own words are repeated where they are known ones; other texts may quote a person's
//! data, and are not.

use serde::Deserialize;
use thiserror::Error;

use crate::domain::old::tally::Problem;

/// A question that gave nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct Failure {
    /// What to do about it.
    pub class: Class,
    /// What was said.
    pub message: String,
    /// What helps, where anybody knows.
    pub hint: Option<String>,
}

/// What a failure means to the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// The key is not, or no longer, good: a person has to store another.
    BadKey,
    /// There is no such table.
    MissingTable,
    /// The key may not read it.
    Forbidden,
    /// The project is paused: a person has to wake it.
    Paused,
    /// It is not there at this moment.
    Again,
    /// It answered with something that is none of its answers.
    Unreadable,
    /// It does not understand the question.
    Refused,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Said {
    code: Option<String>,
    message: Option<String>,
    hint: Option<String>,
}

impl Failure {
    fn new(class: Class, message: impl Into<String>, hint: Option<&str>) -> Self {
        Self { class, message: message.into(), hint: hint.map(str::to_owned) }
    }

    /// No answer.
    pub(super) fn unanswered(why: &str) -> Self {
        let hint = "Check the address, and in Supabase whether the project is paused.";
        Self::new(Class::Again, format!("the database {why}"), Some(hint))
    }

    /// An answer that is none.
    pub(super) fn unreadable(status: u16) -> Self {
        let hint = "Check the address: something else than a database may answer there.";
        Self::new(Class::Unreadable, format!("HTTP {status}, but no rows"), Some(hint))
    }

    /// What an answer with this status means, that is no success.
    pub(super) fn of(status: u16, body: &[u8], table: &str) -> Self {
        let said: Option<Said> = serde_json::from_slice(body).ok();
        let is_json = said.is_some();
        let Said { code, message, hint } = said.unwrap_or_default();
        let (code, message) = (code.unwrap_or_default(), message.unwrap_or_default());
        let hint = hint.filter(|hint| is_plain(hint));
        match (status, code.as_str()) {
            (401, "") | (401, "PGRST301" | "PGRST302" | "PGRST303") => Self {
                class: Class::BadKey,
                // One message for every way in which a key can be bad.
                message: "Invalid API key".to_owned(),
                hint: hint.or_else(|| {
                    Some("Double check your Supabase `anon` or `service_role` API key.".to_owned())
                }),
            },
            (404, "PGRST205") => Self {
                class: Class::MissingTable,
                message: format!("Could not find the table 'public.{table}' in the schema cache"),
                hint,
            },
            (_, "42P01") => Self {
                class: Class::MissingTable,
                message: format!("relation \"public.{table}\" does not exist"),
                hint,
            },
            (401 | 403, _) if is_json => {
                let hint = "Store a service_role key, or allow the key to read this table.";
                Self::new(Class::Forbidden, format!("permission denied for table {table}"), Some(hint))
            }
            (540, _) => Self::new(Class::Paused, "the project is paused", Some("Wake it in Supabase.")),
            (429 | 500..=599, _) => Self::new(Class::Again, with_code(status, &code), None),
            _ if !is_json => Self::unreadable(status),
            (400..=499, _) => {
                // A column that is not there is named by nothing else than our own question.
                let is_column = code == "42703" && is_plain(&message);
                let message = if is_column { message } else { with_code(status, &code) };
                Self { class: Class::Refused, message, hint: None }
            }
            _ => Self::unreadable(status),
        }
    }

    /// Whether what was asked for is a column that the table does not have.
    pub fn lacks(&self, column: &str) -> bool {
        self.class == Class::Refused && self.message.ends_with(&format!("{column} does not exist"))
    }

    /// As it is kept for diagnostics.
    pub fn problem(&self) -> Problem {
        Problem { message: self.message.clone(), hint: self.hint.clone() }
    }
}

fn with_code(status: u16, code: &str) -> String {
    let is_code = !code.is_empty() && code.len() <= 10 && code.bytes().all(|b| b.is_ascii_alphanumeric());
    if is_code { format!("HTTP {status}, {code}") } else { format!("HTTP {status}") }
}

/// Words about keys, tables and columns. No phone and no address passes.
fn is_plain(text: &str) -> bool {
    let may_stand = |c: char| c.is_ascii_alphabetic() || " .,'`_\"-".contains(c);
    !text.is_empty() && text.len() <= 160 && text.chars().all(may_stand)
}

#[cfg(test)]
#[path = "failure_tests.rs"]
mod tests;
