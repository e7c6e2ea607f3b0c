//! How old the figures of an answer are, per source.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use self::spend::Pulling;
use crate::domain::day::almaty_time;
use crate::domain::reconciliation::{OVERDUE, RunState};
use crate::store::StoreError;
use crate::store::ads::Visible;
use crate::store::events::Events;
use crate::store::gate::Standing;
use crate::store::reconciliations::Reconciliations;

mod spend;

/// On an ordinary day hooks come every hour; a whole day without one, and without a reading, means that something is broken.
const HOOKS_DUE: TimeDelta = TimeDelta::hours(24);

/// A team whose ads run gets leads every day.
const LEADS_DUE: TimeDelta = TimeDelta::hours(24);

/// Whether a source has spoken in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It has.
    Fresh,
    /// Its time is past.
    Stale,
    /// It has not spoken yet.
    Never,
}

/// One source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceFreshness {
    /// When it last spoke.
    pub last_success_at: Option<String>,
    /// Whether its figures may be out of date.
    pub stale: bool,
    /// The same in a word.
    pub status: Status,
    /// Why, in a sentence for a person, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Every source by its name.
pub type Freshness = BTreeMap<&'static str, SourceFreshness>;

impl SourceFreshness {
    fn at(last: Option<DateTime<Utc>>, due: TimeDelta, now: DateTime<Utc>) -> Self {
        let status = match last {
            None => Status::Never,
            Some(last) if now - last > due => Status::Stale,
            Some(_) => Status::Fresh,
        };
        Self { last_success_at: last.map(almaty_time), stale: status != Status::Fresh, status, reason: None }
    }
}

/// The freshness of sales, which come by hooks and by reading amoCRM. Reads the store only.
pub async fn of_sales(
    events: &Events,
    reconciliations: &Reconciliations,
    now: DateTime<Utc>,
) -> Result<Freshness, StoreError> {
    let (newest, state) = tokio::try_join!(events.newest(), reconciliations.state())?;
    Ok(sales(newest, &state, now))
}

/// The freshness of leads, which come by our own forms, where the newest came then.
pub fn of_leads(newest: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Freshness {
    Freshness::from([("leads", SourceFreshness::at(newest, LEADS_DUE, now))])
}

/// The freshness of all that a funnel is made from, where the newest hook and the newest lead came then, and reading amoCRM
/// stands so.
pub fn of_funnel(
    newest_hook: Option<DateTime<Utc>>,
    reading: &RunState,
    newest_lead: Option<DateTime<Utc>>,
    standing: &Standing,
    accounts: &[Visible],
    now: DateTime<Utc>,
) -> Freshness {
    let mut freshness = sales(newest_hook, reading, now);
    freshness.extend(of_spend(standing, accounts, now));
    freshness.extend(of_leads(newest_lead, now));
    freshness
}

/// The freshness of the spend of these accounts.
pub fn of_spend(standing: &Standing, accounts: &[Visible], now: DateTime<Utc>) -> Freshness {
    let pulled = pulled(standing, accounts).into_iter();
    let accounts: Vec<Pulling<'_>> =
        pulled.map(|account| Pulling { id: account.id(), sync: account.sync() }).collect();
    Freshness::from([("spend", spend::freshness(standing, &accounts, now))])
}

/// Those of these accounts that are pulled. What the token no longer sees is gone, and what somebody has switched off is not
/// pulled: nothing is to be waited for there.
pub fn pulled<'a>(standing: &Standing, accounts: &'a [Visible]) -> Vec<&'a Visible> {
    let newest = accounts.iter().map(|visible| visible.account().discovered_at).max();
    let seen =
        accounts.iter().filter(|visible| newest.is_none_or(|newest| visible.account().is_seen(newest)));
    seen.filter(|account| standing.decided.is_on(account.id())).collect()
}

/// Who once began to read amoCRM counts on it: without that hooks alone are no good news.
fn sales(newest: Option<DateTime<Utc>>, reading: &RunState, now: DateTime<Utc>) -> Freshness {
    let by_age = SourceFreshness::at(newest.max(reading.last_good_at), HOOKS_DUE, now);
    let is_overdue = reading.last_good_at.is_some_and(|good| now - good > OVERDUE);
    let reason = reading.in_the_way(now).filter(|_| is_overdue);
    Freshness::from([(
        "sales",
        match (by_age.status, reason) {
            (Status::Never, _) | (_, None) => by_age,
            (_, reason) => SourceFreshness { stale: true, status: Status::Stale, reason, ..by_age },
        },
    )])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-20T05:00:00Z".parse().unwrap()
    }

    fn of(hook: Option<&str>, reading: &RunState) -> SourceFreshness {
        sales(hook.map(|last| last.parse().unwrap()), reading, now())["sales"].clone()
    }

    #[test]
    fn a_source_is_fresh_then_stale_and_never_before_it_has_spoken() {
        let status = |last| of(last, &RunState::default());
        assert_eq!(status(Some("2026-11-19T05:00:00Z")).status, Status::Fresh);
        let stale = status(Some("2026-11-19T04:59:59Z"));
        assert_eq!((stale.status, stale.stale), (Status::Stale, true));
        assert_eq!(stale.last_success_at.as_deref(), Some("2026-11-19T09:59:59+05:00"));
        assert_eq!((status(None).status, status(None).stale), (Status::Never, true));
    }

    #[test]
    fn sales_are_as_fresh_as_the_newest_of_hooks_and_readings_and_stale_without_readings() {
        let read = |minutes_ago| RunState {
            last_good_at: Some(now() - TimeDelta::minutes(minutes_ago)),
            ..RunState::default()
        };
        let fresh = of(Some("2026-11-17T05:00:00Z"), &read(30));
        assert_eq!(
            (fresh.status, fresh.last_success_at.as_deref()),
            (Status::Fresh, Some("2026-11-20T09:30:00+05:00"))
        );
        let hook = Some("2026-11-20T04:59:00Z");
        let late = of(hook, &read(31));
        assert_eq!(
            (late.status, late.last_success_at.as_deref()),
            (Status::Stale, Some("2026-11-20T09:59:00+05:00"))
        );
        assert_eq!(
            late.reason.as_deref(),
            Some("amoCRM has not been read since 09:29: amocrm-poll does not run.")
        );
        let unpaid = |minutes_ago| RunState {
            tried_at: Some(now() - TimeDelta::minutes(1)),
            problem: Some("HTTP 402".to_owned()),
            ..read(minutes_ago)
        };
        assert_eq!(of(hook, &unpaid(30)).status, Status::Fresh, "not for long yet");
        let said = "amoCRM cannot be read: HTTP 402. The figures are of 09:29.";
        assert_eq!(of(hook, &unpaid(31)).reason.as_deref(), Some(said));
    }
}
