//! What a job moves on a day, in parts that each fit an item: written once, never changed.

use aws_sdk_dynamodb::types::{ConditionCheck, TransactWriteItem};

use super::{CURRENT, DOING, IS_OWN, RuleJobs, built, failed, of, text};
use crate::domain::day::Day;
use crate::domain::rule_job::Touched;
use crate::store::contention::{MAX_ATTEMPTS, pause, pauses};
use crate::store::{StoreError, document};

/// Some 160 KB, of the 400 that an item may have.
const MOST_IN_A_PART: usize = 2_000;

/// What became of a part.
enum Added {
    /// It is stored, or another run has stored one in its place.
    Stored,
    /// This run was outrun.
    Outrun,
    /// A key was in another transaction at that moment.
    Busy,
}

impl RuleJobs {
    /// One part of what a job moves on a day; nothing after the last.
    pub async fn part(&self, job_id: &str, day: Day, n: usize) -> Result<Option<Touched>, StoreError> {
        self.item(key(job_id, day, n)).await?.as_ref().map(document::read).transpose()
    }

    /// Stores what a job is about to move on a day, beside what is stored of that day already. All of it; nothing where this run
    /// was outrun, and may move nothing.
    pub async fn touch(
        &self,
        job_id: &str,
        day: Day,
        found: &Touched,
    ) -> Result<Option<Touched>, StoreError> {
        let (mut known, mut n) = (Touched::default(), 0);
        let (mut pauses, mut busy) = (pauses(), 0);
        while busy < MAX_ATTEMPTS {
            while let Some(part) = self.part(job_id, day, n).await? {
                known.join(part);
                n += 1;
            }
            let part = found.beyond(&known, MOST_IN_A_PART);
            if part.is_empty() {
                return Ok(Some(known));
            }
            match self.add(job_id, day, n, &part).await? {
                Added::Stored => {}
                Added::Outrun => return Ok(None),
                Added::Busy => {
                    busy += 1;
                    pause(&mut pauses).await;
                }
            }
        }
        Err(StoreError::Contended { doing: DOING.to_owned(), attempts: MAX_ATTEMPTS })
    }

    async fn add(&self, job_id: &str, day: Day, n: usize, part: &Touched) -> Result<Added, StoreError> {
        let writes = self.adding(job_id, day, n, part)?;
        let sent = self.client.transact_write_items().set_transact_items(Some(writes)).send().await;
        let Err(error) = sent else { return Ok(Added::Stored) };
        match failed(&error).as_deref() {
            Some([true, ..]) => Ok(Added::Outrun),
            Some([_, true]) => Ok(Added::Stored),
            Some(_) => Ok(Added::Busy),
            None => Err(StoreError::call(DOING, &error)),
        }
    }

    pub(super) fn adding(
        &self,
        job_id: &str,
        day: Day,
        n: usize,
        part: &Touched,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let place = ConditionCheck::builder()
            .table_name(&self.table)
            .set_key(Some(of(CURRENT.to_owned())))
            .condition_expression(IS_OWN)
            .expression_attribute_values(":job", text(job_id))
            .build()
            .map_err(|error| StoreError::item(DOING, &error))?;
        let mut item = document::item(part, [])?;
        item.extend(of(key(job_id, day, n)));
        let new = self.put(item).condition_expression("attribute_not_exists(pk)");
        Ok(vec![TransactWriteItem::builder().condition_check(place).build(), built(new)?])
    }
}

/// The first part has the name that all of a day once had.
pub(super) fn key(job_id: &str, day: Day, n: usize) -> String {
    if n == 0 { format!("rule-job#{job_id}#{day}") } else { format!("rule-job#{job_id}#{day}#{n}") }
}

#[cfg(test)]
#[path = "parts_tests.rs"]
mod tests;
