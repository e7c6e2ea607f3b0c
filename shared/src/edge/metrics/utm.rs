//! What is counted of a check of UTM tags.

use serde::Serialize;

/// The names of [`UtmRecord`]'s metrics.
pub(super) const OF_UTM: [&str; 3] = ["utm_ads", "utm_findings", "utm_accounts_unchecked"];

/// What a check of the running ads' tags comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct UtmRecord {
    /// Ads that run.
    pub utm_ads: u32,
    /// Those that something is wrong with.
    pub utm_findings: u32,
    /// Accounts that could not be checked.
    pub utm_accounts_unchecked: u32,
}
