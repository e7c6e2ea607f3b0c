//! The order of rows: what cost most comes first, what is unknown last.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use crate::domain::ad_account::AdAccountId;
use crate::domain::day::Day;
use crate::domain::money::Currency;

/// Where a row stands among all others of an answer. No two rows have the same place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    pub(super) spend_kzt: Reverse<Option<i64>>,
    pub(super) id: String,
    pub(super) account_id: AdAccountId,
    pub(super) day: Option<Day>,
    pub(super) currency: Option<Currency>,
}
