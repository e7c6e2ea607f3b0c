//! How old spend is, and what keeps it from being newer.
//!
//! Spend is as old as its oldest account. What stands in the way of the next pull makes it stale at once: nobody should
//! have to wait for hours to see that Facebook is not asked.

use chrono::{DateTime, Utc};

use super::{SourceFreshness, Status};
use crate::domain::ad_account::AdAccountId;
use crate::domain::breaker::{Breaker, BreakerState};
use crate::domain::day::almaty_clock;
use crate::domain::sync_state::{AccountSync, Pause, SPEND_DUE, WaitReason};
use crate::store::gate::Standing;

/// One account and how its pulling stands.
#[derive(Clone, Copy)]
pub(super) struct Pulling<'a> {
    pub id: &'a AdAccountId,
    pub sync: &'a AccountSync,
}

pub(super) fn freshness(
    standing: &Standing,
    accounts: &[Pulling<'_>],
    now: DateTime<Utc>,
) -> SourceFreshness {
    let pulled = accounts.iter().map(|account| account.sync.pulled_at);
    // One account that was never pulled is older than any other: `None` comes before every time.
    let oldest = pulled.min().flatten();
    let by_age = SourceFreshness::at(oldest, SPEND_DUE, now);
    let reason = in_the_way(standing, now)
        .or_else(|| parked(accounts))
        .or_else(|| paused(accounts, now))
        .or_else(|| too_old(accounts, now));
    match (by_age.status, &reason) {
        (Status::Fresh, Some(_)) => SourceFreshness { stale: true, status: Status::Stale, reason, ..by_age },
        _ => SourceFreshness { reason, ..by_age },
    }
}

/// What keeps all accounts from being pulled.
fn in_the_way(standing: &Standing, now: DateTime<Utc>) -> Option<String> {
    let token = standing.app.token.as_ref().and_then(|token| token.trouble(now));
    token
        .map(|problem| format!("Facebook does not accept the access token: {problem}"))
        .or_else(|| standing.app.longest_pause(now).map(|pause| of_all(pause, now)))
        .or_else(|| of_breaker(&standing.breaker, now))
}

fn of_all(pause: &Pause, now: DateTime<Utc>) -> String {
    let until = almaty_clock(pause.until, now);
    match pause.reason {
        WaitReason::InsightsLimit => format!("Facebook blocks all insights until {until}."),
        WaitReason::AbuseProtection => {
            format!("Facebook suspects abuse; it is not asked until {until}.")
        }
        WaitReason::AppLimit | WaitReason::AccountLimit | WaitReason::BreakerOpen => {
            format!("Facebook blocks the whole application until {until}.")
        }
    }
}

fn of_breaker(breaker: &Breaker, now: DateTime<Utc>) -> Option<String> {
    let since = breaker.since().map_or_else(String::new, |at| format!(" since {}", almaty_clock(at, now)));
    match breaker.state() {
        BreakerState::Closed => None,
        BreakerState::Open => Some(format!("Facebook does not answer; it is left alone{since}.")),
        BreakerState::HalfOpen => Some(format!("Facebook did not answer; it is being tried again{since}.")),
    }
}

fn parked(accounts: &[Pulling<'_>]) -> Option<String> {
    let parked: Vec<_> =
        accounts.iter().filter_map(|account| Some((account.id, account.sync.parked.as_ref()?))).collect();
    let (id, first) = parked.first()?;
    let what_to_do = first.reason.what_to_do();
    Some(format!("Facebook does not give the figures of {}: {what_to_do}", several(id, parked.len())))
}

/// The account that is blocked the longest is named: then all are free.
fn paused(accounts: &[Pulling<'_>], now: DateTime<Utc>) -> Option<String> {
    let paused: Vec<_> =
        accounts.iter().filter_map(|account| Some((account.id, account.sync.paused(now)?))).collect();
    let (id, last) = paused.iter().max_by_key(|(_, pause)| pause.until)?;
    let until = almaty_clock(last.until, now);
    Some(format!("Facebook blocks {} until {until}.", several(id, paused.len())))
}

fn too_old(accounts: &[Pulling<'_>], now: DateTime<Utc>) -> Option<String> {
    if accounts.is_empty() {
        return Some("No ad account is known.".to_owned());
    }
    let late = accounts.iter().filter(|account| account.sync.pulled_at.is_none_or(|at| now - at > SPEND_DUE));
    let oldest = late.min_by_key(|account| account.sync.pulled_at)?;
    Some(match oldest.sync.pulled_at {
        Some(at) => {
            format!("No pull of ad account {} has succeeded since {}.", oldest.id, almaty_clock(at, now))
        }
        None => format!("No pull of ad account {} has succeeded yet.", oldest.id),
    })
}

fn several(id: &AdAccountId, count: usize) -> String {
    match count {
        0 | 1 => format!("ad account {id}"),
        count => format!("ad account {id} and {} more", count - 1),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::domain::breaker::{BreakerRules, Decision};
    use crate::domain::sync_state::{AppSync, ParkReason, Parked, TokenState};

    fn now() -> DateTime<Utc> {
        "2026-11-20T05:00:00Z".parse().unwrap()
    }

    fn pulled(minutes_ago: i64) -> AccountSync {
        AccountSync { pulled_at: Some(now() - TimeDelta::minutes(minutes_ago)), ..AccountSync::default() }
    }

    fn pause(minutes: i64, reason: WaitReason) -> Option<Pause> {
        Some(Pause { until: now() + TimeDelta::minutes(minutes), reason })
    }

    /// Status, the time of the oldest pull, and the reason.
    fn told(standing: &Standing, syncs: &[AccountSync]) -> (Status, Option<String>, Option<String>) {
        let ids: Vec<_> =
            (1..).take(syncs.len()).map(|n| AdAccountId::parse(&n.to_string()).unwrap()).collect();
        let accounts: Vec<_> = ids.iter().zip(syncs).map(|(id, sync)| Pulling { id, sync }).collect();
        let told = freshness(standing, &accounts, now());
        assert_eq!(told.stale, told.status != Status::Fresh);
        (told.status, told.last_success_at, told.reason)
    }

    fn reason(standing: &Standing, syncs: &[AccountSync]) -> String {
        let (status, last, reason) = told(standing, syncs);
        assert_eq!((status, last.as_deref()), (Status::Stale, Some("2026-11-20T09:30:00+05:00")));
        reason.unwrap()
    }

    #[test]
    fn spend_is_as_old_as_its_oldest_account() {
        let fine = Standing::default();
        let at_seven = Some("2026-11-20T07:00:00+05:00".to_owned());
        assert_eq!(told(&fine, &[pulled(10), pulled(180)]), (Status::Fresh, at_seven, None));
        let before = Some("2026-11-20T06:59:00+05:00".to_owned());
        let why = Some("No pull of ad account 2 has succeeded since 06:59.".to_owned());
        assert_eq!(told(&fine, &[pulled(10), pulled(181), pulled(180)]), (Status::Stale, before, why));
    }

    #[test]
    fn spend_was_never_there_until_every_account_was_pulled() {
        let fine = Standing::default();
        let none = Some("No ad account is known.".to_owned());
        assert_eq!(told(&fine, &[]), (Status::Never, None, none));
        let why = Some("No pull of ad account 2 has succeeded yet.".to_owned());
        assert_eq!(
            told(&fine, &[pulled(10), AccountSync::default(), pulled(600)]),
            (Status::Never, None, why)
        );
        let paused = AccountSync { pause: pause(19, WaitReason::AccountLimit), ..AccountSync::default() };
        let why = Some("Facebook blocks ad account 1 until 10:19.".to_owned());
        assert_eq!(told(&fine, &[paused]), (Status::Never, None, why));
    }

    #[test]
    fn an_account_that_is_kept_from_being_pulled_makes_spend_stale_at_once() {
        let paused = |minutes| AccountSync { pause: pause(minutes, WaitReason::AccountLimit), ..pulled(30) };
        let parked = Parked { since: now(), reason: ParkReason::PermissionMissing, said: String::new() };
        let parked = AccountSync { parked: Some(parked), ..pulled(30) };
        let fine = Standing::default();
        assert_eq!(reason(&fine, &[pulled(5), paused(19)]), "Facebook blocks ad account 2 until 10:19.");
        assert_eq!(
            reason(&fine, &[paused(5), paused(840), pulled(5)]),
            "Facebook blocks ad account 2 and 1 more until 2026-11-21 00:00."
        );
        assert_eq!(
            reason(&fine, &[paused(19), parked]),
            "Facebook does not give the figures of ad account 2: Give the token's user access to this ad account (ads_read)."
        );
        assert_eq!(told(&fine, &[paused(0)]).0, Status::Fresh);
    }

    #[test]
    fn what_is_in_the_way_of_all_accounts_is_told_first() {
        let paused = AccountSync { pause: pause(19, WaitReason::AccountLimit), ..pulled(30) };
        let told = |app| reason(&Standing { app, ..Standing::default() }, std::slice::from_ref(&paused));
        let of_app = |reason| AppSync { app: pause(7, reason), ..AppSync::default() };
        assert_eq!(told(of_app(WaitReason::AppLimit)), "Facebook blocks the whole application until 10:07.");
        assert_eq!(
            told(of_app(WaitReason::AbuseProtection)),
            "Facebook suspects abuse; it is not asked until 10:07."
        );
        let insights = AppSync { insights: pause(7, WaitReason::InsightsLimit), ..AppSync::default() };
        assert_eq!(told(insights), "Facebook blocks all insights until 10:07.");
        let token = TokenState {
            fingerprint: String::new(),
            problem: Some("Session has expired".to_owned()),
            expires_at: None,
            checked_at: now(),
        };
        let dead = AppSync { token: Some(token), ..of_app(WaitReason::AppLimit) };
        assert_eq!(told(dead), "Facebook does not accept the access token: Session has expired");
    }

    #[test]
    fn a_breaker_that_is_not_closed_makes_spend_stale() {
        let rules = BreakerRules { failures: 1, ..BreakerRules::default() };
        let opened_at = now() - TimeDelta::minutes(2);
        let (_, Decision::Go(pass)) = Breaker::default().ask(opened_at, "t", &rules) else {
            panic!("refused")
        };
        let open = Breaker::default().failed(opened_at, &pass, &rules).unwrap();
        let half_open = open.ask(now(), "probe", &rules).0.unwrap();
        let told = |breaker| reason(&Standing { breaker, ..Standing::default() }, &[pulled(30)]);
        assert_eq!(told(open), "Facebook does not answer; it is left alone since 09:58.");
        assert_eq!(told(half_open), "Facebook did not answer; it is being tried again since 10:00.");
    }
}
