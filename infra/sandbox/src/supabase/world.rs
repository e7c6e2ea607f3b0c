//! The databases as they are where no test has changed them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

const WORLD: &str = include_str!("../../worlds/supabase.json");

/// A row, whatever its columns are.
pub type Row = Map<String, Value>;

/// One database.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// The key that opens it.
    pub key: String,
    /// No answer has more rows.
    #[serde(default = "max_rows")]
    pub max_rows: usize,
    /// Rows by table.
    pub tables: BTreeMap<String, Vec<Row>>,
}

fn max_rows() -> usize {
    1_000
}

/// The default world, by the databases' names.
pub fn world() -> Result<BTreeMap<String, Database>, serde_json::Error> {
    serde_json::from_str(WORLD)
}
