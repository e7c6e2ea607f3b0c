//! The databases' ways to fail that a test switches on.

use serde::{Deserialize, Serialize};

use crate::faults::{self, Raw};

/// README.md says what each looks like.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Kind {
    BadKey {},
    MissingTable {
        /// As servers said it before PostgREST 12.
        #[serde(default)]
        old: bool,
    },
    Forbidden {},
    SchemaCache {},
    Paused {},
    Html {},
    HangUp {},
    Hang {
        seconds: u64,
    },
    /// The true answer, of which half comes.
    Cut {},
    /// Filters of these columns do nothing; of all columns where none is named.
    IgnoredFilters {
        #[serde(default)]
        columns: Vec<String>,
    },
    IgnoredOrder {},
    Raw(Raw),
}

impl faults::Kind for Kind {
    const RECIPIENT: &'static str = "table";
    const EDGES: &'static [&'static str] = &["get", "head"];

    fn strikes(&self, _edge: &str) -> bool {
        true
    }

    fn check(&self) -> Result<(), String> {
        match self {
            Self::Raw(raw) => raw.check(),
            _ => Ok(()),
        }
    }
}
