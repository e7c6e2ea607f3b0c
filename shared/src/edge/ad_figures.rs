//! What answers about ads are made from: accounts, their days and objects, and the leads and sales that are joined to
//! them.
//!
//! Nothing here calls Facebook. However many callers ask at once, a hundred or none, no call is made upstream, so there
//! is nothing for a cache to protect there; answers are kept for a few minutes to save reads of our own store.
//!
//! A kept answer is good while what it was made from is unchanged: the days of every account that is seen, the newest
//! event, the counters of the period. So a finished pull, a new lead or a new sale drops what it touches at once. The
//! version is taken before the figures are read: what comes in between is in the figures and drops them none the less.
//! How fresh the sources are is looked up for every request.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use chrono::{DateTime, Utc};
use futures::future::try_join3;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::caller::{Caller, Scope};
use super::config::Tables;
use super::errors::ApiError;
use super::query::{DashboardAnswer, Question};
use super::{freshness, http};
use crate::domain::ad::AdObject;
use crate::domain::ad_account::AdAccountId;
use crate::domain::counters::{Basis, LeadTally, Tallies};
use crate::domain::day::Period;
use crate::domain::insights::{AccountFacts, Ask, Facts, Gain, Table, table};
use crate::domain::lead::Form;
use crate::domain::reconciliation::RunState;
use crate::domain::rulebook::Rulebook;
use crate::domain::rules::Rules;
use crate::domain::spend::{AccountDay, AdDay};
use crate::domain::team::Owner;
use crate::store::StoreError;
use crate::store::ads::{Ads, Visible};
use crate::store::answers::{Answer, Answers, Keeping, QuestionKey};
use crate::store::counters::{Counters, Days, UtmDay};
use crate::store::events::Events;
use crate::store::gate::{Gate, Standing};
use crate::store::leads_by_team::LeadsByTeam;
use crate::store::reconciliations::Reconciliations;
use crate::store::rules::RuleBooks;

/// Reads figures of ads.
#[derive(Debug, Clone)]
pub struct AdFigures {
    /// Accounts, objects and spend.
    ads: Ads,
    /// Leads and sales.
    counters: Counters,
    /// When sales last moved.
    events: Events,
    /// How reading amoCRM stands.
    reconciliations: Reconciliations,
    /// When the newest lead came.
    leads: LeadsByTeam,
    /// Whether spend can be pulled.
    gate: Gate,
    /// Answers that may still be good.
    answers: Answers,
    /// The teams.
    rules: RuleBooks,
}

/// What is read for every request, also where the answer is kept: little, and enough to know whether it is still good.
#[derive(Debug)]
pub struct Sight {
    scope: Scope,
    period: Period,
    accounts: Vec<Visible>,
    counted: Days,
    heard: Option<DateTime<Utc>>,
    reading: RunState,
    newest_lead: Option<DateTime<Utc>>,
    standing: Standing,
}

impl Sight {
    /// One of the accounts that the caller may see. A buyer is told the same of another team's and of one that does
    /// not exist.
    pub fn account(&self, id: &AdAccountId, caller: &Caller) -> Result<&Visible, ApiError> {
        let refusal = if caller.is_admin {
            ApiError::NotFound("There is no such ad account.")
        } else {
            ApiError::Forbidden
        };
        self.accounts.iter().find(|account| account.id() == id).ok_or(refusal)
    }

    /// The question that is put, for [`AdFigures::answer`].
    pub fn key(&self, function: &str, parameters: &[(&str, &str)]) -> QuestionKey {
        let (from, to) = (self.period.from.to_string(), self.period.to.to_string());
        let period = [("from", from.as_str()), ("to", to.as_str())];
        QuestionKey::new(function, &self.scope, &[&period, parameters].concat())
    }
}

impl AdFigures {
    /// Over these tables.
    pub fn new(client: Client, tables: Tables) -> Self {
        let ads = Ads::new(client.clone(), tables.ads);
        Self {
            ads: ads.clone(),
            counters: Counters::new(client.clone(), tables.counters.clone()),
            reconciliations: Reconciliations::new(client.clone(), tables.counters),
            events: Events::new(client.clone(), tables.events),
            leads: LeadsByTeam::new(client.clone(), tables.leads),
            answers: Answers::new(client.clone(), tables.settings.clone()),
            rules: RuleBooks::new(client.clone(), tables.settings.clone()),
            gate: Gate::new(client, tables.settings, ads),
        }
    }

