//! What was found, and what became of it.

use serde::Serialize;

use super::counters::CounterDifference;
use super::deal_counts::DealCountDifference;
use super::events::EventDifference;
use super::lead_counts::LeadCountDifference;
use super::order::{Place, Plan};
use super::sales::SaleDifference;
use crate::domain::day::Day;
use crate::edge::query::PeriodAnswer;
use crate::store::StoreError;

use super::words::{self, Change};

/// So many differences make an answer; the others come with the next.
const MOST: usize = 2_000;

/// The answer to an order.
#[derive(Debug, Serialize)]
pub struct Report {
    success: bool,
    period: PeriodAnswer,
    /// Whether all of it was looked at.
    pub done: bool,
    /// Where the next order goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Place>,
    pub(super) events_checked: usize,
    pub(super) sales_checked: usize,
    pub(super) deals_checked: usize,
    pub(super) leads_checked: usize,
    pub(super) event_differences: Vec<EventDifference>,
    pub(super) sale_differences: Vec<SaleDifference>,
    pub(super) deal_count_differences: Vec<DealCountDifference>,
    pub(super) counter_differences: Vec<CounterDifference>,
    pub(super) lead_count_differences: Vec<LeadCountDifference>,
    /// How many of the differences are mended.
    repaired: usize,
    /// How many are not.
    remaining: usize,
    not_repaired: Vec<String>,
    /// All of it in words: a line for each day on which there was anything.
    lines: Vec<String>,
}

/// What became of a difference that was to be mended: nothing, or why it was not.
pub type Mended = Result<(), NotMended>;

/// Why a difference was not mended.
#[derive(Debug, thiserror::Error)]
pub enum NotMended {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It cannot be, for this reason.
    #[error("{0}")]
    Impossible(&'static str),
}

impl Report {
    /// Of nothing yet.
    pub fn new(plan: &Plan) -> Self {
        Self {
            success: true,
            period: plan.period.into(),
            done: false,
            next: None,
            events_checked: 0,
            sales_checked: 0,
            deals_checked: 0,
            leads_checked: 0,
            event_differences: vec![],
            sale_differences: vec![],
            deal_count_differences: vec![],
            counter_differences: vec![],
            lead_count_differences: vec![],
            repaired: 0,
            remaining: 0,
            not_repaired: vec![],
            lines: vec![],
        }
    }

    /// Whether it is as long as it may be.
    pub fn is_full(&self) -> bool {
        self.repaired + self.remaining >= MOST
    }

    /// Tells of a day: what was looked at, and each difference with what became of it where it was to be mended.
    pub fn tell(
        &mut self,
        day: Day,
        looked_at: Option<String>,
        found: Vec<(Change, Option<(String, Mended)>)>,
    ) {
        let (mut mended, mut left) = (vec![], vec![]);
        for (change, outcome) in found {
            match outcome {
                Some((_, Ok(()))) => mended.push(change),
                Some((name, Err(error))) => {
                    self.not_repaired.push(format!("{name}: {error}"));
                    left.push(change);
                }
                None => left.push(change),
            }
        }
        self.repaired += mended.len();
        self.remaining += left.len();
        for (changes, is_mended) in [(&mended, true), (&left, false)] {
            if !changes.is_empty() {
                self.lines.push(words::line(day, "", changes, is_mended));
            }
        }
        if mended.is_empty() && left.is_empty() {
            self.lines.extend(looked_at.map(|looked_at| words::line(day, &looked_at, &[], false)));
        }
    }
}
