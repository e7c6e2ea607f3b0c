//! Whether sales are found, and whether they say where they came from.

use serde::Serialize;

use super::old_sync::{self, is_not_configured};
use super::{Advice, Check, Diagnostic, Figures, Who, counted};
use crate::domain::day::almaty_time;
use crate::domain::old::tally::Problem;
use crate::domain::sale::{Sale, State};

/// Of so few sales it says nothing that none carries UTM values.
const FEW: i64 = 5;

/// What sales come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SalesFigures {
    total_sales: i64,
    cancelled_sales: i64,
    with_utm: i64,
    without_utm: i64,
    latest_sale: Option<String>,
}

/// Checks the sales of the last [`DAYS`](super::DAYS) days.
pub fn check<'a>(name: Check, sales: impl Iterator<Item = &'a Sale>) -> Diagnostic {
    let (active, cancelled): (Vec<&Sale>, Vec<&Sale>) = sales.partition(|sale| sale.state == State::Active);
    let with_utm = active.iter().filter(|sale| !sale.utm.is_empty());
    let (total, with_utm) = (count(&active), i64::try_from(with_utm.count()).unwrap_or(i64::MAX));
    let without_utm = total - with_utm;
    let figures = Figures::Sales(SalesFigures {
        total_sales: total,
        cancelled_sales: count(&cancelled),
        with_utm,
        without_utm,
        latest_sale: active.iter().map(|sale| sale.sold_at).max().map(almaty_time),
    });
    let found = format!("{} found", counted(total, "sale"));
    let tags = || {
        Advice::new(
            Who::Buyers,
            "Check that the ads' links carry UTM tags, that the landing pages send them along, and that amoCRM keeps them in the deals' fields.",
        )
    };
    if total == 0 {
        let advice = "Check in amoCRM whether there were sales; if so, look at the webhooks and the reconciliation above and below.";
        let advice = Advice::new(Who::CrmAdmin, advice);
        return Diagnostic::warning(name, "No sales found in the last 30 days", figures, advice);
    }
    if with_utm == 0 && total >= FEW {
        Diagnostic::error(name, format!("{found}, none with UTM values"), figures, tags())
    } else if without_utm > with_utm {
        Diagnostic::warning(name, format!("{found}, {without_utm} without UTM values"), figures, tags())
    } else {
        Diagnostic::ok(name, found, figures)
    }
}

/// Checks all sales, which hold those of the old databases too. What keeps those from being read is told first.
pub fn check_all<'a>(
    sales: impl Iterator<Item = &'a Sale>,
    of_old: impl IntoIterator<Item = Problem>,
) -> Diagnostic {
    let name = Check::AllSales;
    match of_old.into_iter().find(|problem| !is_not_configured(problem)) {
        Some(problem) => old_sync::refused(name, problem),
        None => check(name, sales),
    }
}

fn count(sales: &[&Sale]) -> i64 {
    i64::try_from(sales.len()).unwrap_or(i64::MAX)
}
