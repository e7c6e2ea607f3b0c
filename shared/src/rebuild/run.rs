//! Carries an order out: from place to place, as long as there is time.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use chrono::{DateTime, Utc};
use thiserror::Error;

use super::hand::Hand;
use super::order::{Order, Place, Plan, Step};
use super::report::Report;
use crate::domain::day::BadPeriod;
use crate::domain::deal::Deal;
use crate::domain::rulebook::Rulebook;
use crate::edge::caller::Scope;
use crate::edge::config::Tables;
use crate::store::StoreError;
use crate::store::counters::Counters;
use crate::store::deal_counts::DealCounts;
use crate::store::heard::Heard;
use crate::store::lead_counts::LeadCounts;
use crate::store::leads_by_team::LeadsByTeam;
use crate::store::ledger_walk::LedgerWalk;
use crate::store::rules::RuleBooks;
use crate::store::sales::Sales;

/// Indexes are behind their tables by a moment. A second look that came within it would see what the first one saw.
const BETWEEN_LOOKS: Duration = Duration::from_millis(300);

/// What comparing reads.
#[derive(Debug, Clone)]
pub struct Reads {
    /// Events in the order in which they came.
    pub heard: Heard,
    /// The ledger.
    pub sales: Sales,
    /// The same from end to end.
    pub walk: LedgerWalk,
    /// The leads.
    pub leads: LeadsByTeam,
    /// The counters of days and UTM values.
    pub counters: Counters,
    /// The counters of leads by campaign and status.
    pub lead_counts: LeadCounts,
    /// The counts of amoCRM's deals by stage.
    pub deal_counts: DealCounts,
    /// The rules in force.
    pub rules: RuleBooks,
}

impl Reads {
    /// From these tables.
    pub fn new(client: &Client, tables: &Tables) -> Self {
        let of = |table: &String| (client.clone(), table.clone());
        let (sales, counters) = (of(&tables.sales), of(&tables.counters));
        let (events, leads) = (of(&tables.events), of(&tables.leads));
        Self {
            heard: Heard::new(events.0, events.1),
            sales: Sales::new(sales.0.clone(), sales.1.clone()),
            walk: LedgerWalk::new(sales.0, sales.1),
            leads: LeadsByTeam::new(leads.0, leads.1),
            counters: Counters::new(counters.0.clone(), counters.1.clone()),
            lead_counts: LeadCounts::new(counters.0.clone(), counters.1.clone()),
            deal_counts: DealCounts::new(counters.0, counters.1),
            rules: RuleBooks::new(client.clone(), tables.settings.clone()),
        }
    }
}

/// Works periods out anew.
#[derive(Debug, Clone)]
pub struct Rebuild {
    reads: Reads,
    hand: Option<Hand>,
}

/// Why nothing was worked out.
#[derive(Debug, Error)]
pub enum RebuildError {
    /// The period is none.
    #[error("{field} {bad}", field = .0.field(), bad = .0)]
    Period(#[from] BadPeriod),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rebuild {
    /// Comparing by these reads, mending with this hand; without one it only compares, whatever the order says.
    pub fn new(reads: Reads, hand: Option<Hand>) -> Self {
        Self { reads, hand }
    }

    /// Carries an order out until it is done or the time is up.
    pub async fn run(
        &self,
        order: Order,
        now: DateTime<Utc>,
        is_time_up: impl Fn() -> bool,
    ) -> Result<Report, RebuildError> {
        let (mut plan, mut place) = order.plan(now)?;
        if self.hand.is_none() {
            (plan.mends_sales, plan.mends_counters) = (false, false);
        }
        let book = self.reads.rules.fresh().await?;
        let scope = Scope::everything(book.now());
        let hand = self.hand.as_ref().filter(|_| plan.mends_sales);
        let report = Report::new(&plan);
        let mut run = Run { reads: &self.reads, hand, book, scope, plan, now, report };
        while let Some(here) = place {
            place = run.step(here).await?;
            if is_time_up() || run.report.is_full() {
                break;
            }
        }
        run.report.done = place.is_none();
        run.report.next = place;
        Ok(run.report)
    }
}

/// One order that is carried out.
pub(super) struct Run<'a> {
    pub reads: &'a Reads,
    /// The hand, where deals are to be mended.
    pub hand: Option<&'a Hand>,
    /// The rules in force when it began, and those that deals it met stand by.
    pub book: Arc<Rulebook>,
    pub scope: Scope,
    pub plan: Plan,
    pub now: DateTime<Utc>,
    pub report: Report,
}

impl Run<'_> {
    /// Lets what was written a moment ago arrive everywhere, before a second look.
    pub async fn before_second_look(&self) {
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }

    /// Learns the rules that deals stand by.
    pub async fn learn_rules(&mut self, deals: &[Deal]) -> Result<(), StoreError> {
        let versions = deals.iter().map(|deal| deal.rules);
        self.book = self.reads.rules.with(Arc::clone(&self.book), versions).await?;
        Ok(())
    }

    /// Does what is to be done at one place; where to go on.
    async fn step(&mut self, place: Place) -> Result<Option<Place>, StoreError> {
        let (next, step) = match place {
            Place::Events { day, route, heard } => (self.events(day, route, heard).await?, Step::Events),
            Place::Sales { day } => (self.sales(day).await?, Step::Sales),
            Place::Deals(walk) => (self.deals(walk).await?, Step::Deals),
            Place::Counters { day } => (self.counters(day).await?, Step::Counters),
            Place::LeadDays(walk) => (self.lead_days(walk).await?, Step::Counters),
        };
        Ok(next.or_else(|| self.plan.after(step)))
    }
}
