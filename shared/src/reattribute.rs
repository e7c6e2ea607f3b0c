//! Moves the sales and leads of some days to the rules that were in force when a job was asked for, or back: one day after the
//! other.
//!
//! 1. What has to move on the day is found, and stored with the job.
//! 2. Each deal and each lead is moved in a transaction of its own. One that is there already stays as it is.
//! 3. The job's next day is stored, and no sooner: whoever is stopped before begins the day again, and moves nothing twice.
//!
//! Other rules that are saved meanwhile change nothing for the job, and the job changes nothing that was decided by them. Of
//! several runs of a job, and of several jobs, one goes on and the others stop: see `store/rule_jobs.rs`.
//!
//! Limitation: deals of which nothing was ever sold are not looked for. They follow the rules in force when something is told of
//! them.

mod look;

use aws_sdk_dynamodb::Client;
use chrono::{DateTime, Utc};
use futures::stream::{self, StreamExt, TryStreamExt};

pub use look::Look;
use serde::{Deserialize, Serialize};

use crate::domain::audit::{Action, AuditRow};
use crate::domain::day::Period;
use crate::domain::deal::Deal;
use crate::domain::lead::Lead;
use crate::domain::reattribution::{lead_stands_by, move_deal, move_lead, move_lead_back, stands_by};
use crate::domain::rule_job::{JobState, Kind, RuleJob, Touched};
use crate::domain::rules::{RulesFor, RulesVersion};
use crate::edge::caller::Scope;
use crate::edge::config::Tables;
use crate::store::StoreError;
use crate::store::audit::Audit;
use crate::store::lead_book::{LeadBook, LeadTables};
use crate::store::leads::Leads;
use crate::store::ledger::{Ledger, LedgerTables};
use crate::store::rule_jobs::RuleJobs;

/// So many are moved side by side.
const AT_ONCE: usize = 8;

/// A lead that others write at the same time is read anew so often.
const MAX_ATTEMPTS: usize = 12;

/// What the queue is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobMessage {
    /// The job that is to be carried out.
    pub job_id: String,
}

/// What carrying a job on came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ran {
    /// Whether there is nothing left to do for this run.
    pub is_done: bool,
    /// Deals that were moved.
    pub deals: usize,
    /// Leads likewise.
    pub leads: usize,
}

/// Moves what stands.
pub struct Mover {
    /// What there is.
    pub look: Look,
    /// The ledger.
    pub ledger: Ledger,
    /// The leads, one by one.
    pub leads: Leads,
    /// Where leads are counted.
    pub book: LeadBook,
    /// The jobs.
    pub jobs: RuleJobs,
}

impl Mover {
    /// Over these tables.
    pub fn new(client: Client, tables: &Tables) -> Self {
        let look = Look::new(&client, tables);
        let leads = LeadTables {
            leads: tables.leads.clone(),
            counters: tables.counters.clone(),
            notifications: tables.notifications.clone(),
        };
        let ledger = LedgerTables {
            events: tables.events.clone(),
            sales: tables.sales.clone(),
            counters: tables.counters.clone(),
            notifications: tables.notifications.clone(),
        };
        let audit = Audit::new(client.clone(), tables.counters.clone());
        Self {
            ledger: Ledger::new(client.clone(), ledger, look.ads.clone(), look.rules.clone()),
            look,
            leads: Leads::new(client.clone(), tables.leads.clone()),
            book: LeadBook::new(client.clone(), leads),
            jobs: RuleJobs::new(client, tables.settings.clone(), audit),
        }
    }

    /// Carries a job on until it is done, the time is up, or it turns out that another run does. One that is not there, and one
    /// that was taken back, is done.
    pub async fn run(
        &self,
        job_id: &str,
        is_time_up: impl Fn() -> bool,
        now: impl Fn() -> DateTime<Utc>,
    ) -> Result<Ran, StoreError> {
        let mut ran = Ran { is_done: true, deals: 0, leads: 0 };
        let Some(mut job) = self.jobs.get(job_id).await? else { return Ok(ran) };
        if job.is_open() {
            job.state = JobState::Running;
            if !self.jobs.progress(&job, job.next, now()).await? {
                return Ok(ran);
            }
        }
        while job.is_open() {
            if is_time_up() {
                return Ok(Ran { is_done: false, ..ran });
            }
            let touched = match &job.kind {
                Kind::Apply { rules } => self.apply(&job, *rules, now()).await?,
                Kind::Undo { of } => self.undo(&job, of, now()).await?,
            };
            let Some(touched) = touched else { return Ok(ran) };
            (ran.deals, ran.leads) = (ran.deals + touched.deals.len(), ran.leads + touched.leads.len());
            let read = job.next;
            job = job.after(&touched, now());
            if !self.jobs.progress(&job, read, now()).await? {
                return Ok(ran);
            }
        }
        if job.state == JobState::Done {
            self.jobs.ended(&row(&job)).await?;
        }
        Ok(ran)
    }

