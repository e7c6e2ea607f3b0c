//! The ad accounts that a caller may see, with what the last check of their UTM tags found and what their ads spend: for
//! the route and for diagnostics. Facebook is not asked, and accounts that somebody has switched off are left out: nothing
//! of theirs is checked or pulled.

use chrono::{DateTime, Utc};

use super::caller::Scope;
use super::freshness;
use crate::domain::day::Period;
use crate::domain::rules::Rules;
use crate::domain::spend::{AccountDay, AdDay};
use crate::domain::utm_check::at_risk::{Account, DaySpend};
use crate::store::StoreError;
use crate::store::ads::{Ads, Visible};
use crate::store::gate::Gate;

/// All of them that the token still sees and that are switched on, by their ids.
pub async fn read(
    ads: &Ads,
    gate: &Gate,
    scope: &Scope,
    rules: &Rules,
    now: DateTime<Utc>,
) -> Result<Vec<Account>, StoreError> {
    let (visible, standing) = tokio::try_join!(ads.visible(scope, rules), gate.standing(None))?;
    let visible: Vec<Visible> = freshness::pulled(&standing, &visible).into_iter().cloned().collect();
    let mut checks = ads.visible_utm_checks(&visible).await?;
    let has_findings = |seen: &&Visible| {
        let found = checks.get(seen.id()).and_then(|kept| kept.found.as_ref());
        found.is_some_and(|found| found.with_findings > 0)
    };
    let spending: Vec<Visible> = visible.iter().filter(has_findings).cloned().collect();
    let today = |seen: &Visible| seen.account().today(now);
    let days = match (spending.iter().map(today).min(), spending.iter().map(today).max()) {
        // Accounts of other zones are in other days: a day more is read of some of them.
        (Some(first), Some(last)) => {
            ads.visible_rows(&spending, Period { from: first.minus(1), to: last }).await?
        }
        _ => vec![],
    };
    let account = |seen: Visible| {
        let of_account = days.iter().filter(|day| day.day.account_id == *seen.id());
        let of_account: Vec<(&AccountDay, &[AdDay])> =
            of_account.map(|day| (&day.day, day.rows.as_slice())).collect();
        Account {
            id: seen.id().clone(),
            name: seen.account().name.clone(),
            team: seen.owner().team().cloned(),
            kept: checks.remove(seen.id()).unwrap_or_default(),
            spend: DaySpend::newest(&of_account, today(&seen)),
        }
    };
    Ok(visible.into_iter().map(account).collect())
}
