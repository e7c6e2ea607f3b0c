//! Where the pulling of one ad account stands, and of Facebook as a whole.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::day::almaty_clock;

/// An hourly pull that did not come twice is missed.
pub const SPEND_DUE: TimeDelta = TimeDelta::hours(3);

/// Facebook's own pause where it names none, and the longest that doubling comes to.
const FIRST_PAUSE: TimeDelta = TimeDelta::minutes(5);
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(1);

/// Why no call is made now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitReason {
    /// Facebook blocks this account for a while.
    AccountLimit,
    /// Facebook blocks the whole application for a while.
    AppLimit,
    /// Facebook blocks all insights for a while.
    InsightsLimit,
    /// Facebook suspects abuse and has cut the quota: a person should look.
    AbuseProtection,
    /// Facebook does not answer, so it is left alone for a while.
    BreakerOpen,
}

impl WaitReason {
    /// What a person has to do.
    pub fn what_to_do(self) -> &'static str {
        match self {
            Self::AccountLimit | Self::AppLimit | Self::InsightsLimit | Self::BreakerOpen => {
                "Nothing: it is pulled by itself after that time."
            }
            Self::AbuseProtection => {
                "Look into Facebook's App Dashboard: Facebook suspects abuse and has cut the quota."
            }
        }
    }
}

/// Why something cannot succeed until a person does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParkReason {
    /// No token is kept.
    NoToken,
    /// The token is dead: connect again.
    TokenDead,
    /// The token may not see this.
    PermissionMissing,
    /// Facebook wants a person to confirm something.
    Blocked,
    /// This version of the Graph API has ended.
    VersionGone,
    /// The request is wrong: our mistake or a wrong configuration.
    Misconfigured,
    /// It was tried long enough.
    GivenUp,
}

impl ParkReason {
    /// What a person has to do.
    pub fn what_to_do(self) -> &'static str {
        match self {
            Self::NoToken => "Store an access token.",
            Self::TokenDead => "Connect Facebook again: the access token is no longer good.",
            Self::PermissionMissing => "Give the token's user access to this ad account (ads_read).",
            Self::Blocked => "Sign in to Facebook and confirm what it asks for.",
            Self::VersionGone => "Update to the present version of the Graph API.",
            Self::Misconfigured => "Look at the log: Facebook refuses the request itself.",
            Self::GivenUp => "Facebook failed for hours; the next pull tries again.",
        }
    }
}

/// A pause that ends by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// When it ends.
    pub until: DateTime<Utc>,
    /// Why.
    pub reason: WaitReason,
}

/// An end that a person has to lift.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parked {
    /// Since when.
    pub since: DateTime<Utc>,
    /// Why.
    pub reason: ParkReason,
    /// What Facebook said.
    pub said: String,
}

/// How the pulling of one account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// The last pull was good.
    Ok,
    /// It waits for Facebook's time.
    Paused,
    /// A person has to do something.
    Parked,
    /// It was never pulled.
    Pending,
}

/// What is known of the pulling of one account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountSync {
    /// Facebook's pause, which may be over.
    pub pause: Option<Pause>,
    /// How many pauses there were since the last good answer.
    pub strikes: u32,
    /// What a person has to lift.
    pub parked: Option<Parked>,
    /// When the newest good pull began.
    pub pulled_at: Option<DateTime<Utc>>,
    /// When any of its days was last replaced.
    pub changed_at: Option<DateTime<Utc>>,
}

impl AccountSync {
    /// The pause, unless it is over.
    pub fn paused(&self, now: DateTime<Utc>) -> Option<&Pause> {
        self.pause.as_ref().filter(|pause| pause.until > now)
    }

    /// How it stands.
    pub fn state(&self, now: DateTime<Utc>) -> AccountState {
        if self.parked.is_some() {
            AccountState::Parked
        } else if self.paused(now).is_some() {
            AccountState::Paused
        } else if self.pulled_at.is_some() {
            AccountState::Ok
        } else {
            AccountState::Pending
        }
    }
}

/// What was last found out about the token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenState {
    /// Which token, without saying it.
    pub fingerprint: String,
    /// Why it is no good, where it is none.
    pub problem: Option<String>,
    /// When it ends; never where it is absent.
    pub expires_at: Option<DateTime<Utc>>,
    /// When that was found out.
    pub checked_at: DateTime<Utc>,
}

impl TokenState {
    /// Why it is no good now. A token that has ended since it was checked is none either.
    pub fn trouble(&self, now: DateTime<Utc>) -> Option<String> {
        let ended = self.expires_at.filter(|ended| *ended <= now);
        self.problem
            .clone()
            .or_else(|| ended.map(|ended| format!("it ended at {}", almaty_clock(ended, now))))
    }
}

/// What is known of Facebook as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AppSync {
    /// The application's pause.
    pub app: Option<Pause>,
    /// The pause of all insights.
    pub insights: Option<Pause>,
    /// How many pauses there were since the last good answer.
    pub strikes: u32,
    /// The token.
    pub token: Option<TokenState>,
}