    async fn apply(
        &self,
        job: &RuleJob,
        version: RulesVersion,
        now: DateTime<Utc>,
    ) -> Result<Option<Touched>, StoreError> {
        let day = Period { from: job.next, to: job.next };
        let books = &self.look.rules;
        let rules = &books.at(version).await?;
        let deals = self.look.deals(rules, day).await?;
        let leads = self.look.leads.all(&Scope::everything(rules), day).await?;
        let accounts = &self.look.accounts(&deals, &leads, rules).await?;
        let versions = deals.iter().map(|deal| deal.rules).chain([version]);
        let book = books.with(books.known().await?, versions).await?;
        let is_moving = |deal: &&Deal| {
            let by = |by: RulesFor<'_>| move_deal(deal, accounts, &job.job_id, now, by).is_some();
            book.work_by(deal.rules, version, by).unwrap_or_default()
        };
        let moving: Vec<&Deal> = deals.iter().filter(is_moving).collect();
        let moved = |lead: &Lead| move_lead(lead, accounts, &job.job_id, rules);
        let leaving: Vec<Lead> = leads.into_iter().filter(|lead| moved(lead).is_some()).collect();
        let found = Touched {
            deals: moving.iter().map(|deal| deal.id()).collect(),
            leads: leaving.iter().map(|lead| lead.id.clone()).collect(),
        };
        let Some(touched) = self.jobs.touch(&job.job_id, job.next, &found).await? else { return Ok(None) };
        stream::iter(moving)
            .map(|deal| self.ledger.move_to_rules(deal.clone(), &job.job_id, version, now))
            .buffer_unordered(AT_ONCE)
            .try_collect::<Vec<bool>>()
            .await?;
        stream::iter(leaving)
            .map(|lead| self.restate(lead, moved))
            .buffer_unordered(AT_ONCE)
            .try_collect::<Vec<()>>()
            .await?;
        Ok(Some(touched))
    }

    async fn undo(&self, job: &RuleJob, of: &str, now: DateTime<Utc>) -> Result<Option<Touched>, StoreError> {
        let (mut touched, mut n) = (Touched::default(), 0);
        while let Some(part) = self.jobs.part(of, job.next, n).await? {
            n += 1;
            let deals = self.look.sales.deals(&part.deals).await?;
            let leads = stream::iter(&part.leads).map(|id| self.leads.get(id)).buffer_unordered(AT_ONCE);
            let leads: Vec<Option<Lead>> = leads.try_collect().await?;
            let leads: Vec<Lead> = leads.into_iter().flatten().collect();
            // What other jobs have moved on since stays where it is, and is no move.
            let moving = deals.iter().filter(|deal| stands_by(deal, of));
            let leaving = leads.iter().filter(|lead| lead_stands_by(lead, of));
            let found = Touched {
                deals: moving.map(Deal::id).collect(),
                leads: leaving.map(|lead| lead.id.clone()).collect(),
            };
            let Some(known) = self.jobs.touch(&job.job_id, job.next, &found).await? else { return Ok(None) };
            touched = known;
            stream::iter(deals)
                .map(|deal| self.ledger.move_back(deal, of, now))
                .buffer_unordered(AT_ONCE)
                .try_collect::<Vec<bool>>()
                .await?;
            stream::iter(leads)
                .map(|lead| self.restate(lead, |lead| move_lead_back(lead, of)))
                .buffer_unordered(AT_ONCE)
                .try_collect::<Vec<()>>()
                .await?;
        }
        Ok(Some(touched))
    }

    async fn restate(&self, mut lead: Lead, work: impl Fn(&Lead) -> Option<Lead>) -> Result<(), StoreError> {
        for _ in 0..MAX_ATTEMPTS {
            let Some(next) = work(&lead) else { return Ok(()) };
            if self.book.restate(&lead, &next).await?.is_ok() {
                return Ok(());
            }
            let Some(read) = self.leads.get(&lead.id).await? else { return Ok(()) };
            lead = read;
        }
        Err(StoreError::Contended { doing: format!("lead {}", lead.id), attempts: MAX_ATTEMPTS })
    }
}

/// What the audit says of a job that has ended.
fn row(job: &RuleJob) -> AuditRow {
    let action = match job.kind {
        Kind::Apply { .. } => Action::RulesApplied,
        Kind::Undo { .. } => Action::RulesUndone,
    };
    AuditRow {
        id: format!("{}-end", job.job_id),
        at: job.finished_at.unwrap_or(job.requested_at),
        who: job.by.clone(),
        action,
        subject: format!("{} – {}", job.period.from, job.period.to),
        before: serde_json::Value::Null,
        after: serde_json::json!({"job_id": job.job_id, "deals": job.deals, "leads": job.leads}),
        effect: Some(format!("{} deals and {} leads moved", job.deals, job.leads)),
    }
}
