//! Start-up of the functions that call amoCRM.

use std::sync::Arc;

use aws_config::SdkConfig;
use chrono::{DateTime, TimeDelta, Utc};

use super::amocrm::{AmoCrm, LONGEST_CALL, RULES, Trouble};
use super::catalogue::{Catalogue, Kept};
use super::stop::Stop;
use crate::domain::crm::slots::SlotRules;
use crate::edge::config::{self, AmocrmLimits, BadConfig, Tables};
use crate::edge::recent::Recent;
use crate::neighbours::amocrm::api::{Amocrm, Credentials};
use crate::neighbours::http;
use crate::store::ads::Ads;
use crate::store::amocrm_rate::RateLimit;
use crate::store::amocrm_state::AmocrmStates;
use crate::store::breaker::Breakers;
use crate::store::counters::Counters;
use crate::store::lead_book::{LeadBook, LeadTables};
use crate::store::leads::Leads;
use crate::store::ledger::{Ledger, LedgerTables};
use crate::store::locked_secret::{LockedSecret, OF_AMOCRM, TokenPlace};
use crate::store::person_leads::PersonLeads;
use crate::store::person_lock::PersonLocks;
use crate::store::poll_marks::PollMarks;
use crate::store::queue::Queue;
use crate::store::reconciliations::Reconciliations;
use crate::store::rules::RuleBooks;
use crate::store::sales::Sales;
use crate::store::settings::Settings;

/// A token that was stored by hand is noticed after so long.
const TOKEN_KEPT: TimeDelta = TimeDelta::minutes(1);

/// What work on amoCRM is done with.
pub struct Source {
    /// Configuration.
    pub settings: Settings,
    /// What is found out about amoCRM.
    pub states: AmocrmStates,
    /// Where jobs come from, and go back to.
    pub queue: Queue,
    pub(super) leads: Leads,
    pub(super) book: LeadBook,
    pub(super) people: PersonLeads,
    pub(super) locks: PersonLocks,
    pub(super) ledger: Ledger,
    pub(super) sales: Sales,
    pub(super) marks: PollMarks,
    pub(super) counters: Counters,
    pub(super) reconciliations: Reconciliations,
    pub(super) breakers: Breakers,
    pub(super) limit: RateLimit,
    pub(super) token: LockedSecret,
    pub(super) rules: RuleBooks,
    http: reqwest::Client,
    base: String,
    account: Option<u64>,
    amocrm: Recent<Amocrm>,
    catalogue: Kept,
}

impl Source {
    /// As the environment describes it: `AMOCRM_BASE_URL`, which may be empty, `AMOCRM_ACCOUNTS`, `SECRET_AMOCRM`, the
    /// limits, `QUEUE_AMOCRM_WRITER` and the tables.
    pub fn from_env(sdk: &SdkConfig) -> Result<Self, BadConfig> {
        const BASE: &str = "AMOCRM_BASE_URL";
        let (tables, base) = (Tables::from_env()?, config::required(BASE)?);
        let slots = AmocrmLimits::from_env()?.requests_per_second();
        let dynamodb = aws_sdk_dynamodb::Client::new(sdk);
        let sqs = aws_sdk_sqs::Client::new(sdk);
        let (leads, settings) = (tables.leads.clone(), tables.settings.clone());
        let rules = RuleBooks::new(dynamodb.clone(), settings.clone());
        let unusable =
            |error| BadConfig::Unreadable { name: BASE, problem: format!("cannot be called: {error}") };
        let longest = LONGEST_CALL.to_std().unwrap_or_default();
        Ok(Self {
            settings: Settings::new(dynamodb.clone(), settings.clone()),
            states: AmocrmStates::new(dynamodb.clone(), settings.clone()),
            queue: Queue::new(sqs, config::required("QUEUE_AMOCRM_WRITER")?),
            leads: Leads::new(dynamodb.clone(), leads.clone()),
            book: LeadBook::new(
                dynamodb.clone(),
                LeadTables {
                    leads: leads.clone(),
                    counters: tables.counters.clone(),
                    notifications: tables.notifications.clone(),
                },
            ),
            people: PersonLeads::new(dynamodb.clone(), leads.clone()),
            sales: Sales::new(dynamodb.clone(), tables.sales.clone()),
            marks: PollMarks::new(dynamodb.clone(), settings.clone()),
            counters: Counters::new(dynamodb.clone(), tables.counters.clone()),
            reconciliations: Reconciliations::new(dynamodb.clone(), tables.counters.clone()),
            locks: PersonLocks::new(dynamodb.clone(), leads),
            ledger: Ledger::new(
                dynamodb.clone(),
                LedgerTables {
                    events: tables.events,
                    sales: tables.sales,
                    counters: tables.counters,
                    notifications: tables.notifications,
                },
                Ads::new(dynamodb.clone(), tables.ads),
                rules.clone(),
            ),
            breakers: Breakers::new(dynamodb.clone(), settings.clone()).with_rules(RULES),
            limit: RateLimit::new(
                dynamodb.clone(),
                settings.clone(),
                SlotRules { slots, longest_call: LONGEST_CALL },
            ),
            token: LockedSecret::new(
                aws_sdk_secretsmanager::Client::new(sdk),
                config::required("SECRET_AMOCRM")?,
                dynamodb,
                settings,
                OF_AMOCRM,
            ),
            rules,
            http: http::client(longest).map_err(unusable)?,
            account: config::amocrm_accounts()?.at(&base),
            base,
            amocrm: Recent::new(TOKEN_KEPT),
            catalogue: Kept::default(),
        })
    }

    /// Whose deals are written.
    pub(super) fn account(&self) -> Result<u64, Trouble> {
        if self.base.is_empty() {
            return Err(Trouble::NoWay("amoCRM's address is not set: set AMOCRM_BASE_URL".to_owned()));
        }
        let unknown = || {
            Trouble::NoWay(
                "amoCRM's account is not known by its address: name it in AMOCRM_ACCOUNTS".to_owned(),
            )
        };
        self.account.ok_or_else(unknown)
    }

    /// amoCRM by the token that is kept now.
    pub(super) async fn amocrm(&self, now: DateTime<Utc>) -> Result<Amocrm, Trouble> {
        self.account()?;
        if let Some(known) = self.amocrm.get(now) {
            return Ok(known);
        }
        let none =
            || Trouble::NoWay("no access token of amoCRM is stored: store one in the secret".to_owned());
        let secret = self.token.secret().await?.ok_or_else(none)?;
        let amocrm = self.amocrm_by(Credentials::parse(&secret).ok_or_else(none)?);
        self.remember(&amocrm, now);
        Ok(amocrm)
    }

    /// amoCRM by these credentials.
    pub(super) fn amocrm_by(&self, credentials: Credentials) -> Amocrm {
        Amocrm::new(self.http.clone(), &self.base, credentials)
    }

    pub(super) fn remember(&self, amocrm: &Amocrm, now: DateTime<Utc>) {
        self.amocrm.put(amocrm.clone(), now);
    }

    /// What the account looks like.
    pub(super) async fn catalogue(
        &self,
        crm: &AmoCrm<'_>,
        now: DateTime<Utc>,
    ) -> Result<Arc<Catalogue>, Stop> {
        self.catalogue.get(crm, now).await
    }

    /// The account looks otherwise than was thought.
    pub(super) fn forget_catalogue(&self) {
        self.catalogue.forget();
    }
}

#[cfg(test)]
#[path = "stand_in.rs"]
pub(super) mod stand_in;
