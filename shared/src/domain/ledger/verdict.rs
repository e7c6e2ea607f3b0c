//! What is said of an event: what became of it, and of which sale.

use serde::{Deserialize, Serialize};

use super::succession::{changed, predecessor};
use crate::domain::deal::Deal;
use crate::domain::event::{Action, DealEvent};
use crate::domain::rules::Rules;
use crate::domain::sale::Sale;
use crate::domain::stage::LOST;
use crate::domain::team::TeamId;
use crate::domain::timeline::product_on_sales_route;

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A new sale in the ledger.
    Recorded,
    /// A known sale gained or changed facts.
    Updated,
    /// This very event was seen before.
    Duplicate,
    /// Stored as an event; no sale came of it.
    Ignored,
    /// Kept raw with its problems.
    Quarantined,
    /// Kept in the retry queue.
    Queued,
}

/// Why an event made no sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ignored {
    /// The stage is none of a sale.
    Stage,
    /// The deal is lost.
    Lost,
    /// The deal is deleted.
    Deleted,
    /// It is no lead.
    NotALead,
    /// The sale is known and stays as it is.
    NoChange,
}

/// A verdict on an event, as the sender is told and the event's record keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// What became of it.
    pub outcome: Outcome,
    /// The sale it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale_id: Option<String>,
    /// Whose sale that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    /// Why it made no sale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Ignored>,
}

impl Verdict {
    /// No sale, for this reason.
    pub fn ignored(reason: Ignored) -> Self {
        Self { outcome: Outcome::Ignored, sale_id: None, team: None, reason: Some(reason) }
    }

    pub(super) fn about(outcome: Outcome, sale: &Sale) -> Self {
        Self { outcome, sale_id: Some(sale.id().to_string()), team: sale.team.clone(), reason: None }
    }
}

/// What is to be said of an event, now that the deal has followed it.
pub(super) fn verdict(event: &DealEvent, deal: &Deal, before: &[Sale], rules: &Rules) -> Verdict {
    let after = &deal.sales;
    let about = event.route.product().unwrap_or_else(|| product_on_sales_route(&deal.history, rules));
    let pick = |sales: &[Sale]| sales.iter().find(|sale| sale.product == about).or(sales.first()).cloned();
    if let Some(verdict) = of_change(before, after, pick) {
        return verdict;
    }
    if let Some(sale) = pick(after) {
        return Verdict { reason: Some(Ignored::NoChange), ..Verdict::about(Outcome::Ignored, &sale) };
    }
    Verdict::ignored(match (event.action, event.stage) {
        (Action::Delete, _) => Ignored::Deleted,
        (_, Some(LOST)) => Ignored::Lost,
        _ => Ignored::Stage,
    })
}

/// What is to be said of sales that changed; nothing where none did. `pick` chooses the one that it is about.
pub(in crate::domain) fn of_change(
    before: &[Sale],
    after: &[Sale],
    pick: impl Fn(&[Sale]) -> Option<Sale>,
) -> Option<Verdict> {
    let changed: Vec<Sale> = changed(before, after).cloned().collect();
    let is_new = |sale: &&Sale| predecessor(sale, before, after).is_none();
    let new: Vec<Sale> = changed.iter().filter(is_new).cloned().collect();
    let recorded = pick(&new).map(|sale| Verdict::about(Outcome::Recorded, &sale));
    recorded.or_else(|| pick(&changed).map(|sale| Verdict::about(Outcome::Updated, &sale)))
}