impl AppSync {
    /// The pause that concerns a call, unless it is over.
    pub fn paused(&self, is_insights: bool, now: DateTime<Utc>) -> Option<&Pause> {
        let insights = self.insights.as_ref().filter(|_| is_insights);
        [self.app.as_ref(), insights].into_iter().flatten().find(|pause| pause.until > now)
    }

    /// The pause that ends last and is not over, of calls of any kind.
    pub fn longest_pause(&self, now: DateTime<Utc>) -> Option<&Pause> {
        let pauses = [self.app.as_ref(), self.insights.as_ref()].into_iter().flatten();
        pauses.filter(|pause| pause.until > now).max_by_key(|pause| pause.until)
    }

    /// Why this token is no good, if that was found out.
    pub fn token_problem(&self, fingerprint: &str) -> Option<&str> {
        let known = self.token.as_ref().filter(|token| token.fingerprint == fingerprint)?;
        known.problem.as_deref()
    }
}

/// How long a pause is that Facebook named, or did not: then each one doubles the last.
pub fn pause_length(named: Option<TimeDelta>, strikes: u32) -> TimeDelta {
    named.unwrap_or_else(|| (FIRST_PAUSE * (1 << strikes.min(8))).min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_pause_that_is_not_named_doubles_up_to_an_hour() {
        let minutes: Vec<i64> = (0..6).map(|strikes| pause_length(None, strikes).num_minutes()).collect();
        assert_eq!(minutes, [5, 10, 20, 40, 60, 60]);
        assert_eq!(pause_length(None, u32::MAX), LONGEST_PAUSE);
        assert_eq!(pause_length(Some(TimeDelta::minutes(19)), 3), TimeDelta::minutes(19));
    }

    #[test]
    fn an_account_is_paused_until_its_time_and_parked_until_a_person_comes() {
        let until = at("2026-11-20T05:19:00Z");
        let mut sync = AccountSync {
            pause: Some(Pause { until, reason: WaitReason::AccountLimit }),
            ..AccountSync::default()
        };
        assert_eq!(sync.state(at("2026-11-20T05:18:59Z")), AccountState::Paused);
        assert_eq!(sync.state(until), AccountState::Pending);
        sync.pulled_at = Some(at("2026-11-20T04:00:00Z"));
        assert_eq!(sync.state(until), AccountState::Ok);
        let parked = Parked { since: until, reason: ParkReason::PermissionMissing, said: String::new() };
        sync.parked = Some(parked);
        assert_eq!(sync.state(until), AccountState::Parked);
    }

    #[test]
    fn a_pause_of_insights_lets_other_calls_through() {
        let now = at("2026-11-20T05:00:00Z");
        let pause = |reason| Some(Pause { until: now + TimeDelta::minutes(1), reason });
        let insights = AppSync { insights: pause(WaitReason::InsightsLimit), ..AppSync::default() };
        assert!(insights.paused(true, now).is_some() && insights.paused(false, now).is_none());
        let app = AppSync { app: pause(WaitReason::AppLimit), ..AppSync::default() };
        assert!(app.paused(true, now).is_some() && app.paused(false, now).is_some());
    }

    #[test]
    fn the_longer_of_two_pauses_is_told_until_it_is_over() {
        let now = at("2026-11-20T05:00:00Z");
        let pause = |minutes, reason| Some(Pause { until: now + TimeDelta::minutes(minutes), reason });
        let app = AppSync {
            app: pause(5, WaitReason::AppLimit),
            insights: pause(20, WaitReason::InsightsLimit),
            ..AppSync::default()
        };
        let reason = |minutes| Some(app.longest_pause(now + TimeDelta::minutes(minutes))?.reason);
        assert_eq!(reason(0), Some(WaitReason::InsightsLimit));
        assert_eq!(reason(19), Some(WaitReason::InsightsLimit));
        assert_eq!(reason(20), None);
    }

    #[test]
    fn a_token_that_has_ended_since_it_was_checked_is_no_good() {
        let now = at("2026-11-20T05:00:00Z");
        let token = TokenState {
            fingerprint: "f".to_owned(),
            problem: None,
            expires_at: Some(now),
            checked_at: now - TimeDelta::days(1),
        };
        assert_eq!(token.trouble(now - TimeDelta::seconds(1)), None);
        assert_eq!(token.trouble(now).as_deref(), Some("it ended at 10:00"));
        let revoked = TokenState { problem: Some("revoked".to_owned()), ..token };
        assert_eq!(revoked.trouble(now).as_deref(), Some("revoked"));
    }

    #[test]
    fn a_new_token_has_none_of_the_old_ones_problems() {
        let token = TokenState {
            fingerprint: "old".to_owned(),
            problem: Some("expired".to_owned()),
            expires_at: None,
            checked_at: at("2026-11-20T05:00:00Z"),
        };
        let app = AppSync { token: Some(token), ..AppSync::default() };
        assert_eq!(app.token_problem("old"), Some("expired"));
        assert_eq!(app.token_problem("new"), None);
    }
}
