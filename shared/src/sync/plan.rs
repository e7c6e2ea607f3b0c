//! Which accounts are to be pulled now, and over which days.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::domain::ad::AdAccount;
use crate::domain::ad_account::AdAccountId;
use crate::domain::day::Period;
use crate::domain::pull::{NIGHTLY_DAYS, PullOrder, last_days};
use crate::domain::sync_state::{AccountSync, ParkReason};

/// The orders of a schedule: so many days that end with each account's own today.
///
/// An account that waits for a person is tried again with the nightly pull only: errors use up the quota too. One that
/// was only given up is tried every time. One that waits for Facebook's time has an order that waits with it, so no
/// hourly one is put behind it.
pub fn scheduled(
    accounts: &[AdAccount],
    syncs: &BTreeMap<AdAccountId, AccountSync>,
    days: u64,
    now: DateTime<Utc>,
) -> Vec<PullOrder> {
    let waits = |account: &AdAccount| {
        let Some(sync) = syncs.get(&account.account_id) else { return false };
        let for_a_person = sync.parked.as_ref().is_some_and(|parked| parked.reason != ParkReason::GivenUp);
        for_a_person || sync.paused(now).is_some()
    };
    let newest = accounts.iter().map(|account| account.discovered_at).max();
    let is_seen = |account: &AdAccount| newest.is_none_or(|newest| account.is_seen(newest));
    let is_due = |account: &&AdAccount| days >= NIGHTLY_DAYS || (is_seen(account) && !waits(account));
    let order = |account: &AdAccount| {
        PullOrder::insights(account.account_id.clone(), last_days(account.today(now), days), None)
    };
    accounts.iter().filter(is_due).map(order).collect()
}

/// The orders of a refresh: the days that were asked for, else the last 28 of each account's own.
pub fn asked_for(
    accounts: &[AdAccount],
    period: Option<Period>,
    job_id: &str,
    now: DateTime<Utc>,
) -> Vec<PullOrder> {
    let order = |account: &AdAccount| {
        let today = account.today(now);
        // Days to come have no figures, and a zone further west may still be in yesterday.
        let until_today = |asked: Period| {
            let to = asked.to.min(today);
            Period { from: asked.from.min(to), to }
        };
        let period = period.map_or_else(|| last_days(today, NIGHTLY_DAYS), until_today);
        PullOrder::insights(account.account_id.clone(), period, Some(job_id.to_owned()))
    };
    accounts.iter().map(order).collect()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::domain::ad::Access;
    use crate::domain::day::Day;
    use crate::domain::pull::Work;
    use crate::domain::sync_state::{Parked, Pause, WaitReason};

    fn account(id: &str, timezone: &str) -> AdAccount {
        AdAccount {
            account_id: AdAccountId::parse(id).unwrap(),
            name: None,
            business: None,
            access: Access::Owned,
            currency: None,
            timezone: Some(timezone.to_owned()),
            utc_offset_minutes: None,
            status: Some(1),
            disable_reason: None,
            discovered_at: DateTime::UNIX_EPOCH,
        }
    }

    fn periods(orders: &[PullOrder]) -> Vec<String> {
        let windows = orders.iter().flat_map(|order| match &order.work {
            Work::Insights(windows) => windows.clone(),
            Work::Objects => vec![],
        });
        windows.map(|window| format!("{}..{}", window.days.from, window.days.to)).collect()
    }

    #[test]
    fn each_account_is_pulled_by_its_own_calendar() {
        let now = "2026-11-20T03:00:00Z".parse().unwrap();
        let accounts = [account("1", "Asia/Almaty"), account("2", "America/Los_Angeles")];
        let orders = scheduled(&accounts, &BTreeMap::new(), 3, now);
        assert_eq!(periods(&orders), ["2026-11-18..2026-11-20", "2026-11-17..2026-11-19"]);
    }

    #[test]
    fn an_account_that_waits_for_a_person_is_tried_at_night() {
        let now: DateTime<Utc> = "2026-11-20T03:00:00Z".parse().unwrap();
        let parked = Parked { since: now, reason: ParkReason::PermissionMissing, said: String::new() };
        let sync = AccountSync { parked: Some(parked), ..AccountSync::default() };
        let accounts = [account("1", "Asia/Almaty"), account("2", "Asia/Almaty")];
        let syncs = BTreeMap::from([(accounts[0].account_id.clone(), sync)]);
        assert_eq!(scheduled(&accounts, &syncs, 3, now).len(), 1);
        assert_eq!(scheduled(&accounts, &syncs, 28, now).len(), 2);
        let mut given_up = syncs.clone();
        for parked in given_up.values_mut().filter_map(|sync| sync.parked.as_mut()) {
            parked.reason = ParkReason::GivenUp;
        }
        assert_eq!(scheduled(&accounts, &given_up, 3, now).len(), 2);
        assert_eq!(asked_for(&accounts, None, "j", now).len(), 2);
    }

    #[test]
    fn no_hourly_order_is_put_behind_one_that_waits() {
        let now: DateTime<Utc> = "2026-11-20T03:00:00Z".parse().unwrap();
        let pause = Pause { until: now + TimeDelta::minutes(1), reason: WaitReason::AccountLimit };
        let sync = AccountSync { pause: Some(pause), ..AccountSync::default() };
        let accounts = [account("1", "Asia/Almaty")];
        let syncs = BTreeMap::from([(accounts[0].account_id.clone(), sync)]);
        assert_eq!(scheduled(&accounts, &syncs, 3, now).len(), 0);
        assert_eq!(scheduled(&accounts, &syncs, 3, now + TimeDelta::minutes(1)).len(), 1);
        assert_eq!(scheduled(&accounts, &syncs, 28, now).len(), 1);
    }

    #[test]
    fn nobody_is_asked_about_days_to_come() {
        let now = "2026-11-20T03:00:00Z".parse().unwrap();
        let asked = |from: &str, to: &str| {
            let period = Period { from: Day::parse(from).unwrap(), to: Day::parse(to).unwrap() };
            let accounts = [account("1", "Asia/Almaty"), account("2", "America/Los_Angeles")];
            periods(&asked_for(&accounts, Some(period), "j", now))
        };
        assert_eq!(asked("2026-11-18", "2026-11-20"), ["2026-11-18..2026-11-20", "2026-11-18..2026-11-19"]);
        assert_eq!(asked("2026-12-01", "2026-12-31"), ["2026-11-20..2026-11-20", "2026-11-19..2026-11-19"]);
    }

    #[test]
    fn a_refresh_takes_the_days_it_was_asked_for() {
        let now = "2026-11-20T03:00:00Z".parse().unwrap();
        let period = Period::parse(Some("2026-10-01"), Some("2026-10-31"), now).ok();
        let orders = asked_for(&[account("1", "Asia/Almaty")], period, "j", now);
        assert_eq!(periods(&orders), ["2026-10-04..2026-10-31", "2026-10-01..2026-10-03"]);
        assert_eq!(orders[0].job_id.as_deref(), Some("j"));
    }
}
