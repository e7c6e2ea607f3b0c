//! Start-up of the functions that run the checks.

use std::time::Duration;

use aws_config::SdkConfig;

use super::Diagnosis;
use super::ads::AdsKept;
use super::checks::Checks;
use super::live::{LiveCrm, LiveDatabases};
use super::queues::{Queues, WatchedQueue};
use crate::domain::secret::Neighbour;
use crate::edge::config::{self, BadConfig, Tables};
use crate::health::{AmocrmDoor, secret};
use crate::neighbours::http;
use crate::store::ads::Ads;
use crate::store::amocrm_state::AmocrmStates;
use crate::store::counters::Counters;
use crate::store::diagnostics_runs::DiagnosticsRuns;
use crate::store::gate::Gate;
use crate::store::old_databases::OldDatabases;
use crate::store::rates::RateBook;
use crate::store::reconciliations::Reconciliations;
use crate::store::rules::RuleBooks;
use crate::store::sales::Sales;
use crate::store::settings::Settings;
use crate::store::token_healths::TokenHealths;
use crate::sync::old::Database;

/// So long an old database may take for a row.
const LONGEST_READ: Duration = Duration::from_secs(5);

/// Each queue by its name, the variable of its address and that of its dead letters' address.
const QUEUES: [(&str, &str, &str); 6] = [
    ("hook-retry", "QUEUE_HOOK_RETRY", "QUEUE_HOOK_RETRY_DLQ"),
    ("facebook-pull", "QUEUE_FACEBOOK_PULL", "QUEUE_FACEBOOK_PULL_DLQ"),
    ("facebook-refresh", "QUEUE_FACEBOOK_REFRESH", "QUEUE_FACEBOOK_REFRESH_DLQ"),
    ("amocrm-writer", "QUEUE_AMOCRM_WRITER", "QUEUE_AMOCRM_WRITER_DLQ"),
    ("notifications", "QUEUE_NOTIFICATIONS", "QUEUE_NOTIFICATIONS_DLQ"),
    ("attribution", "QUEUE_ATTRIBUTION", "QUEUE_ATTRIBUTION_DLQ"),
];

impl Diagnosis {
    /// As the environment describes it: the tables, `AMOCRM_BASE_URL` and its limits, `SUPABASE_LANDING_URL`,
    /// `SUPABASE_TRIPWIRE_URL`, `SECRET_AMOCRM`, `SECRET_SUPABASE`, and of each queue a `QUEUE_…` and a `QUEUE_…_DLQ`.
    pub fn from_env(sdk: &SdkConfig) -> Result<Self, BadConfig> {
        let tables = Tables::from_env()?;
        let watched = QUEUES.into_iter().map(|(name, url, dead_letters)| {
            let (url, dead_letters) = (config::required(url)?, config::required(dead_letters)?);
            Ok(WatchedQueue { name, url, dead_letters })
        });
        let unusable = |error| BadConfig::Unreadable {
            name: Database::Landing.variable(),
            problem: format!("cannot be called: {error}"),
        };
        Ok(Self::new(
            &aws_sdk_dynamodb::Client::new(sdk),
            &tables,
            Queues {
                client: aws_sdk_sqs::Client::new(sdk),
                watched: watched.collect::<Result<_, BadConfig>>()?,
            },
            LiveCrm { door: AmocrmDoor::from_env(sdk, &tables)?, secret: secret(sdk, Neighbour::Amocrm)? },
            LiveDatabases {
                http: http::client(LONGEST_READ).map_err(unusable)?,
                landing: config::required(Database::Landing.variable())?,
                tripwire: config::required(Database::Tripwire.variable())?,
                secret: secret(sdk, Neighbour::Supabase)?,
            },
        ))
    }

    pub(super) fn new(
        client: &aws_sdk_dynamodb::Client,
        tables: &Tables,
        queues: Queues,
        crm: LiveCrm,
        databases: LiveDatabases,
    ) -> Self {
        let (settings, client) = (|| tables.settings.clone(), || client.clone());
        let ads = Ads::new(client(), tables.ads.clone());
        let checks = Checks {
            sales: Sales::new(client(), tables.sales.clone()),
            settings: Settings::new(client(), settings()),
            states: AmocrmStates::new(client(), settings()),
            counters: Counters::new(client(), tables.counters.clone()),
            reconciliations: Reconciliations::new(client(), tables.counters.clone()),
            old: OldDatabases::new(client(), settings()),
            rules: RuleBooks::new(client(), settings()),
            ads: AdsKept {
                gate: Gate::new(client(), settings(), ads.clone()),
                ads,
                rates: RateBook::new(client(), settings()),
            },
            tokens: TokenHealths::new(client(), settings()),
            queues,
            crm,
            databases,
        };
        Self { checks, runs: DiagnosticsRuns::new(client(), settings()) }
    }
}
