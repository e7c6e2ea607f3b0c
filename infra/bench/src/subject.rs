//! Who is measured, doing what.

use std::fmt;

use axum::body::Bytes;
use serde_json::Value;

use crate::{
    events::{self, Sale},
    programs::Program,
};

/// The part a program plays in the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// `lambda_http` and nothing else.
    Empty,
    /// One put and one send.
    Bare,
    /// Our sales hook.
    Hook,
    /// The same hook for Node.
    Node,
}

/// What an event makes a program do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Work {
    /// The same whatever the event says.
    Same,
    /// A sale that was never seen.
    NewSale,
    /// A hook that was seen before.
    Duplicate,
}

impl fmt::Display for Work {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Same => "any event",
            Self::NewSale => "new sale",
            Self::Duplicate => "duplicate",
        })
    }
}

/// A program and its part.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Its part.
    pub role: Role,
    /// What to start.
    pub program: Program,
}

impl Subject {
    /// The kinds of work that are measured apart.
    pub fn works(&self) -> &'static [Work] {
        match self.role {
            Role::Empty | Role::Bare => &[Work::Same],
            Role::Hook | Role::Node => &[Work::NewSale, Work::Duplicate],
        }
    }

    /// The `count`-th event of this kind. A program's first event must be a new sale number 0, which all its
    /// duplicates repeat.
    pub fn event(work: Work, count: u64) -> Bytes {
        let lead = match work {
            Work::Same | Work::NewSale => count,
            Work::Duplicate => 0,
        };
        events::sales_hook(Sale::of_lead(30_300_000 + lead))
    }

    /// Whether an answer is the right one; if not, what it was.
    pub fn judge(&self, work: Work, answer: &[u8]) -> Result<(), String> {
        let wrong = || String::from_utf8_lossy(answer).chars().take(300).collect::<String>();
        let answer: Value = serde_json::from_slice(answer).map_err(|_| wrong())?;
        let body: Value = serde_json::from_str(answer["body"].as_str().unwrap_or("null")).unwrap_or_default();
        let outcome = &body["results"][0]["outcome"];
        let right = answer["statusCode"] == 200
            && match (self.role, work) {
                (Role::Empty | Role::Bare, _) | (_, Work::Same) => true,
                (_, Work::NewSale) => outcome == "recorded",
                (_, Work::Duplicate) => outcome == "duplicate",
            };
        if right { Ok(()) } else { Err(wrong()) }
    }
}
