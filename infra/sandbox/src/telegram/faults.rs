//! Telegram's ways to fail that a test switches on.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;
use crate::faults::{self, Raw};

/// README.md says what each looks like.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Kind {
    TooMany {
        retry_after: u32,
    },
    Blocked {},
    Kicked {},
    ChatNotFound {},
    Migrated {
        to: i64,
    },
    BadGateway {},
    HangUp {},
    /// The connection closes after the call was carried out.
    LostAnswer {},
    Hang {
        seconds: u64,
    },
    Raw(Raw),
}

impl Kind {
    /// What Telegram says, for the kinds that are an answer of its own.
    pub fn refusal(&self) -> Option<Refusal> {
        let forbidden = |why: &str| Refusal::new(StatusCode::FORBIDDEN, format!("Forbidden: {why}"));
        Some(match self {
            Self::TooMany { retry_after } => Refusal::too_many(i64::from(*retry_after)),
            Self::Blocked {} => forbidden("bot was blocked by the user"),
            Self::Kicked {} => forbidden("bot was kicked from the group chat"),
            Self::ChatNotFound {} => Refusal::bad_request("chat not found"),
            Self::Migrated { to } => Refusal::migrated(*to),
            _ => return None,
        })
    }
}

impl faults::Kind for Kind {
    const RECIPIENT: &'static str = "chat_id";
    const EDGES: &'static [&'static str] = &["sendMessage", "getMe", "getChat"];

    fn strikes(&self, edge: &str) -> bool {
        match self {
            Self::Blocked {} | Self::Kicked {} | Self::Migrated { .. } | Self::LostAnswer {} => {
                edge == "sendMessage"
            }
            Self::ChatNotFound {} => edge != "getMe",
            _ => true,
        }
    }

    fn check(&self) -> Result<(), String> {
        match self {
            Self::Raw(raw) => raw.check(),
            _ => Ok(()),
        }
    }
}
