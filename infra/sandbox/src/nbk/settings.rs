//! What a test makes of the bank.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Everything that can be set; what is left out is as on a good day.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    pub weekends: Weekends,
    /// Answers 503.
    pub down: bool,
    /// Answers half a document.
    pub malformed: bool,
    /// Days whose document is empty.
    pub missing: BTreeSet<NaiveDate>,
    /// Rates by day and currency; `null` takes the currency out of that day's document.
    pub overrides: BTreeMap<NaiveDate, BTreeMap<String, Option<Override>>>,
}

/// What is told of a Saturday and a Sunday. Public clients have seen both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weekends {
    /// A document without rates.
    #[default]
    Empty,
    /// Friday's rates.
    Repeat,
}

/// A rate set by hand: so many tenge for `quant` units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    pub rate: Decimal,
    #[serde(default = "one")]
    pub quant: u32,
}

fn one() -> u32 {
    1
}