    /// The rules by which teams are told.
    pub async fn rules(&self) -> Result<Arc<Rulebook>, StoreError> {
        self.rules.fresh().await
    }

    /// Looks at what a question is about.
    pub async fn look(&self, question: &Question, rules: &Rules) -> Result<Sight, ApiError> {
        let (accounts, counted, heard, reading, newest_lead, standing) = tokio::try_join!(
            self.ads.visible(&question.scope, rules),
            self.counters.days(Basis::SaleDate, &question.scope, question.period),
            self.events.newest(),
            self.reconciliations.state(),
            self.leads.newest(&question.scope),
            self.gate.standing(None),
        )?;
        let (scope, period) = (question.scope.clone(), question.period);
        Ok(Sight { scope, period, accounts, counted, heard, reading, newest_lead, standing })
    }

    /// Works out the rows, and hands on the objects that they may be about.
    pub async fn table(
        &self,
        sight: &Sight,
        ask: &Ask,
        now: DateTime<Utc>,
    ) -> Result<(Table, Vec<AdObject>), ApiError> {
        let asked: Vec<Visible> =
            chosen(sight, |account| ask.account.as_ref().is_none_or(|id| id == account.id()));
        // A name decides only where no other object of the owner's has it, so all of the owner's accounts are needed.
        let joined = chosen(sight, |account| asked.iter().any(|asked| asked.owner() == account.owner()));
        let (days, objects, by_utm) = try_join3(
            self.ads.visible_rows(&asked, sight.period),
            self.ads.visible_objects(&joined),
            self.counters.utm_days(Basis::SaleDate, &sight.scope, sight.period),
        )
        .await?;
        let accounts: Vec<AccountFacts> = joined.iter().map(|account| facts(account, now)).collect();
        let days: Vec<(&AccountDay, &[AdDay])> =
            days.iter().map(|rows| (&rows.day, rows.rows.as_slice())).collect();
        let gains = gains(&sight.counted, by_utm);
        let facts = Facts { accounts: &accounts, objects: &objects, days: &days, gains: &gains };
        let table = table(ask, &facts);
        Ok((table, objects))
    }

    /// Answers with what is kept, if it is still good, else with what is made now. A cache that cannot be read or
    /// written costs a line in the log and no answer.
    pub async fn answer<T: Serialize>(
        &self,
        key: &QuestionKey,
        sight: &Sight,
        now: DateTime<Utc>,
        make: impl Future<Output = Result<T, ApiError>>,
    ) -> Result<Response<Body>, ApiError> {
        let seen =
            sight.accounts.iter().map(|account| (account.id(), account.owner(), account.sync().changed_at));
        let version = version(seen, &sight.counted, sight.heard);
        let figures = self.figures(key, &version, now, make).await?;
        let Sight { heard, reading, newest_lead, standing, accounts, .. } = sight;
        let freshness = freshness::of_funnel(*heard, reading, *newest_lead, standing, accounts, now);
        let common = DashboardAnswer::new(Some(sight.period), freshness, figures.made_at, Nothing {});
        let text = joined(&written(&common)?, &figures.body);
        Ok(http::respond(StatusCode::OK, "application/json", text))
    }

    async fn figures<T: Serialize>(
        &self,
        key: &QuestionKey,
        version: &str,
        now: DateTime<Utc>,
        make: impl Future<Output = Result<T, ApiError>>,
    ) -> Result<Answer, ApiError> {
        if let Some(kept) = self.kept(key, version, now).await {
            return Ok(kept);
        }
        let made = Answer { body: written(&make.await?)?, made_at: now };
        self.keep(key, version, &made).await;
        Ok(made)
    }

    async fn kept(&self, key: &QuestionKey, version: &str, now: DateTime<Utc>) -> Option<Answer> {
        self.answers.find(key, version, now).await.unwrap_or_else(|error| {
            tracing::warn!(error = %error, "a kept answer could not be read");
            None
        })
    }

