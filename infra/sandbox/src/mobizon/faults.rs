//! Mobizon's ways to fail that a test switches on.

use serde::{Deserialize, Serialize};

use super::reply::{LATER, LOGIN, NOT_DONE, Reply};
use crate::faults::{self, Raw};

/// README.md says what each looks like.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Kind {
    BadNumber {},
    BadKey {},
    NoMoney {},
    /// With `status` 503 instead of a code.
    Later {
        #[serde(default)]
        status: Option<u16>,
    },
    Html {},
    HangUp {},
    /// The connection closes after the call was carried out.
    LostAnswer {},
    Hang {
        seconds: u64,
    },
    Raw(Raw),
}

impl Kind {
    /// What Mobizon says, for the kinds that are an answer of its own.
    pub fn reply(&self) -> Option<Reply> {
        Some(match self {
            Self::BadNumber {} => Reply::invalid("recipient", "Recipient is not a valid phone number"),
            Self::BadKey {} => Reply::refused(LOGIN, "Login failed"),
            Self::NoMoney {} => no_money(),
            Self::Later { status: None } => Reply::refused(LATER, "Nothing was processed, try later"),
            _ => return None,
        })
    }
}

/// The balance does not pay for the message.
pub fn no_money() -> Reply {
    Reply::refused(NOT_DONE, "Insufficient funds on the balance")
}

impl faults::Kind for Kind {
    const RECIPIENT: &'static str = "recipient";
    const EDGES: &'static [&'static str] = &["sendSmsMessage", "getSmsStatus", "getOwnBalance"];

    fn strikes(&self, edge: &str) -> bool {
        match self {
            Self::BadNumber {} | Self::NoMoney {} | Self::LostAnswer {} => edge == "sendSmsMessage",
            _ => true,
        }
    }

    fn check(&self) -> Result<(), String> {
        match self {
            Self::Raw(raw) => raw.check(),
            Self::Later { status: Some(status) } if *status != 503 => {
                Err("later is told by a code, or by 503".to_owned())
            }
            _ => Ok(()),
        }
    }
}
