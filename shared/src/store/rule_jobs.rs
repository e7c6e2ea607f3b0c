//! Jobs that move what stands to other rules: one at a time.
//!
//! | `pk` (settings table) | holds |
//! | --- | --- |
//! | `rule-job#current` | the one that has the place, and until when it is believed to run |
//! | `rule-job#applied` | those that were not taken back, in their order |
//! | `rule-job#<id>` | a job; `next`, the first day that is not worked off; `undone_by`, once there is one |
//! | `rule-job#<id>#<day>`, `…#<day>#<n>` | what it moves on that day, in parts |
//!
//! The protocol, for any number of runs of any number of jobs:
//!
//! 1. Who begins a job takes the place, if nobody is believed to have it, in the transaction that stores the job.
//! 2. A run stores how far the job is on two conditions: the job has the place, and is as far as this run had read. It does so
//!    before the first day too, and has the place for [`PATIENCE`] from there, which is longer than a run can last.
//! 3. What is about to be moved is stored on condition that the job has the place, and beside what is stored already.
//! 4. A run whose condition does not hold was outrun: the job was carried on by another, or another job has the place. It stops,
//!    and nobody has to know.

mod parts;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::builders::PutBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use chrono::{DateTime, Utc};

use super::StoreError;
use super::audit::Audit;
use super::contention::{MAX_ATTEMPTS, pause, pauses};
use super::document::{self, Item};
use crate::domain::applied::Applied;
use crate::domain::audit::AuditRow;
use crate::domain::day::Day;
use crate::domain::rule_job::{JobState, Kind, PATIENCE, RuleJob, is_id};

const CURRENT: &str = "rule-job#current";
const APPLIED: &str = "rule-job#applied";
const DOING: &str = "a job of the rules";

const IS_FREE: &str = "attribute_not_exists(pk) OR #until < :now";
const IS_FREE_OR_OWN: &str = "attribute_not_exists(pk) OR #until < :now OR job_id = :job";
const IS_OWN: &str = "job_id = :job";

/// Reads and writes jobs.
#[derive(Debug, Clone)]
pub struct RuleJobs {
    client: Client,
    table: String,
    audit: Audit,
}

/// Another job runs, so this one did not begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Busy;

/// Who has the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Current {
    /// The job that took it last.
    pub job_id: String,
    /// Until when it is believed to run.
    pub until: DateTime<Utc>,
}

impl Current {
    /// Whether a job is believed to run.
    pub fn is_running(&self, job_id: &str, now: DateTime<Utc>) -> bool {
        self.job_id == job_id && self.until >= now
    }
}

/// The jobs that were not taken back, with the text by which a write knows them again.
#[derive(Debug, Clone, Default)]
pub struct AppliedRead {
    /// The jobs.
    pub jobs: Applied,
    text: Option<AttributeValue>,
}

impl RuleJobs {
    /// Over the settings table, with this audit.
    pub fn new(client: Client, table: String, audit: Audit) -> Self {
        Self { client, table, audit }
    }

    /// A job; nothing where there is none of this id.
    pub async fn get(&self, job_id: &str) -> Result<Option<RuleJob>, StoreError> {
        if !is_id(job_id) {
            return Ok(None);
        }
        self.item(format!("rule-job#{job_id}")).await?.as_ref().map(document::read).transpose()
    }

    /// Who has the place; nothing where nobody ever had it.
    pub async fn current(&self) -> Result<Option<Current>, StoreError> {
        let item = self.item(CURRENT.to_owned()).await?;
        let read = |item: &Item| {
            let job_id = item.get("job_id")?.as_s().ok()?.clone();
            let until = item.get("until")?.as_n().ok()?.parse().ok()?;
            Some(Current { job_id, until: DateTime::from_timestamp_millis(until)? })
        };
        let unreadable = || StoreError::item(DOING, &"the place of jobs is not what we write");
        item.as_ref().map(|item| read(item).ok_or_else(unreadable)).transpose()
    }

    /// The jobs that were not taken back.
    pub async fn applied(&self) -> Result<AppliedRead, StoreError> {
        let Some(item) = self.item(APPLIED.to_owned()).await? else { return Ok(AppliedRead::default()) };
        Ok(AppliedRead { jobs: document::read(&item)?, text: item.get(document::ATTRIBUTE).cloned() })
    }

    /// Begins a job unless another runs. `undone` is the one that it takes back, as it was read; `applied` are those that were
    /// not taken back so far.
    pub async fn begin(
        &self,
        job: &RuleJob,
        undone: Option<&RuleJob>,
        applied: AppliedRead,
        row: &AuditRow,
        now: DateTime<Utc>,
    ) -> Result<Result<(), Busy>, StoreError> {
        let writes = self.beginning(job, undone, applied, row, now)?;
        self.placed(writes).await
    }

    fn beginning(
        &self,
        job: &RuleJob,
        undone: Option<&RuleJob>,
        applied: AppliedRead,
        row: &AuditRow,
        now: DateTime<Utc>,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let place =
            self.place(job, now).condition_expression(IS_FREE).expression_attribute_names("#until", "until");
        let place = place.expression_attribute_values(":now", millis(now));
        let new = self.put(item(job)?).condition_expression("attribute_not_exists(pk)");
        let mut writes = vec![built(place)?, self.audit.write(row)?, built(new)?];
        if let Some(undone) = undone {
            let undone = RuleJob { undone_by: Some(job.job_id.clone()), ..undone.clone() };
            writes.push(built(
                self.put(item(&undone)?).condition_expression("attribute_not_exists(undone_by)"),
            )?);
        }
        let AppliedRead { jobs, text } = applied;
        let jobs = match &job.kind {
            Kind::Apply { .. } => jobs.and(job),
            Kind::Undo { of } => jobs.without(of),
        };
        let mut applied = document::item(&jobs, [])?;
        applied.extend(of(APPLIED.to_owned()));
        let applied = self.put(applied);
        writes.push(built(match text {
            None => applied.condition_expression("attribute_not_exists(pk)"),
            Some(text) => applied
                .condition_expression("#document = :read")
                .expression_attribute_names("#document", document::ATTRIBUTE)
                .expression_attribute_values(":read", text),
        })?);
        Ok(writes)
    }