    async fn keep(&self, key: &QuestionKey, version: &str, answer: &Answer) {
        match self.answers.keep(key, version, answer).await {
            Ok(Keeping::Kept) => {}
            Ok(Keeping::TooLarge) => {
                tracing::info!(bytes = answer.body.len(), "an answer is too large to keep")
            }
            Err(error) => tracing::warn!(error = %error, "an answer could not be kept"),
        }
    }
}

/// The figures come as text.
#[derive(Serialize)]
struct Nothing {}

fn chosen(sight: &Sight, is_chosen: impl Fn(&Visible) -> bool) -> Vec<Visible> {
    sight.accounts.iter().filter(|account| is_chosen(account)).cloned().collect()
}

fn facts(visible: &Visible, now: DateTime<Utc>) -> AccountFacts {
    let account = visible.account();
    AccountFacts {
        id: account.account_id.clone(),
        name: account.name.clone(),
        timezone: account.timezone.clone(),
        currency: account.currency,
        owner: visible.owner().clone(),
        today: account.today(now),
    }
}

/// Leads and sales by their UTM values, and those that carried none.
fn gains(counted: &Days, by_utm: Vec<UtmDay>) -> Vec<Gain> {
    let mut without = counted.clone();
    for of_values in &by_utm {
        if let Some(rest) = without.get_mut(&(of_values.owner.clone(), of_values.day)) {
            rest.add(&-of_values.tallies.clone());
        }
    }
    let gain = |owner, day, values, counted| Gain { owner, day, values, counted };
    let without = without.into_iter().map(|((owner, day), mut rest)| {
        // The two are not read at one moment: a sale or a lead that came in between would be one too few.
        rest.products.retain(|_, tally| tally.active.count > 0);
        let LeadTally { proftest, express } = rest.leads;
        rest.leads = LeadTally { proftest: proftest.max(0), express: express.max(0) };
        gain(owner, day, BTreeMap::new(), rest)
    });
    let without: Vec<Gain> = without.filter(|gain| !gain.counted.is_empty()).collect();
    let with = by_utm.into_iter().map(|of| gain(of.owner, of.day, of.values, of.tallies));
    with.chain(without).collect()
}

/// What stands for all that an answer is made from.
fn version<'a>(
    accounts: impl Iterator<Item = (&'a AdAccountId, &'a Owner, Option<DateTime<Utc>>)>,
    counted: &Days,
    heard: Option<DateTime<Utc>>,
) -> String {
    let millis = |at: Option<DateTime<Utc>>| at.map(|at| at.timestamp_millis());
    let accounts = accounts.map(|(id, owner, changed_at)| (id.digits(), owner.key(), millis(changed_at)));
    let leads = |tallies: &Tallies| Form::ALL.map(|form| tallies.leads.of(form));
    let counted =
        counted.iter().map(|((owner, day), tallies)| (owner.key(), *day, amounts(tallies), leads(tallies)));
    let all = (accounts.collect::<Vec<_>>(), counted.collect::<Vec<_>>(), millis(heard));
    // Texts and numbers alone cannot fail to be written as JSON.
    let text = serde_json::to_string(&all).unwrap_or_default();
    hex::encode(Sha256::digest(text))
}

fn amounts(tallies: &Tallies) -> Vec<(&'static str, i64, i64)> {
    let active = tallies.products.iter().map(|(product, tally)| (product.id(), tally.active));
    active.map(|(product, tally)| (product, tally.count, tally.sum.0)).collect()
}

fn written(answer: &impl Serialize) -> Result<String, ApiError> {
    serde_json::to_string(answer).map_err(|error| {
        tracing::error!(error = %error, "an answer could not be written as JSON");
        ApiError::Unavailable
    })
}

/// Two JSON objects as one. A kept answer is never parsed, so it is to the byte what it was when it was made.
fn joined(common: &str, figures: &str) -> String {
    let common = common.strip_suffix('}').unwrap_or(common);
    let figures = figures.strip_prefix('{').unwrap_or(figures);
    format!("{common},{figures}")
}

#[cfg(test)]
#[path = "ad_figures_tests.rs"]
mod tests;
