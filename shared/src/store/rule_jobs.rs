//! Jobs that move what stands to other rules: one at a time.
//!
//! | `pk` (settings table) | holds |
//! | --- | --- |
//! | `rule-job#current` | the one that runs, and until when it is believed to |
//! | `rule-job#<id>` | a job |
//! | `rule-job#<id>#<day>` | what it moves on that day |

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use chrono::{DateTime, Utc};

use super::StoreError;
use super::audit::Audit;
use super::document::{self, Item};
use crate::domain::audit::AuditRow;
use crate::domain::day::Day;
use crate::domain::rule_job::{JobState, PATIENCE, RuleJob, Touched};

const CURRENT: &str = "rule-job#current";

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

impl RuleJobs {
    /// Over the settings table, with this audit.
    pub fn new(client: Client, table: String, audit: Audit) -> Self {
        Self { client, table, audit }
    }

    /// Begins a job unless another runs. `others` are jobs that change with it.
    pub async fn begin(
        &self,
        job: &RuleJob,
        others: &[RuleJob],
        row: &AuditRow,
        now: DateTime<Utc>,
    ) -> Result<Result<(), Busy>, StoreError> {
        let doing = "beginning a job of the rules";
        let current = Put::builder()
            .table_name(&self.table)
            .set_item(Some(self.current(&job.job_id, now)))
            .condition_expression("attribute_not_exists(pk) OR #until < :now")
            .expression_attribute_names("#until", "until")
            .expression_attribute_values(":now", millis(now))
            .build()
            .map_err(|error| StoreError::item(doing, &error))?;
        let mut writes = vec![TransactWriteItem::builder().put(current).build(), self.audit.write(row)?];
        for job in [job].into_iter().chain(others) {
            let put = Put::builder().table_name(&self.table).set_item(Some(item(job)?)).build();
            let put = put.map_err(|error| StoreError::item(doing, &error))?;
            writes.push(TransactWriteItem::builder().put(put).build());
        }
        let sent = self.client.transact_write_items().set_transact_items(Some(writes)).send().await;
        match sent {
            Ok(_) => Ok(Ok(())),
            Err(error) if error.code() == Some("TransactionCanceledException") => Ok(Err(Busy)),
            Err(error) => Err(StoreError::call(doing, &error)),
        }
    }

    /// A job; nothing where there is none of this id.
    pub async fn get(&self, job_id: &str) -> Result<Option<RuleJob>, StoreError> {
        self.read(format!("rule-job#{job_id}")).await
    }

    /// What a job moves on a day.
    pub async fn touched(&self, job_id: &str, day: Day) -> Result<Touched, StoreError> {
        Ok(self.read(touched_key(job_id, day)).await?.unwrap_or_default())
    }

    /// Stores what a job is about to move on a day, beside what is stored of that day already.
    pub async fn touch(&self, job_id: &str, day: Day, more: Touched) -> Result<Touched, StoreError> {
        let mut touched = self.touched(job_id, day).await?;
        touched.join(more);
        let mut item = document::item(&touched, [])?;
        item.extend(of(touched_key(job_id, day)));
        self.put(item).await?;
        Ok(touched)
    }

    /// Stores how far a job is, and keeps its place or gives it up.
    pub async fn progress(&self, job: &RuleJob, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.put(item(job)?).await?;
        let until = if job.state == JobState::Done { DateTime::UNIX_EPOCH } else { now };
        self.put(self.current(&job.job_id, until)).await
    }

    /// Notes what came of a job.
    pub async fn ended(&self, row: &AuditRow) -> Result<(), StoreError> {
        self.audit.put(row).await
    }

    fn current(&self, job_id: &str, now: DateTime<Utc>) -> Item {
        let mut item = of(CURRENT.to_owned());
        item.insert("job_id".to_owned(), AttributeValue::S(job_id.to_owned()));
        item.insert("until".to_owned(), millis(now + PATIENCE));
        item
    }

    async fn put(&self, item: Item) -> Result<(), StoreError> {
        let sent = self.client.put_item().table_name(&self.table).set_item(Some(item)).send().await;
        sent.map(drop).map_err(|error| StoreError::call("a job of the rules", &error))
    }

    async fn read<T: serde::de::DeserializeOwned>(&self, pk: String) -> Result<Option<T>, StoreError> {
        let request =
            self.client.get_item().table_name(&self.table).set_key(Some(of(pk))).consistent_read(true);
        let found = request.send().await.map_err(|error| StoreError::call("a job of the rules", &error))?;
        found.item.as_ref().map(document::read).transpose()
    }
}

fn item(job: &RuleJob) -> Result<Item, StoreError> {
    let mut item = document::item(job, [])?;
    item.extend(of(format!("rule-job#{}", job.job_id)));
    Ok(item)
}

fn touched_key(job_id: &str, day: Day) -> String {
    format!("rule-job#{job_id}#{day}")
}

fn of(pk: String) -> Item {
    Item::from([("pk".to_owned(), AttributeValue::S(pk))])
}

fn millis(at: DateTime<Utc>) -> AttributeValue {
    AttributeValue::N(at.timestamp_millis().to_string())
}
