//! What comparing the ledger with amoCRM has found out, in the counters table.
//!
//! `pk` is `reconciliation`, `sk` is `<day>#<account>`: one document for each day, which a later run replaces as a whole and
//! an earlier one never does (`began_at`, in milliseconds). `pk` is `reconciliation#state`, `sk` the account: how the comparing
//! itself stands, in documents that are written apart from each other: the last run that came to its end (`good`), the last
//! one that did not (`failed`), and how amoCRM's hooks stand (`hooks`).

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use futures::stream::{self, StreamExt, TryStreamExt};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::counters::CounterTable;
use super::document::{self, Item};
use super::{StoreError, conditional};
use crate::domain::day::{Day, Period};
use crate::domain::reconciliation::{CountersCheck, DayCheck, HookHealth, RunState};

const DAYS: &str = "reconciliation";
const STATE: &str = "reconciliation#state";

/// So many days are written at the same time.
const AT_ONCE: usize = 8;

/// A run that came to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoodRun {
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// What it found and did not dare to put right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    /// What it found out about the counters.
    pub counters: CountersCheck,
}

/// Why a run did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// amoCRM could not be read, for this reason.
    Amocrm(String),
    /// Our own store failed. Its words are for the log: they name tables and calls.
    Store,
}

/// A run that did not.
#[derive(Serialize, Deserialize)]
struct FailedRun {
    tried_at: DateTime<Utc>,
    /// What amoCRM said; nothing where it was not amoCRM's fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

/// Keeps it.
#[derive(Debug, Clone)]
pub struct Reconciliations {
    table: CounterTable,
}

impl Reconciliations {
    /// Over the counters table.
    pub fn new(client: Client, table: String) -> Self {
        Self { table: CounterTable { client, name: table } }
    }

    /// The days of a period that were compared, the earliest first.
    pub async fn days(&self, period: Period) -> Result<Vec<DayCheck>, StoreError> {
        let items = self.table.period(DAYS.to_owned(), period).await?;
        items.iter().map(document::read).collect()
    }

    /// How the comparing stands. Of several accounts, which only a change of the configured one leaves behind, the one that
    /// was tried last.
    pub async fn state(&self) -> Result<RunState, StoreError> {
        let items = self.table.between(STATE.to_owned(), "0".to_owned(), "~".to_owned()).await?;
        let states: Result<Vec<RunState>, StoreError> = items.iter().map(state).collect();
        Ok(states?.into_iter().max_by_key(|state| state.tried_at).unwrap_or_default())
    }

    /// Keeps what a run found out about days.
    pub async fn found(&self, account: u64, days: &[DayCheck]) -> Result<(), StoreError> {
        let writes = days.iter().map(|day| self.put(account, day, day.checked_at));
        stream::iter(writes).buffer_unordered(AT_ONCE).try_collect::<Vec<()>>().await.map(drop)
    }

    /// A run over the last days came to its end, and all that it found out about them is kept.
    pub async fn ended(&self, account: u64, run: &GoodRun) -> Result<(), StoreError> {
        self.set(account, "good", run, run.began_at).await
    }

    /// A run that began then came to nothing. What was found out before stays as it is.
    pub async fn failed(
        &self,
        account: u64,
        tried_at: DateTime<Utc>,
        failure: Failure,
    ) -> Result<(), StoreError> {
        let problem = match failure {
            Failure::Amocrm(problem) => Some(problem),
            Failure::Store => None,
        };
        self.set(account, "failed", &FailedRun { tried_at, problem }, tried_at).await
    }

    /// Keeps how amoCRM's hooks stand. That it does not show them says nothing of them: it is kept only where nothing is.
    pub async fn hooks(&self, account: u64, health: &HookHealth) -> Result<(), StoreError> {
        match health.findings {
            Some(_) => self.set(account, "hooks", health, health.checked_at).await,
            None => {
                let is_first = "attribute_not_exists(hooks_at)".to_owned();
                self.set_if(account, "hooks", health, health.checked_at, is_first).await
            }
        }
    }

    async fn put(&self, account: u64, day: &DayCheck, began_at: DateTime<Utc>) -> Result<(), StoreError> {
        let mut item = document::item(day, [("pk", DAYS.to_owned()), ("sk", place(day.day, account))])?;
        item.insert("began_at".to_owned(), millis(began_at));
        let request = self.table.client.put_item().table_name(&self.table.name).set_item(Some(item));
        let request = request
            .condition_expression("attribute_not_exists(pk) OR began_at <= :began_at")
            .expression_attribute_values(":began_at", millis(began_at));
        conditional::held(request.send().await, || format!("what was compared of {}", day.day)).map(drop)
    }

    /// Sets one document of the state, unless it is there from later.
    async fn set(
        &self,
        account: u64,
        name: &str,
        document: &impl Serialize,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let is_news = format!("attribute_not_exists({name}_at) OR {name}_at <= :at");
        self.set_if(account, name, document, at, is_news).await
    }

    /// Sets one document of the state where a condition holds.
    async fn set_if(
        &self,
        account: u64,
        name: &str,
        document: &impl Serialize,
        at: DateTime<Utc>,
        condition: String,
    ) -> Result<(), StoreError> {
        let doing = || format!("how comparing with amoCRM stands ({name})");
        let json = serde_json::to_string(document).map_err(|error| StoreError::item(doing(), &error))?;
        let request = self
            .table
            .client
            .update_item()
            .table_name(&self.table.name)
            .set_key(Some(state_key(account)))
            .update_expression(format!("SET {name} = :document, {name}_at = :at"))
            .condition_expression(condition)
            .expression_attribute_values(":document", AttributeValue::S(json))
            .expression_attribute_values(":at", millis(at));
        conditional::held(request.send().await, doing).map(drop)
    }
}

fn place(day: Day, account: u64) -> String {
    format!("{day}#{account}")
}

fn state_key(account: u64) -> Item {
    let text = |text: String| AttributeValue::S(text);
    Item::from([("pk".to_owned(), text(STATE.to_owned())), ("sk".to_owned(), text(account.to_string()))])
}

fn millis(time: DateTime<Utc>) -> AttributeValue {
    AttributeValue::N(time.timestamp_millis().to_string())
}

fn state(item: &Item) -> Result<RunState, StoreError> {
    let good: Option<GoodRun> = held(item, "good")?;
    let failed: Option<FailedRun> = held(item, "failed")?;
    let last_good_at = good.as_ref().map(|run| run.began_at);
    // Of two runs at once the one that began later knows better.
    let failed = failed.filter(|run| Some(run.tried_at) > last_good_at);
    Ok(RunState {
        last_good_at,
        tried_at: failed.as_ref().map(|run| run.tried_at).or(last_good_at),
        has_store_failed: failed.as_ref().is_some_and(|run| run.problem.is_none()),
        problem: failed.and_then(|run| run.problem),
        notice: good.as_ref().and_then(|run| run.notice.clone()),
        counters: good.map(|run| run.counters),
        hooks: held(item, "hooks")?,
    })
}

fn held<T: DeserializeOwned>(item: &Item, name: &str) -> Result<Option<T>, StoreError> {
    let json = item.get(name).and_then(|value| value.as_s().ok());
    let read = json.map(|json| serde_json::from_str(json)).transpose();
    read.map_err(|error| StoreError::item(format!("how comparing with amoCRM stands ({name})"), &error))
}

#[cfg(test)]
#[path = "reconciliations_tests.rs"]
mod tests;