    /// Takes the place once more for a job that is not done, as it was read, unless another runs.
    pub async fn again(&self, job: &RuleJob, now: DateTime<Utc>) -> Result<Result<(), Busy>, StoreError> {
        let place = self.place(job, now).condition_expression(IS_FREE_OR_OWN);
        let place = place.expression_attribute_names("#until", "until");
        let place = place.expression_attribute_values(":now", millis(now));
        let place = place.expression_attribute_values(":job", text(&job.job_id));
        self.placed(vec![built(place)?, built(self.as_read(job, job.next)?)?]).await
    }

    async fn placed(&self, writes: Vec<TransactWriteItem>) -> Result<Result<(), Busy>, StoreError> {
        let sent = self.client.transact_write_items().set_transact_items(Some(writes)).send().await;
        match sent {
            Ok(_) => Ok(Ok(())),
            Err(error) if error.code() == Some("TransactionCanceledException") => Ok(Err(Busy)),
            Err(error) => Err(StoreError::call("beginning a job of the rules", &error)),
        }
    }

    /// Stores how far a job is, and keeps its place or gives it up. `read` is how far it was when it was read. Whether it was
    /// stored: if not, this run was outrun.
    pub async fn progress(&self, job: &RuleJob, read: Day, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let writes = self.progressing(job, read, now)?;
        let mut pauses = pauses();
        for _ in 0..MAX_ATTEMPTS {
            let sent =
                self.client.transact_write_items().set_transact_items(Some(writes.clone())).send().await;
            let Err(error) = sent else { return Ok(true) };
            match failed(&error) {
                Some(conditions) if conditions.contains(&true) => return Ok(false),
                Some(_) => pause(&mut pauses).await,
                None => return Err(StoreError::call(DOING, &error)),
            }
        }
        Err(StoreError::Contended { doing: DOING.to_owned(), attempts: MAX_ATTEMPTS })
    }

    fn progressing(
        &self,
        job: &RuleJob,
        read: Day,
        now: DateTime<Utc>,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let is_done = job.state == JobState::Done;
        let place = self.place(job, if is_done { DateTime::UNIX_EPOCH } else { now });
        let place = place.condition_expression(IS_OWN).expression_attribute_values(":job", text(&job.job_id));
        Ok(vec![built(place)?, built(self.as_read(job, read)?)?])
    }

    /// Notes what came of a job.
    pub async fn ended(&self, row: &AuditRow) -> Result<(), StoreError> {
        self.audit.put(row).await
    }

    /// The place, from now on.
    fn place(&self, job: &RuleJob, now: DateTime<Utc>) -> PutBuilder {
        let mut item = of(CURRENT.to_owned());
        item.insert("job_id".to_owned(), text(&job.job_id));
        item.insert("until".to_owned(), millis(now + PATIENCE));
        self.put(item)
    }

    /// A job, on condition that it is as far as it was read, and not taken back.
    fn as_read(&self, job: &RuleJob, read: Day) -> Result<PutBuilder, StoreError> {
        Ok(self
            .put(item(job)?)
            .condition_expression("#next = :read AND attribute_not_exists(undone_by)")
            .expression_attribute_names("#next", "next")
            .expression_attribute_values(":read", text(&read.to_string())))
    }

    fn put(&self, item: Item) -> PutBuilder {
        Put::builder().table_name(&self.table).set_item(Some(item))
    }

    async fn item(&self, pk: String) -> Result<Option<Item>, StoreError> {
        let request =
            self.client.get_item().table_name(&self.table).set_key(Some(of(pk))).consistent_read(true);
        let found = request.send().await.map_err(|error| StoreError::call(DOING, &error))?;
        Ok(found.item)
    }
}

/// Of each write whether its condition did not hold; nothing where the transaction failed for a reason that trying again would
/// not mend.
fn failed<R>(error: &SdkError<TransactWriteItemsError, R>) -> Option<Vec<bool>> {
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
            let reasons = cancelled.cancellation_reasons().iter();
            Some(reasons.map(|reason| reason.code() == Some("ConditionalCheckFailed")).collect())
        }
        Some(TransactWriteItemsError::TransactionInProgressException(_)) => Some(vec![]),
        _ => None,
    }
}

fn built(put: PutBuilder) -> Result<TransactWriteItem, StoreError> {
    let put = put.build().map_err(|error| StoreError::item(DOING, &error))?;
    Ok(TransactWriteItem::builder().put(put).build())
}

fn item(job: &RuleJob) -> Result<Item, StoreError> {
    let mut item = document::item(job, [("next", job.next.to_string())])?;
    item.extend(of(format!("rule-job#{}", job.job_id)));
    item.extend(job.undone_by.iter().map(|by| ("undone_by".to_owned(), text(by))));
    Ok(item)
}

fn of(pk: String) -> Item {
    Item::from([("pk".to_owned(), AttributeValue::S(pk))])
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn millis(at: DateTime<Utc>) -> AttributeValue {
    AttributeValue::N(at.timestamp_millis().to_string())
}

#[cfg(test)]
#[path = "rule_jobs_tests.rs"]
mod tests;
