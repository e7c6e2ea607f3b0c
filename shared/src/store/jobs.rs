//! Refreshes: one at a time, however many ask.
//!
//! The settings table holds `refresh#current`, which names the one that runs, and `job#<id>` for each. Both are written
//! in one transaction, so of any number of callers one begins a job and the others get its id.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    AttributeValue, Put, ReturnValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
};
use chrono::{DateTime, TimeDelta, Utc};

use super::StoreError;
use super::ads::sync::{json, number, written};
use super::conditional;
use super::document::Item;
use crate::domain::ad_account::AdAccountId;
use crate::domain::refresh::{Job, JobState, PATIENCE, Progress, RefreshOrder};

const CURRENT: &str = "refresh#current";

/// What was asked for and what became of it can be read for so long.
const KEPT: TimeDelta = TimeDelta::days(30);

/// Whether a caller began a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// They did.
    New,
    /// This one runs already.
    Joined(String),
}

/// Reads and writes refreshes.
#[derive(Debug, Clone)]
pub struct Jobs {
    client: Client,
    table: String,
}

impl Jobs {
    /// Over the settings table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// Begins a refresh unless one runs.
    pub async fn begin(&self, order: &RefreshOrder, now: DateTime<Utc>) -> Result<Begun, StoreError> {
        let doing = "beginning a refresh";
        let built = |error| StoreError::item(doing, &error);
        let mut current = key(CURRENT);
        current.insert("job_id".to_owned(), text(&order.job_id));
        current.insert("until".to_owned(), millis(now + PATIENCE));
        let current = Put::builder()
            .table_name(&self.table)
            .set_item(Some(current))
            .condition_expression("attribute_not_exists(pk) OR #until < :now")
            .expression_attribute_names("#until", "until")
            .expression_attribute_values(":now", millis(now))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(built)?;
        let mut job = job_key(&order.job_id);
        job.insert("job".to_owned(), written(order)?);
        job.insert("stage".to_owned(), written(&JobState::Queued)?);
        job.insert("expires_at".to_owned(), AttributeValue::N((now + KEPT).timestamp().to_string()));
        let job = Put::builder().table_name(&self.table).set_item(Some(job)).build().map_err(built)?;
        let writes = [current, job].map(|put| TransactWriteItem::builder().put(put).build());
        let sent = self.client.transact_write_items().set_transact_items(Some(writes.into())).send().await;
        let Err(error) = sent else { return Ok(Begun::New) };
        let running = match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => cancelled
                .cancellation_reasons()
                .first()
                .and_then(|reason| reason.item()?.get("job_id")?.as_s().ok().cloned()),
            _ => None,
        };
        match running {
            Some(job_id) => Ok(Begun::Joined(job_id)),
            // Two that began in the same moment: the other one's is there now.
            None => match self.current(now).await? {
                Some(job_id) if job_id != order.job_id => Ok(Begun::Joined(job_id)),
                _ => Err(StoreError::call(doing, &error)),
            },
        }
    }

    /// The refresh that runs.
    async fn current(&self, now: DateTime<Utc>) -> Result<Option<String>, StoreError> {
        let item = self.item(key(CURRENT)).await?.unwrap_or_default();
        let runs = number(&item, "until").is_some_and(|until| until >= now.timestamp_millis());
        Ok(item.get("job_id").and_then(|id| id.as_s().ok()).filter(|_| runs).cloned())
    }

    /// A refresh; nothing where there is none of this id. One that has made no progress for too long has failed, whatever
    /// became of its messages.
    pub async fn get(&self, job_id: &str, now: DateTime<Utc>) -> Result<Option<Job>, StoreError> {
        let Some(job) = self.kept(job_id).await? else { return Ok(None) };
        if job.finished_at.is_some() || self.current(now).await?.as_deref() == Some(job_id) {
            return Ok(Some(job));
        }
        // It may have ended between the two reads: an end is written before its place is given up.
        let Some(mut job) = self.kept(job_id).await? else { return Ok(None) };
        if job.finished_at.is_none() {
            job.state = JobState::Failed;
            job.notes.push("it has made no progress for too long".to_owned());
        }
        Ok(Some(job))
    }

    async fn kept(&self, job_id: &str) -> Result<Option<Job>, StoreError> {
        self.item(job_key(job_id)).await?.as_ref().map(read).transpose()
    }

    /// The accounts are known and their orders are about to be sent.
    pub async fn fan_out(
        &self,
        job_id: &str,
        accounts: &[AdAccountId],
        notes: &[String],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let queued = written(&Progress::Queued)?;
        let accounts: HashMap<String, AttributeValue> =
            accounts.iter().map(|account| (account.digits().to_owned(), queued.clone())).collect();
        let left = accounts.len();
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(job_key(job_id)))
            .update_expression(
                "SET stage = :running, accounts = :accounts, notes = :notes, accounts_left = :left",
            )
            // A message that comes twice must not begin the count anew, and one without a refresh must not make one.
            .condition_expression("attribute_exists(job) AND attribute_not_exists(accounts)")
            .expression_attribute_values(":running", written(&JobState::Running)?)
            .expression_attribute_values(":accounts", AttributeValue::M(accounts))
            .expression_attribute_values(":notes", written(&notes)?)
            .expression_attribute_values(":left", AttributeValue::N(left.to_string()))
            .send()
            .await;
        conditional::held(sent, || "a refresh's accounts".to_owned())?;
        if left == 0 { self.finish(job_id, JobState::Done, None, now).await } else { Ok(()) }
    }

    /// How far one account is. The last one that closes ends the refresh.
    pub async fn progress(
        &self,
        job_id: &str,
        account: &AdAccountId,
        progress: &Progress,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let closes = progress.is_closed() && self.close(job_id, account, progress).await? == Some(0);
        if closes {
            return self.finish(job_id, JobState::Done, None, now).await;
        }
        self.keep_waiting(job_id, now).await
    }

    /// Writes an account's progress; how many are still open after it.
    async fn close(
        &self,
        job_id: &str,
        account: &AdAccountId,
        progress: &Progress,
    ) -> Result<Option<i64>, StoreError> {
        let update = |expression: &str, condition: &str| {
            self.client
                .update_item()
                .table_name(&self.table)
                .set_key(Some(job_key(job_id)))
                .update_expression(expression)
                .condition_expression(condition)
                .expression_attribute_names("#account", account.digits())
                .return_values(ReturnValue::AllNew)
        };
        let doing = || "a refresh's progress".to_owned();
        let set = "SET accounts.#account = :progress";
        let sent = update(&format!("{set} ADD accounts_left :less"), "accounts.#account = :queued")
            .expression_attribute_values(":progress", written(progress)?)
            .expression_attribute_values(":queued", written(&Progress::Queued)?)
            .expression_attribute_values(":less", AttributeValue::N("-1".to_owned()))
            .send()
            .await;
        let closed = match conditional::held(sent, doing)? {
            Some(closed) => Some(closed),
            // It was closed before: as postponed, or by a message that comes again; or the refresh is gone.
            None => {
                let sent = update(set, "attribute_exists(accounts.#account)")
                    .expression_attribute_values(":progress", written(progress)?)
                    .send()
                    .await;
                conditional::held(sent, doing)?
            }
        };
        Ok(closed.and_then(|closed| number(&closed.attributes?, "accounts_left")))
    }

    /// It could not begin.
    pub async fn fail(&self, job_id: &str, why: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.finish(job_id, JobState::Failed, Some(why), now).await
    }

    async fn finish(
        &self,
        job_id: &str,
        state: JobState,
        note: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let doing = || "ending a refresh".to_owned();
        let mut request = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(job_key(job_id)))
            .expression_attribute_values(":state", written(&state)?)
            .expression_attribute_values(":now", millis(now));
        let mut update = "SET stage = :state, finished_at = :now".to_owned();
        if let Some(note) = note {
            update.push_str(", notes = :notes");
            request = request.expression_attribute_values(":notes", written(&[note])?);
        }
        // A refresh ends once.
        let condition = "attribute_exists(job) AND attribute_not_exists(finished_at)";
        let sent = request.update_expression(update).condition_expression(condition).send().await;
        conditional::held(sent, doing)?;
        let sent = self
            .client
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(key(CURRENT)))
            .condition_expression("job_id = :job")
            .expression_attribute_values(":job", text(job_id))
            .send()
            .await;
        // Where another refresh runs already, this one took too long, and nothing is left to hand back.
        conditional::held(sent, doing).map(drop)
    }

    /// There is progress: the refresh goes on being the one that runs.
    async fn keep_waiting(&self, job_id: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(CURRENT)))
            .update_expression("SET #until = :until")
            .condition_expression("job_id = :job")
            .expression_attribute_names("#until", "until")
            .expression_attribute_values(":until", millis(now + PATIENCE))
            .expression_attribute_values(":job", text(job_id))
            .send()
            .await;
        conditional::held(sent, || "a refresh that goes on".to_owned()).map(drop)
    }

    async fn item(&self, key: Item) -> Result<Option<Item>, StoreError> {
        let request = self.client.get_item().table_name(&self.table).set_key(Some(key)).consistent_read(true);
        let found = request.send().await.map_err(|error| StoreError::call("a refresh", &error))?;
        Ok(found.item)
    }
}

fn read(item: &Item) -> Result<Job, StoreError> {
    let broken = |problem: &str| StoreError::item("a refresh", &problem);
    let mut accounts = BTreeMap::new();
    if let Some(AttributeValue::M(map)) = item.get("accounts") {
        for id in map.keys() {
            let account = AdAccountId::parse(id).ok_or_else(|| broken("it names what is no account"))?;
            let progress = json(map, id)?.ok_or_else(|| broken("an account has no progress"))?;
            accounts.insert(account, progress);
        }
    }
    Ok(Job {
        order: json(item, "job")?.ok_or_else(|| broken("it has no order"))?,
        state: json(item, "stage")?.ok_or_else(|| broken("it has no state"))?,
        accounts,
        notes: json(item, "notes")?.unwrap_or_default(),
        finished_at: number(item, "finished_at").and_then(DateTime::from_timestamp_millis),
    })
}

fn job_key(job_id: &str) -> Item {
    key(&format!("job#{job_id}"))
}

fn key(pk: &str) -> Item {
    Item::from([("pk".to_owned(), text(pk))])
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn millis(at: DateTime<Utc>) -> AttributeValue {
    AttributeValue::N(at.timestamp_millis().to_string())
}
