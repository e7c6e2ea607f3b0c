//! Start-up of the functions that call Facebook and the National Bank.

use std::time::Duration;

use aws_config::SdkConfig;
use chrono::{DateTime, TimeDelta, Utc};

use super::facebook::Facebook;
use super::plan;
use super::stop::Stop;
use crate::domain::ad::AdAccount;
use crate::domain::ad_account::AdAccountId;
use crate::domain::pull::PullOrder;
use crate::domain::settings::AdAccounts;
use crate::domain::sync_state::{ParkReason, TokenState};
use crate::edge::config::{self, BadConfig, Tables};
use crate::edge::recent::Recent;
use crate::neighbours::facebook::{Credentials, Graph};
use crate::neighbours::http;
use crate::neighbours::nbk::Nbk;
use crate::store::StoreError;
use crate::store::ads::Ads;
use crate::store::breaker::Breakers;
use crate::store::gate::Gate;
use crate::store::jobs::Jobs;
use crate::store::rates::RateBook;
use crate::store::secrets::Secret;

/// A slow page of insights; a function leaves itself more time than this before it asks for one.
const LONGEST_CALL: Duration = Duration::from_secs(20);

/// The bank's small document comes at once or not at all.
const LONGEST_ANSWER_OF_THE_BANK: Duration = Duration::from_secs(6);

/// A token that was exchanged is noticed after so long.
const TOKEN_KEPT: TimeDelta = TimeDelta::minutes(1);

/// What syncs work with.
pub struct Source {
    /// The ads table.
    pub ads: Ads,
    /// Refreshes.
    pub jobs: Jobs,
    /// Exchange rates.
    pub rates: RateBook,
    gate: Gate,
    breakers: Breakers,
    secret: Secret,
    http: reqwest::Client,
    base: String,
    graph: Recent<Graph>,
}

impl Source {
    /// As the environment describes it: `FACEBOOK_BASE_URL`, `SECRET_FACEBOOK` and the tables.
    pub fn from_env(sdk: &SdkConfig) -> Result<Self, BadConfig> {
        let tables = Tables::from_env()?;
        let dynamodb = aws_sdk_dynamodb::Client::new(sdk);
        let ads = Ads::new(dynamodb.clone(), tables.ads);
        Ok(Self {
            ads: ads.clone(),
            jobs: Jobs::new(dynamodb.clone(), tables.settings.clone()),
            rates: RateBook::new(dynamodb.clone(), tables.settings.clone()),
            gate: Gate::new(dynamodb.clone(), tables.settings.clone(), ads),
            breakers: Breakers::new(dynamodb, tables.settings),
            secret: Secret::new(
                aws_sdk_secretsmanager::Client::new(sdk),
                config::required("SECRET_FACEBOOK")?,
            ),
            http: client("FACEBOOK_BASE_URL", LONGEST_CALL)?,
            base: config::required("FACEBOOK_BASE_URL")?,
            graph: Recent::new(TOKEN_KEPT),
        })
    }

    /// Facebook by the token that is kept now.
    pub async fn facebook(&self, now: DateTime<Utc>) -> Result<Facebook, Stop> {
        Ok(Facebook::new(self.graph(now).await?, self.gate.clone(), self.ads.clone(), self.breakers.clone()))
    }

    async fn graph(&self, now: DateTime<Utc>) -> Result<Graph, Stop> {
        match self.graph.get(now) {
            Some(graph) => Ok(graph),
            None => self.read(now).await,
        }
    }

    async fn read(&self, now: DateTime<Utc>) -> Result<Graph, Stop> {
        let none = |said: &str| Stop::Park(ParkReason::NoToken, said.to_owned());
        let value = self.secret.value().await?.ok_or_else(|| none("no access token is stored"))?;
        let credentials =
            Credentials::parse(&value).ok_or_else(|| none("the stored secret holds no access token"))?;
        let graph = Graph::new(self.http.clone(), &self.base, credentials);
        self.graph.put(graph.clone(), now);
        Ok(graph)
    }

    /// Keeps that there is no token, for who asks why nothing comes.
    pub async fn note_missing_token(&self, problem: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let fingerprint = String::new();
        let problem = Some(problem.to_owned());
        self.gate.token(&TokenState { fingerprint, problem, expires_at: None, checked_at: now }).await
    }

    /// Whether the token that is kept now is known to be dead.
    pub async fn token_is_dead(&self, now: DateTime<Utc>) -> Result<bool, StoreError> {
        match self.graph(now).await {
            Ok(graph) => {
                let app = self.gate.standing(None).await?.app;
                Ok(app.token_problem(graph.fingerprint()).is_some())
            }
            Err(Stop::Store(error)) => Err(error),
            Err(_) => Ok(true),
        }
    }

    /// Every account that was ever discovered.
    pub async fn account_ids(&self) -> Result<Vec<AdAccountId>, StoreError> {
        Ok(self.ads.accounts().await?.into_iter().map(|account| account.account_id).collect())
    }

    /// Every account that was ever discovered and that nobody has switched off.
    async fn accounts(&self) -> Result<Vec<AdAccount>, StoreError> {
        let (mut accounts, decided) = futures::future::try_join(self.ads.accounts(), self.decided()).await?;
        accounts.retain(|account| decided.is_on(&account.account_id));
        Ok(accounts)
    }

    /// What people have decided about accounts.
    pub async fn decided(&self) -> Result<AdAccounts, StoreError> {
        Ok(self.gate.standing(None).await?.decided)
    }

    /// The orders of a schedule.
    pub async fn due(&self, days: u64, now: DateTime<Utc>) -> Result<Vec<PullOrder>, StoreError> {
        let (accounts, syncs) = futures::future::try_join(self.accounts(), self.ads.syncs()).await?;
        Ok(plan::scheduled(&accounts, &syncs, days, now))
    }

    /// How long ago the account was pulled that was pulled longest ago; nothing where none ever was.
    pub async fn oldest_pull(&self, now: DateTime<Utc>) -> Result<Option<TimeDelta>, StoreError> {
        let (accounts, syncs) = futures::future::try_join(self.accounts(), self.ads.syncs()).await?;
        let newest = accounts.iter().map(|account| account.discovered_at).max();
        let seen = accounts.iter().filter(|account| newest.is_none_or(|newest| account.is_seen(newest)));
        let pulled = seen.filter_map(|account| syncs.get(&account.account_id)?.pulled_at);
        Ok(pulled.min().map(|oldest| now - oldest))
    }
}

/// The bank that `NBK_BASE_URL` names.
pub fn bank_from_env() -> Result<Nbk, BadConfig> {
    Ok(Nbk::new(client("NBK_BASE_URL", LONGEST_ANSWER_OF_THE_BANK)?, &config::required("NBK_BASE_URL")?))
}

fn client(name: &'static str, timeout: Duration) -> Result<reqwest::Client, BadConfig> {
    http::client(timeout)
        .map_err(|error| BadConfig::Unreadable { name, problem: format!("cannot be called: {error}") })
}
