//! `GET /api/traffic-facebook/accounts`

use chrono::{DateTime, Utc};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use serde::Serialize;
use shared::domain::ad::{Access, AdAccount, Business};
use shared::domain::ad_account::AdAccountId;
use shared::domain::day::almaty_time;
use shared::domain::money::Currency;
use shared::domain::settings::AdAccounts;
use shared::domain::sync_state::AccountSync;
use shared::domain::team::{Owner, TeamId};
use shared::edge::caller::Caller;
use shared::edge::errors::ApiError;
use shared::edge::pulling::AccountStanding;
use shared::edge::query::{DashboardAnswer, Query};
use shared::edge::{freshness, http};
use shared::store::ads::Ads;
use shared::store::gate::Gate;
use shared::store::rules::RuleBooks;

/// Answers with ad accounts.
pub struct Accounts {
    /// The accounts.
    pub ads: Ads,
    /// What keeps their spend from being newer.
    pub gate: Gate,
    /// The teams.
    pub rules: RuleBooks,
}

/// All at once: one token sees a few hundred at most.
#[derive(Serialize)]
struct Answer {
    items: Vec<AccountRow>,
}

#[derive(Serialize)]
struct AccountRow {
    account_id: AdAccountId,
    name: Option<String>,
    business: Option<Business>,
    access: Access,
    currency: Option<Currency>,
    timezone: Option<String>,
    /// Facebook's status in a word.
    status: &'static str,
    /// The same as Facebook's number, which may be one that has no word yet.
    status_code: Option<i64>,
    disable_reason: Option<i64>,
    /// Null for an account of nobody.
    team: Option<TeamId>,
    /// Whether it is pulled: people may switch an account off.
    enabled: bool,
    #[serde(flatten)]
    standing: AccountStanding,
    discovered_at: String,
}

impl Accounts {
    /// Answers one request.
    pub async fn answer(&self, request: Request, now: DateTime<Utc>) -> Result<Response<Body>, ApiError> {
        let caller = Caller::of(&request)?;
        let book = self.rules.fresh().await?;
        let rules = book.now();
        let scope = caller.scope(Query::of(&request).get("team"), rules)?;
        let (accounts, standing) =
            tokio::try_join!(self.ads.visible(&scope, rules), self.gate.standing(None))?;
        let rows = accounts
            .iter()
            .map(|seen| row(&standing.decided, seen.account(), seen.owner(), seen.sync(), now));
        let answer = Answer { items: rows.collect() };
        let freshness = freshness::of_spend(&standing, &accounts, now);
        http::json(StatusCode::OK, &DashboardAnswer::new(None, freshness, now, answer))
    }
}

fn row(
    decided: &AdAccounts,
    account: &AdAccount,
    owner: &Owner,
    sync: &AccountSync,
    now: DateTime<Utc>,
) -> AccountRow {
    AccountRow {
        account_id: account.account_id.clone(),
        name: account.name.clone(),
        business: account.business.clone(),
        access: account.access,
        currency: account.currency,
        timezone: account.timezone.clone(),
        status: account.status_name(),
        status_code: account.status,
        disable_reason: account.disable_reason,
        team: owner.team().cloned(),
        enabled: decided.is_on(&account.account_id),
        standing: AccountStanding::of(sync, now),
        discovered_at: almaty_time(account.discovered_at),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use shared::domain::rules::Rules;
    use shared::domain::sync_state::{Pause, WaitReason};

    use super::*;

    #[test]
    fn an_account_is_shown_with_its_team_and_how_its_pulling_stands() {
        let now: DateTime<Utc> = "2026-11-20T05:00:00Z".parse().unwrap();
        let rules = Rules::default();
        let business = Business { id: "2200000000000001".to_owned(), name: Some("School".to_owned()) };
        let known = AdAccount {
            account_id: AdAccountId::parse("act_839340528712304").unwrap(),
            name: Some("Muha KZ".to_owned()),
            business: Some(business),
            access: Access::Owned,
            currency: Currency::parse("USD"),
            timezone: Some("Asia/Almaty".to_owned()),
            utc_offset_minutes: Some(300),
            status: Some(1),
            disable_reason: Some(0),
            discovered_at: now - TimeDelta::hours(9),
        };
        let strange = AdAccount {
            account_id: AdAccountId::parse("1017000000000001").unwrap(),
            name: None,
            business: None,
            access: Access::Assigned,
            currency: None,
            timezone: None,
            utc_offset_minutes: None,
            status: Some(42),
            disable_reason: None,
            discovered_at: now,
        };
        let until = now + TimeDelta::minutes(19);
        let paused = AccountSync {
            pause: Some(Pause { until, reason: WaitReason::AccountLimit }),
            pulled_at: Some(now - TimeDelta::minutes(40)),
            ..AccountSync::default()
        };
        let row = |account: &AdAccount, sync| {
            row(&AdAccounts::default(), account, &rules.owner_of(&account.account_id), &sync, now)
        };
        insta::assert_json_snapshot!([row(&known, paused), row(&strange, AccountSync::default())]);
    }
}
