//! A job of the amoCRM writer: one lead, from the queue into amoCRM, or back to the queue.
//!
//! 1. A lead that does not wait any more is done. While the breaker is not closed, and no probe is due, its row says when
//!    it may go, and the message is done: the sweeper sends another.
//! 2. The person's locks are taken, so that nobody else writes for them. Held by another: the message comes again.
//! 3. An earlier lead of the same person that still waits goes first.
//! 4. One attempt (`attempt.rs`), of which each step is stored before the next.
//! 5. The lead is settled, or put off with the reason: for amoCRM's illness ever later but for ever, for a refusal of
//!    every call until the breaker lets someone go. What amoCRM will never take, and says why, is failed, for a person,
//!    who may have it begun anew.
//! 6. The locks are handed back.
//!
//! Limitations: the order of one person's leads is that of their times of arrival as the forms' functions saw them. Whoever
//! has sent more than 50 forms is ordered among the newest 50.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::amocrm::{AmoCrm, BREAKER};
use super::attempt::Attempt;
use super::stop::Stop;
use super::wiring::Source;
use crate::domain::crm::backoff::pause_after;
use crate::domain::lead::{Lead, LeadStatus};
use crate::edge::clock;
use crate::edge::metrics::CrmRecord;
use crate::store::StoreError;
use crate::store::leads::{JobMessage, Outdated};
use crate::store::queue::LONGEST_DELAY;

/// Whoever waits for a lead of the same person that came long ago waits for amoCRM: the sweeper sends it then.
const YOUNG: TimeDelta = TimeDelta::minutes(5);

/// The sweeper leaves a lead alone whose own message is about to come.
const GRACE: TimeDelta = TimeDelta::seconds(30);

/// What became of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worked {
    /// It is done, or comes again by itself.
    Done,
    /// There is no such lead.
    NoSuchLead,
}

/// How the work under the locks ended.
enum Left {
    /// With nothing left to do.
    Nothing,
    /// The message has to come again after so long.
    Message(Duration),
}

/// Works off jobs.
pub struct Writer<'a> {
    /// What it works with.
    pub source: &'a Source,
    /// When the function is stopped.
    pub deadline: SystemTime,
}

