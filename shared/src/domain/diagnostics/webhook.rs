//! Whether the hook of a product brings its sales, or only the hook of all sales does, or our own reading of amoCRM finds them.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::{Advice, Check, Diagnostic, Figures, Who, counted};
use crate::domain::day::almaty_time;
use crate::domain::deal::{Deal, Entry};
use crate::domain::event::Origin;
use crate::domain::product::Product;
use crate::domain::sale::{Sale, State};
use crate::domain::standing::Standing;

/// amoCRM repeats a hook that failed for about 95 minutes; what it has not brought by then it does not bring.
const MAY_COME: TimeDelta = TimeDelta::hours(2);

/// How a deal came to our knowledge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// The product's own hook told of it, whoever else did.
    Hook,
    /// Another hook did, and its own did not.
    OtherHook,
    /// We have found it in amoCRM.
    Reading,
    /// An old database alone knows of it.
    History,
}

/// What the deal behind a sale says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DealFacts {
    /// The pipeline that it stands in.
    pub pipeline: Option<u64>,
    /// How it came to our knowledge.
    pub told: Told,
}

impl DealFacts {
    /// Where the deal was not found.
    pub const UNKNOWN: Self = Self { pipeline: None, told: Told::History };

    /// What a deal says of the hook that has sales of this product to tell.
    pub fn of(deal: &Deal, product: Product) -> Self {
        let is_from = |origins: &[Origin]| deal.history.iter().any(|entry| origins.contains(&entry.origin));
        let is_own = |entry: &Entry| entry.origin.is_hook() && entry.route.product() == Some(product);
        let told = if deal.history.iter().any(is_own) {
            Told::Hook
        } else if is_from(&[Origin::Hook]) {
            Told::OtherHook
        } else if is_from(&[Origin::Read, Origin::Journal]) {
            Told::Reading
        } else {
            Told::History
        };
        Self { pipeline: Standing::of(&deal.history).pipeline, told }
    }
}

/// What hooks have brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WebhookFigures {
    total_sales: i64,
    correct_pipeline: i64,
    by_webhook: i64,
    latest_sale: Option<String>,
}

/// Checks the sales of one product in the last [`DAYS`](super::DAYS) days, each with its deal.
pub fn check(name: Check, sales: &[(&Sale, DealFacts)], pipeline: u64, now: DateTime<Utc>) -> Diagnostic {
    let active: Vec<_> = sales.iter().filter(|(sale, _)| sale.state == State::Active).collect();
    let of = |told: Told| active.iter().filter(move |(_, deal)| deal.told == told).map(|(sale, _)| *sale);
    let last_hooked = of(Told::Hook).map(|sale| sale.received_at).max();
    let (total, by_webhook) = (number(active.len()), number(of(Told::Hook).count()));
    let in_pipeline = active.iter().filter(|(_, deal)| deal.pipeline == Some(pipeline));
    let figures = Figures::Webhook(WebhookFigures {
        total_sales: total,
        correct_pipeline: number(in_pipeline.count()),
        by_webhook,
        latest_sale: active.iter().map(|(sale, _)| sale.received_at).max().map(almaty_time),
    });
    let found = counted(total, "sale");
    let subscribe = || {
        Advice::new(
            Who::CrmAdmin,
            "Open Settings, Integrations, Webhooks in amoCRM: the hook of this address must be there, switched on, and tell of stage changes.",
        )
    };
    let not_told = |told: Told| {
        let late = of(told).map(|sale| sale.received_at).filter(|at| now - *at > MAY_COME);
        number(late.filter(|at| Some(*at) > last_hooked).count())
    };
    let (lost, elsewhere) = (not_told(Told::Reading), not_told(Told::OtherHook));
    if total == 0 {
        let message = "No sales found in the last 30 days";
        Diagnostic::warning(name, message, figures, subscribe())
    } else if by_webhook == 0 && lost > 0 {
        let message = format!("Webhook silent: {found} found, none by a hook");
        Diagnostic::error(name, message, figures, subscribe())
    } else if by_webhook == 0 && elsewhere > 0 {
        let message = format!("Webhook silent: {found} found, told of by the hook of all sales alone");
        Diagnostic::warning(name, message, figures, subscribe())
    } else if by_webhook == 0 {
        let message = format!("No hook yet: {found} known from elsewhere");
        Diagnostic::warning(name, message, figures, subscribe())
    } else if lost > 0 {
        let since = format!("the last {} came without a hook", counted(lost, "sale"));
        Diagnostic::warning(name, format!("Webhook late: {found} found, {since}"), figures, subscribe())
    } else if elsewhere > 0 {
        let since = format!("of the last {} the hook of all sales alone told", counted(elsewhere, "sale"));
        Diagnostic::warning(name, format!("Webhook late: {found} found, {since}"), figures, subscribe())
    } else {
        Diagnostic::ok(name, format!("Webhook working: {found} found"), figures)
    }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
#[path = "webhook_tests.rs"]
mod tests;
