//! How old the figures of an answer are, per source.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use self::spend::Pulling;
use crate::domain::day::almaty_time;
use crate::store::StoreError;
use crate::store::ads::Visible;
use crate::store::events::Events;
use crate::store::gate::Standing;

mod spend;

/// On an ordinary day hooks come every hour; a whole day without one means that something is broken.
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

/// The freshness of sales, which come by hooks. Reads the store only.
pub async fn of_sales(events: &Events, now: DateTime<Utc>) -> Result<Freshness, StoreError> {
    Ok(sales(events.newest().await?, now))
}

/// The freshness of leads, which come by our own forms, where the newest came then.
pub fn of_leads(newest: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Freshness {
    Freshness::from([("leads", SourceFreshness::at(newest, LEADS_DUE, now))])
}

/// The freshness of all that a funnel is made from, where the newest hook and the newest lead came then.
pub fn of_funnel(
    newest_hook: Option<DateTime<Utc>>,
    newest_lead: Option<DateTime<Utc>>,
    standing: &Standing,
    accounts: &[Visible],
    now: DateTime<Utc>,
) -> Freshness {
    let mut freshness = sales(newest_hook, now);
    freshness.extend(of_spend(standing, accounts, now));
    freshness.extend(of_leads(newest_lead, now));
    freshness
}

/// The freshness of the spend of these accounts.
pub fn of_spend(standing: &Standing, accounts: &[Visible], now: DateTime<Utc>) -> Freshness {
    // What the token no longer sees is gone, and nothing is to be waited for there.
    let newest = accounts.iter().map(|visible| visible.account().discovered_at).max();
    let seen =
        accounts.iter().filter(|visible| newest.is_none_or(|newest| visible.account().is_seen(newest)));
    let accounts: Vec<Pulling<'_>> =
        seen.map(|account| Pulling { id: account.id(), sync: account.sync() }).collect();
    Freshness::from([("spend", spend::freshness(standing, &accounts, now))])
}

fn sales(newest: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Freshness {
    Freshness::from([("sales", SourceFreshness::at(newest, HOOKS_DUE, now))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_fresh_then_stale_and_never_before_it_has_spoken() {
        let now: DateTime<Utc> = "2026-11-20T05:00:00Z".parse().unwrap();
        let status = |last: Option<&str>| sales(last.map(|last| last.parse().unwrap()), now)["sales"].clone();
        assert_eq!(status(Some("2026-11-19T05:00:00Z")).status, Status::Fresh);
        let stale = status(Some("2026-11-19T04:59:59Z"));
        assert_eq!((stale.status, stale.stale), (Status::Stale, true));
        assert_eq!(stale.last_success_at.as_deref(), Some("2026-11-19T09:59:59+05:00"));
        assert_eq!((status(None).status, status(None).stale), (Status::Never, true));
    }
}