impl Writer<'_> {
    /// Finds out whether amoCRM is well again.
    pub async fn probe(&self, record: &mut CrmRecord) -> Result<(), StoreError> {
        let crm = AmoCrm::new(self.source, None, self.deadline);
        let probed = crm.probe().await;
        add(record, crm.record());
        match probed {
            Err(Stop::Store(error)) => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Begins anew with a lead that has failed, once a person has mended what was wrong; whatever has not failed is
    /// treated as by [`Self::lead`].
    pub async fn again(&self, id: &str, record: &mut CrmRecord) -> Result<Worked, StoreError> {
        let lead = self.source.leads.get(id).await?;
        if let Some(mut lead) = lead.filter(|lead| lead.status == LeadStatus::Failed) {
            lead.crm.attempts = 0;
            let due_at = clock::now() + GRACE;
            if self.source.book.settle(lead, LeadStatus::Waiting, Some(due_at)).await? == Err(Outdated) {
                tracing::info!(lead = id, "a lead was begun anew by two");
            }
        }
        self.lead(id, record).await
    }

    /// Brings a lead into amoCRM; an error is our own store's and brings the message again.
    pub async fn lead(&self, id: &str, record: &mut CrmRecord) -> Result<Worked, StoreError> {
        let Some(lead) = self.source.leads.get(id).await? else { return Ok(Worked::NoSuchLead) };
        if lead.status != LeadStatus::Waiting {
            return Ok(Worked::Done);
        }
        if let Some(until) = self.source.breakers.refused_until(BREAKER, clock::now()).await? {
            self.put_off(lead, None, until, record).await?;
            return Ok(Worked::Done);
        }
        let ticket = Uuid::now_v7().to_string();
        let Some(lock) = self.source.locks.take(&lead, &ticket, clock::now()).await? else {
            self.source.queue.send(&JobMessage::of(id), moment()).await?;
            return Ok(Worked::Done);
        };
        let left = self.under_lock(id, record).await;
        // A lock that is not handed back ends by itself.
        if let Err(error) = self.source.locks.release(&lock).await {
            tracing::warn!(lead = id, error = %error, "a person's locks could not be handed back");
        }
        if let Left::Message(delay) = left? {
            self.source.queue.send(&JobMessage::of(id), delay).await?;
        }
        Ok(Worked::Done)
    }

    async fn under_lock(&self, id: &str, record: &mut CrmRecord) -> Result<Left, StoreError> {
        // Whoever held the locks until now may have done it.
        let lead = self.source.leads.get(id).await?.filter(|lead| lead.status == LeadStatus::Waiting);
        let Some(lead) = lead else { return Ok(Left::Nothing) };
        let earlier = self.source.people.before(&lead).await?;
        let now = clock::now();
        if earlier.iter().any(|other| other.status == LeadStatus::Waiting) {
            let is_young = now - lead.received_at < YOUNG;
            // Where its own message comes again, the sweeper would send another every minute.
            self.put_off(lead, None, now + GRACE, record).await?;
            return Ok(if is_young { Left::Message(moment()) } else { Left::Nothing });
        }
        let crm = AmoCrm::new(self.source, Some(id), self.deadline);
        let mut attempt = Attempt::new(self.source, &crm, lead, earlier);
        let done = attempt.run().await;
        let lead = attempt.lead;
        add(record, crm.record());
        match done {
            Ok(()) => self.done(lead, record).await,
            Err(stop) => self.stopped(lead, stop, record).await,
        }
    }

    async fn done(&self, mut lead: Lead, record: &mut CrmRecord) -> Result<Left, StoreError> {
        lead.crm.attempts = lead.crm.attempts.saturating_add(1);
        lead.crm.last_error = None;
        lead.crm.done_at = Some(clock::now());
        let settled = self.source.book.settle(lead, LeadStatus::InCrm, None).await?;
        record.leads_written += u32::from(settled.is_ok());
        Ok(left(settled))
    }

    /// Puts a lead off or ends it, as the stop demands.
    async fn stopped(&self, mut lead: Lead, stop: Stop, record: &mut CrmRecord) -> Result<Left, StoreError> {
        let (id, now) = (lead.id.clone(), clock::now());
        match stop {
            Stop::Store(error) => Err(error),
            Stop::Outdated => Ok(Left::Message(moment())),
            Stop::OutOfTime => Ok(Left::Message(Duration::from_secs(1))),
            Stop::SlowDown(until) => Ok(Left::Message((until - now).to_std().unwrap_or_default() + moment())),
            Stop::Wait { until, problem } => {
                self.put_off(lead, problem, until, record).await?;
                Ok(Left::Nothing)
            }
            Stop::Gone(said) => {
                // The deal was deleted under our hands: the next attempt finds or makes another.
                lead.crm.deal = None;
                self.backed_off(lead, said, record).await
            }
            Stop::Later(said) => self.backed_off(lead, said, record).await,
            Stop::Invalid(said) => {
                tracing::error!(lead = id, said = %said, "amoCRM will not take a lead as it is");
                lead.crm.attempts = lead.crm.attempts.saturating_add(1);
                lead.crm.last_error = Some(said.to_string());
                let settled = self.source.book.settle(lead, LeadStatus::Failed, None).await?;
                record.leads_failed += u32::from(settled.is_ok());
                Ok(left(settled))
            }
        }
    }

    /// Later, and later each time. A message cannot wait for longer than a quarter of an hour; the sweeper can.
    async fn backed_off(
        &self,
        mut lead: Lead,
        said: String,
        record: &mut CrmRecord,
    ) -> Result<Left, StoreError> {
        lead.crm.attempts = lead.crm.attempts.saturating_add(1);
        let pause = pause_after(lead.crm.attempts);
        let due_at = clock::now() + TimeDelta::from_std(pause).unwrap_or_default();
        if pause > LONGEST_DELAY {
            self.put_off(lead, Some(said), due_at, record).await?;
            return Ok(Left::Nothing);
        }
        self.put_off(lead, Some(said), due_at + GRACE, record).await?;
        Ok(Left::Message(pause))
    }

    async fn put_off(
        &self,
        mut lead: Lead,
        problem: Option<String>,
        due_at: DateTime<Utc>,
        record: &mut CrmRecord,
    ) -> Result<(), StoreError> {
        record.leads_put_off += 1;
        lead.crm.last_error = problem.or(lead.crm.last_error);
        // Whoever has written it since knows better when it is due.
        let kept = self.source.leads.put(lead, Some(due_at)).await?;
        if kept == Err(Outdated) {
            tracing::info!("a lead was put off by two");
        }
        Ok(())
    }
}

/// A settled lead leaves nothing; one that was written by someone else is looked at again.
fn left(settled: Result<Lead, Outdated>) -> Left {
    match settled {
        Ok(_) => Left::Nothing,
        Err(Outdated) => Left::Message(moment()),
    }
}

/// From one to three seconds, so that those who wait for each other do not come back together.
fn moment() -> Duration {
    Duration::from_secs(1 + u64::from(Uuid::now_v7().as_bytes()[15] % 3))
}

fn add(record: &mut CrmRecord, calls: CrmRecord) {
    record.amocrm_calls += calls.amocrm_calls;
    record.amocrm_failed += calls.amocrm_failed;
    record.amocrm_throttled += calls.amocrm_throttled;
    record.amocrm_refusals += calls.amocrm_refusals;
}

#[cfg(test)]
#[path = "writer_tests.rs"]
mod tests;
