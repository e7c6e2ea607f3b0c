//! Start-up of the functions that read the old databases.

use std::time::Duration;

use aws_config::SdkConfig;

use super::leads::TakeLeads;
use crate::domain::old::tally::Problem;
use crate::edge::config::{self, BadConfig, Tables};
use crate::edge::landing::LeadMaker;
use crate::neighbours::http;
use crate::neighbours::supabase::{Credentials, Key, Supabase};
use crate::store::StoreError;
use crate::store::ads::Ads;
use crate::store::lead_book::{LeadBook, LeadTables};
use crate::store::leads::Leads;
use crate::store::ledger::{Ledger, LedgerTables};
use crate::store::old_databases::OldDatabases;
use crate::store::person_leads::PersonLeads;
use crate::store::rules::RuleBooks;
use crate::store::secrets::Secret;

/// A page of a thousand rows is some megabytes.
const LONGEST_CALL: Duration = Duration::from_secs(30);

/// Which database is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// The landing pages'.
    Landing,
    /// The one that copies its leads.
    Tripwire,
}

impl Database {
    /// Where its address is configured.
    pub(crate) fn variable(self) -> &'static str {
        match self {
            Self::Landing => "SUPABASE_LANDING_URL",
            Self::Tripwire => "SUPABASE_TRIPWIRE_URL",
        }
    }

    fn not_configured(self) -> Problem {
        let parameter = match self {
            Self::Landing => "SupabaseLandingUrl",
            Self::Tripwire => "SupabaseTripwireUrl",
        };
        Problem::new(
            "not configured",
            format!("Set the parameter {parameter} if this database is still in use."),
        )
    }

    /// Its own key of those that are kept.
    pub(crate) fn key(self, keys: Credentials) -> Option<Key> {
        match self {
            Self::Landing => keys.landing(),
            Self::Tripwire => keys.tripwire(),
        }
    }

    /// That there is none.
    pub(crate) fn no_key(self) -> Problem {
        let part = match self {
            Self::Landing => "landing_key",
            Self::Tripwire => "tripwire_key",
        };
        Problem::new("no key is stored", format!("Store {{\"{part}\": \"…\"}} in the secret supabase."))
    }
}

/// What an old database is read with.
pub struct Source {
    pub(super) states: OldDatabases,
    pub(super) leads: TakeLeads,
    database: Database,
    http: reqwest::Client,
    base: String,
    secret: Secret,
}

impl Source {
    /// As the environment describes it: the database's address, which may be empty, `SECRET_SUPABASE`, `AMOCRM_ACCOUNTS`
    /// and the tables.
    pub fn from_env(database: Database, sdk: &SdkConfig) -> Result<Self, BadConfig> {
        let base = config::required(database.variable())?;
        let secret = config::required("SECRET_SUPABASE")?;
        let account = config::amocrm_accounts()?.only();
        let unusable = |error| BadConfig::Unreadable {
            name: database.variable(),
            problem: format!("cannot be called: {error}"),
        };
        let http = http::client(LONGEST_CALL).map_err(unusable)?;
        Ok(Self::new(database, sdk, Tables::from_env()?, account, http, base, secret))
    }

    fn new(
        database: Database,
        sdk: &SdkConfig,
        tables: Tables,
        account: Option<u64>,
        http: reqwest::Client,
        base: String,
        secret: String,
    ) -> Self {
        let dynamodb = aws_sdk_dynamodb::Client::new(sdk);
        let ads = Ads::new(dynamodb.clone(), tables.ads);
        let rules = RuleBooks::new(dynamodb.clone(), tables.settings.clone());
        let of_leads = LeadTables {
            leads: tables.leads.clone(),
            counters: tables.counters.clone(),
            notifications: tables.notifications.clone(),
        };
        let of_ledger = LedgerTables {
            events: tables.events,
            sales: tables.sales,
            counters: tables.counters,
            notifications: tables.notifications,
        };
        Self {
            states: OldDatabases::new(dynamodb.clone(), tables.settings),
            leads: TakeLeads {
                book: LeadBook::new(dynamodb.clone(), of_leads),
                leads: Leads::new(dynamodb.clone(), tables.leads.clone()),
                people: PersonLeads::new(dynamodb.clone(), tables.leads),
                maker: LeadMaker { ads: ads.clone(), rules: rules.clone() },
                ledger: Ledger::new(dynamodb, of_ledger, ads, rules),
                account,
            },
            database,
            http,
            base,
            secret: Secret::new(aws_sdk_secretsmanager::Client::new(sdk), secret),
        }
    }

    pub(super) fn is_configured(&self) -> bool {
        !self.base.is_empty()
    }

    /// The database by the key that is kept now; or what is missing.
    pub(super) async fn database(&self) -> Result<Result<Supabase, Problem>, StoreError> {
        if !self.is_configured() {
            return Ok(Err(self.database.not_configured()));
        }
        let secret = self.secret.value().await?;
        let keys = secret.as_deref().and_then(Credentials::parse).unwrap_or_default();
        Ok(self
            .database
            .key(keys)
            .map(|key| Supabase::new(self.http.clone(), &self.base, key))
            .ok_or_else(|| self.database.no_key()))
    }
}

#[cfg(test)]
#[path = "stand_in.rs"]
pub(super) mod stand_in;
