//! `GET /api/traffic-facebook/health`
//!
//! Tells what the last calls to Facebook have left in the store, and makes none itself: to ask how someone is must not use
//! up what they have left.

use chrono::{DateTime, Utc};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use serde::Serialize;
use shared::domain::ad::AdAccount;
use shared::domain::ad_account::AdAccountId;
use shared::domain::breaker::BreakerState;
use shared::domain::day::almaty_time;
use shared::domain::sync_state::AccountSync;
use shared::edge::caller::Caller;
use shared::edge::errors::ApiError;
use shared::edge::pulling::{AccountStanding, AppStanding, TokenStanding};
use shared::edge::query::DashboardAnswer;
use shared::edge::{freshness, http};
use shared::store::ads::Ads;
use shared::store::gate::{Gate, Standing};
use shared::store::rules::RuleBooks;

/// Answers with how Facebook can be asked.
pub struct Health {
    /// The accounts.
    pub ads: Ads,
    /// The token, the application and the breaker.
    pub gate: Gate,
    /// The teams.
    pub rules: RuleBooks,
}

#[derive(Serialize)]
struct Answer {
    token: TokenStanding,
    /// Null while calls may be made.
    app: Option<AppStanding>,
    accounts: Vec<AccountRow>,
    breaker: BreakerAnswer,
}

#[derive(Serialize)]
struct AccountRow {
    account_id: AdAccountId,
    name: Option<String>,
    #[serde(flatten)]
    standing: AccountStanding,
}

#[derive(Serialize)]
struct BreakerAnswer {
    state: BreakerState,
    /// Null where it never was in another state.
    since: Option<String>,
}

impl Health {
    /// Answers one request.
    pub async fn answer(&self, request: Request, now: DateTime<Utc>) -> Result<Response<Body>, ApiError> {
        let book = self.rules.fresh().await?;
        let rules = book.now();
        let scope = Caller::of(&request)?.scope(None, rules)?;
        let (accounts, standing) =
            tokio::try_join!(self.ads.visible(&scope, rules), self.gate.standing(None))?;
        let seen = accounts.iter().map(|seen| (seen.account(), seen.sync()));
        let answer = Answer::new(&standing, seen, now);
        let freshness = freshness::of_spend(&standing, &accounts, now);
        http::json(StatusCode::OK, &DashboardAnswer::new(None, freshness, now, answer))
    }
}

impl Answer {
    fn new<'a>(
        standing: &Standing,
        accounts: impl Iterator<Item = (&'a AdAccount, &'a AccountSync)>,
        now: DateTime<Utc>,
    ) -> Self {
        let row = |(account, sync): (&AdAccount, &AccountSync)| AccountRow {
            account_id: account.account_id.clone(),
            name: account.name.clone(),
            standing: AccountStanding::of(sync, now),
        };
        let breaker = &standing.breaker;
        Self {
            token: TokenStanding::of(standing.app.token.as_ref(), now),
            app: AppStanding::of(&standing.app, now),
            accounts: accounts.map(row).collect(),
            breaker: BreakerAnswer { state: breaker.state(), since: breaker.since().map(almaty_time) },
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use shared::domain::ad::Access;
    use shared::domain::breaker::{Breaker, BreakerRules, Decision};
    use shared::domain::sync_state::{AppSync, ParkReason, Parked, Pause, TokenState, WaitReason};

    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-20T05:00:00Z".parse().unwrap()
    }

    fn account() -> AdAccount {
        AdAccount {
            account_id: AdAccountId::parse("839340528712304").unwrap(),
            name: Some("Muha KZ".to_owned()),
            business: None,
            access: Access::Owned,
            currency: None,
            timezone: None,
            utc_offset_minutes: None,
            status: None,
            disable_reason: None,
            discovered_at: now(),
        }
    }

    #[test]
    fn everything_that_is_wrong_is_told_with_what_to_do() {
        let token = TokenState {
            fingerprint: "0123456789abcdef".to_owned(),
            problem: Some("Session has expired".to_owned()),
            expires_at: None,
            checked_at: now() - TimeDelta::minutes(5),
        };
        let until = now() + TimeDelta::minutes(20);
        let insights = Some(Pause { until, reason: WaitReason::InsightsLimit });
        let rules = BreakerRules { failures: 1, ..BreakerRules::default() };
        let (_, Decision::Go(pass)) = Breaker::default().ask(now(), "t", &rules) else { panic!("refused") };
        let standing = Standing {
            app: AppSync { token: Some(token), insights, ..AppSync::default() },
            breaker: Breaker::default().failed(now(), &pass, None, &rules).unwrap(),
            ..Standing::default()
        };
        let parked =
            Parked { since: now(), reason: ParkReason::PermissionMissing, said: "(#200)".to_owned() };
        let sync = AccountSync { parked: Some(parked), ..AccountSync::default() };
        insta::assert_json_snapshot!(Answer::new(&standing, [(&account(), &sync)].into_iter(), now()));
    }

    #[test]
    fn what_was_never_asked_is_not_known_and_not_wrong() {
        insta::assert_json_snapshot!(Answer::new(&Standing::default(), std::iter::empty(), now()));
    }
}
