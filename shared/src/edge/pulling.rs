//! How the pulling of spend stands, as answers show it: of an account, of the application, of the token.
//!
//! Reads nothing and calls nobody: everything comes from what the last calls to Facebook left in the store.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use crate::domain::day::almaty_time;
use crate::domain::sync_state::{AccountState, AccountSync, AppSync, ParkReason, TokenState, WaitReason};

/// Who has to connect Facebook again is told so many days before the token ends.
const NOTICE: TimeDelta = TimeDelta::days(7);

/// Why something is not pulled now, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Reason {
    /// It goes on by itself.
    Wait(WaitReason),
    /// A person has to do something.
    Park(ParkReason),
}

impl Reason {
    /// What a person has to do.
    pub fn what_to_do(self) -> &'static str {
        match self {
            Self::Wait(reason) => reason.what_to_do(),
            Self::Park(reason) => reason.what_to_do(),
        }
    }
}

/// How the pulling of one account stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountStanding {
    state: AccountState,
    not_before: Option<String>,
    reason: Option<Reason>,
    what_to_do: Option<&'static str>,
    last_pulled_at: Option<String>,
}

impl AccountStanding {
    /// As it is now.
    pub fn of(sync: &AccountSync, now: DateTime<Utc>) -> Self {
        let pause = sync.paused(now);
        let parked = sync.parked.as_ref().map(|parked| Reason::Park(parked.reason));
        let reason = parked.or_else(|| pause.map(|pause| Reason::Wait(pause.reason)));
        Self {
            state: sync.state(now),
            not_before: pause.map(|pause| almaty_time(pause.until)),
            reason,
            what_to_do: reason.map(Reason::what_to_do),
            last_pulled_at: sync.pulled_at.map(almaty_time),
        }
    }
}

/// The pause of the whole application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AppStanding {
    paused_until: String,
    reason: WaitReason,
    what_to_do: &'static str,
}

impl AppStanding {
    /// As it is now; nothing where calls may be made.
    pub fn of(app: &AppSync, now: DateTime<Utc>) -> Option<Self> {
        app.longest_pause(now).map(|pause| Self {
            paused_until: almaty_time(pause.until),
            reason: pause.reason,
            what_to_do: pause.reason.what_to_do(),
        })
    }
}

/// What is known of the token. Which one it is, is never told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TokenStanding {
    /// Unknown where it was never checked.
    valid: Option<bool>,
    problem: Option<String>,
    expires_at: Option<String>,
    checked_at: Option<String>,
    what_to_do: Option<&'static str>,
}

impl TokenStanding {
    /// As it is now.
    pub fn of(token: Option<&TokenState>, now: DateTime<Utc>) -> Self {
        let problem = token.and_then(|token| token.trouble(now));
        let ends_soon = |token: &TokenState| token.expires_at.is_some_and(|ends| ends - now < NOTICE);
        let what_to_do = match token {
            None => Some("Ask for a refresh: Facebook was never asked about the token."),
            Some(_) if problem.is_some() => Some(ParkReason::TokenDead.what_to_do()),
            Some(token) if ends_soon(token) => Some("Connect Facebook again before the access token ends."),
            Some(_) => None,
        };
        Self {
            valid: token.map(|_| problem.is_none()),
            problem,
            expires_at: token.and_then(|token| token.expires_at).map(almaty_time),
            checked_at: token.map(|token| almaty_time(token.checked_at)),
            what_to_do,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sync_state::{Parked, Pause};

    fn now() -> DateTime<Utc> {
        "2026-11-20T05:00:00Z".parse().unwrap()
    }

    fn pause(minutes: i64, reason: WaitReason) -> Option<Pause> {
        Some(Pause { until: now() + TimeDelta::minutes(minutes), reason })
    }

    #[test]
    fn an_account_says_its_state_until_when_and_why() {
        let ok = AccountSync { pulled_at: Some(now() - TimeDelta::minutes(40)), ..AccountSync::default() };
        let paused = AccountSync { pause: pause(19, WaitReason::AccountLimit), ..ok.clone() };
        let parked =
            Parked { since: now(), reason: ParkReason::PermissionMissing, said: "(#200)".to_owned() };
        let parked = AccountSync { parked: Some(parked), ..AccountSync::default() };
        let over = AccountSync { pause: pause(-1, WaitReason::AccountLimit), ..AccountSync::default() };
        let shown = [ok, paused, parked, over].map(|sync| AccountStanding::of(&sync, now()));
        insta::assert_json_snapshot!(shown);
    }

    #[test]
    fn an_application_says_its_pause_while_it_lasts() {
        let app = AppSync { app: pause(5, WaitReason::AbuseProtection), ..AppSync::default() };
        insta::assert_json_snapshot!(AppStanding::of(&app, now()));
        assert_eq!(AppStanding::of(&app, now() + TimeDelta::minutes(5)), None);
    }

    #[test]
    fn a_token_is_good_bad_or_not_known() {
        let good = TokenState {
            fingerprint: "0123456789abcdef".to_owned(),
            problem: None,
            expires_at: Some(now() + TimeDelta::days(8)),
            checked_at: now() - TimeDelta::hours(1),
        };
        let soon = TokenState { expires_at: Some(now() + TimeDelta::days(6)), ..good.clone() };
        let dead = TokenState { problem: Some("Session has expired".to_owned()), ..good.clone() };
        let ended = TokenState { expires_at: Some(now() - TimeDelta::days(1)), ..good.clone() };
        let known = [&good, &soon, &dead, &ended].map(|token| TokenStanding::of(Some(token), now()));
        insta::assert_json_snapshot!([&known[..], &[TokenStanding::of(None, now())]].concat());
    }
}
