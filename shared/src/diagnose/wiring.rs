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
use crate::edge::dead_letters::Source;
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

impl Diagnosis {
    /// As the environment describes it: the tables, `AMOCRM_BASE_URL` and its limits, `SUPABASE_LANDING_URL`,
    /// `SUPABASE_TRIPWIRE_URL`, `SECRET_AMOCRM`, `SECRET_SUPABASE`, and of each queue a `QUEUE_…` and a `QUEUE_…_DLQ`.
    pub fn from_env(sdk: &SdkConfig) -> Result<Self, BadConfig> {
        let tables = Tables::from_env()?;
        let sqs = aws_sdk_sqs::Client::new(sdk);
        let watched = Source::ALL.into_iter().map(|source| {
            let (url, dead_letters) = (source.address()?, source.dead_letters(&sqs)?);
            Ok(WatchedQueue { name: source.as_str(), url, dead_letters })
        });
        let unusable = |error| BadConfig::Unreadable {
            name: Database::Landing.variable(),
            problem: format!("cannot be called: {error}"),
        };
        Ok(Self::new(
            &aws_sdk_dynamodb::Client::new(sdk),
            &tables,
            Queues { watched: watched.collect::<Result<_, BadConfig>>()?, client: sqs.clone() },
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
