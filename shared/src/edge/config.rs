//! Configuration: one struct per concern, read once at start. A variable that is missing is named.

use thiserror::Error;

use crate::neighbours::amocrm::account::KnownAccounts;

use super::key::{BadDigests, WebhookKeys};

/// Why a function cannot start.
#[derive(Debug, Error)]
pub enum BadConfig {
    /// A variable is not set.
    #[error("the environment variable {0} is not set")]
    Missing(&'static str),
    /// A variable cannot be read.
    #[error("the environment variable {name} {problem}")]
    Unreadable {
        /// Its name.
        name: &'static str,
        /// What is wrong with it.
        problem: String,
    },
}

/// A variable that has to be there.
#[expect(clippy::disallowed_methods, reason = "this is where the environment enters")]
pub fn required(name: &'static str) -> Result<String, BadConfig> {
    std::env::var(name).map_err(|_| BadConfig::Missing(name))
}

/// The tables' names.
#[derive(Debug, Clone)]
pub struct Tables {
    /// Claims and raw hooks.
    pub events: String,
    /// The ledger.
    pub sales: String,
    /// The funnel by day and team.
    pub counters: String,
    /// Ad accounts and what was spent.
    pub ads: String,
    /// Leads and how they hang together.
    pub leads: String,
    /// Messages that are to be sent.
    pub notifications: String,
    /// Configuration and limits.
    pub settings: String,
}

impl Tables {
    /// Reads `TABLE_EVENTS`, `TABLE_SALES`, `TABLE_COUNTERS`, `TABLE_ADS`, `TABLE_LEADS`, `TABLE_NOTIFICATIONS` and
    /// `TABLE_SETTINGS`.
    pub fn from_env() -> Result<Self, BadConfig> {
        Ok(Self {
            events: required("TABLE_EVENTS")?,
            sales: required("TABLE_SALES")?,
            counters: required("TABLE_COUNTERS")?,
            ads: required("TABLE_ADS")?,
            leads: required("TABLE_LEADS")?,
            notifications: required("TABLE_NOTIFICATIONS")?,
            settings: required("TABLE_SETTINGS")?,
        })
    }
}

/// What the receiving of hooks depends on, besides the tables.
#[derive(Debug, Clone)]
pub struct HookConfig {
    /// The retry queue's address.
    pub retry_queue: String,
    /// The address of the queue of messages that are to be sent.
    pub notifications: String,
    /// The accounts that are configured.
    pub accounts: KnownAccounts,
}

impl HookConfig {
    /// Reads `QUEUE_HOOK_RETRY`, `QUEUE_NOTIFICATIONS` and `AMOCRM_ACCOUNTS`.
    pub fn from_env() -> Result<Self, BadConfig> {
        Ok(Self {
            retry_queue: required("QUEUE_HOOK_RETRY")?,
            notifications: required("QUEUE_NOTIFICATIONS")?,
            accounts: amocrm_accounts()?,
        })
    }
}

/// Reads `AMOCRM_ACCOUNTS`.
pub fn amocrm_accounts() -> Result<KnownAccounts, BadConfig> {
    const NAME: &str = "AMOCRM_ACCOUNTS";
    let problem = || "is not a list of id:subdomain".to_owned();
    KnownAccounts::parse(&required(NAME)?)
        .ok_or_else(|| BadConfig::Unreadable { name: NAME, problem: problem() })
}

/// How often amoCRM may be asked in a second: what one integration may, and what the whole account may together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AmocrmLimits {
    /// Of one integration.
    pub integration: usize,
    /// Of the whole account.
    pub account: usize,
}

impl AmocrmLimits {
    /// Reads `AMOCRM_REQUESTS_PER_SECOND` and `AMOCRM_ACCOUNT_REQUESTS_PER_SECOND`.
    pub fn from_env() -> Result<Self, BadConfig> {
        Ok(Self {
            integration: count("AMOCRM_REQUESTS_PER_SECOND")?,
            account: count("AMOCRM_ACCOUNT_REQUESTS_PER_SECOND")?,
        })
    }

    /// The stricter of both.
    pub fn requests_per_second(self) -> usize {
        self.integration.min(self.account)
    }
}

fn count(name: &'static str) -> Result<usize, BadConfig> {
    let problem = || BadConfig::Unreadable { name, problem: "is not a number from 1 to 1000".to_owned() };
    required(name)?.trim().parse().ok().filter(|count| (1..=1_000).contains(count)).ok_or_else(problem)
}

/// Reads `WEBHOOK_KEY_DIGESTS`.
pub fn webhook_keys() -> Result<WebhookKeys, BadConfig> {
    const NAME: &str = "WEBHOOK_KEY_DIGESTS";
    let problem = |bad: BadDigests| BadConfig::Unreadable { name: NAME, problem: bad.to_string() };
    WebhookKeys::parse(&required(NAME)?).map_err(problem)
}
