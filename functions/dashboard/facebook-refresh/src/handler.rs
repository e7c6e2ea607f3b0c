//! `POST /api/traffic-facebook/refresh`
//!
//! 1. One transaction makes the caller's order the refresh that runs, unless one does: then the caller gets that one.
//! 2. A new order goes to the queue, where it is carried out. Facebook is not called here.
//! 3. An order that the queue does not take has failed at once, so that the next caller can begin anew.
//!
//! Whoever joins gets the days and accounts of the refresh that runs, not the own ones; its progress tells which.

use std::time::Duration;

use chrono::{DateTime, Utc};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use serde::Serialize;
use shared::domain::ad_account::AdAccountId;
use shared::domain::day::almaty_time;
use shared::domain::refresh::{JobState, RefreshOrder};
use shared::domain::rules::Rules;
use shared::edge::caller::{Caller, Scope};
use shared::edge::errors::ApiError;
use shared::edge::http;
use shared::store::StoreError;
use shared::store::jobs::{Begun, Jobs};
use shared::store::queue::Queue;
use shared::store::rules::RuleBooks;

mod wish;

use wish::Wish;

/// Begins refreshes.
pub struct Refresh {
    /// The one that runs.
    pub jobs: Jobs,
    /// Where orders go.
    pub queue: Queue,
    /// Whose the accounts are.
    pub rules: RuleBooks,
}

#[derive(Serialize)]
struct Answer {
    success: bool,
    job_id: String,
    state: JobState,
    /// Whether it had begun already.
    joined: bool,
    requested_at: String,
}

impl Refresh {
    /// Answers one request; a refresh that begins gets this id.
    pub async fn answer(
        &self,
        request: Request,
        job_id: String,
        now: DateTime<Utc>,
    ) -> Result<Response<Body>, ApiError> {
        let caller = Caller::of(&request)?;
        let book = self.rules.fresh().await?;
        let rules = book.now();
        let scope = caller.scope(None, rules)?;
        let wish = Wish::parse(request.body(), now)?;
        let accounts = accounts(wish.account, &caller, &scope, rules)?;
        let order = RefreshOrder { job_id, period: wish.period, accounts, requested_at: now };
        let answer = match self.jobs.begin(&order, now).await? {
            Begun::New => self.begin(order, now).await?,
            Begun::Joined(job_id) => self.join(job_id, now).await?,
        };
        http::json(StatusCode::ACCEPTED, &answer)
    }

    async fn begin(&self, order: RefreshOrder, now: DateTime<Utc>) -> Result<Answer, ApiError> {
        if let Err(error) = self.queue.send(&order, Duration::ZERO).await {
            if let Err(error) = self.jobs.fail(&order.job_id, "it could not be queued", now).await {
                tracing::error!(error = %error, job.id = %order.job_id, "a refresh that failed keeps others waiting");
            }
            return Err(error.into());
        }
        Ok(Answer::new(order.job_id, JobState::Queued, false, now))
    }

    async fn join(&self, job_id: String, now: DateTime<Utc>) -> Result<Answer, StoreError> {
        let job = self.jobs.get(&job_id, now).await?;
        // It was there a moment ago and is kept for a month.
        let (state, requested_at) =
            job.map_or((JobState::Queued, now), |job| (job.state, job.order.requested_at));
        Ok(Answer::new(job_id, state, true, requested_at))
    }
}

impl Answer {
    fn new(job_id: String, state: JobState, joined: bool, requested_at: DateTime<Utc>) -> Self {
        Self { success: true, job_id, state, joined, requested_at: almaty_time(requested_at) }
    }
}

/// Which accounts the caller gets: an admin all or the one that was named, which nobody needs to have heard of yet; a buyer
/// those that are configured for the own team. Which of them the token sees is found out by the refresh itself.
fn accounts(
    named: Option<AdAccountId>,
    caller: &Caller,
    scope: &Scope,
    rules: &Rules,
) -> Result<Option<Vec<AdAccountId>>, ApiError> {
    match named {
        Some(account) if caller.is_admin || scope.allows(&rules.owner_of(&account)) => {
            Ok(Some(vec![account]))
        }
        Some(_) => Err(ApiError::Forbidden),
        None if caller.is_admin => Ok(None),
        None => {
            let teams = scope.teams().filter_map(|id| rules.team(id.as_str()));
            let configured = teams.flat_map(|team| &team.ad_accounts);
            Ok(Some(configured.filter_map(|account| AdAccountId::parse(account)).collect()))
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::domain::team::TeamId;

    use super::*;

    /// What someone in this team, or an admin, gets who names this account.
    fn got(team: Option<&str>, named: Option<&str>) -> Result<Option<Vec<String>>, ApiError> {
        let rules = Rules::default();
        let caller = Caller {
            id: "u".to_owned(),
            is_admin: team.is_none(),
            teams: team.into_iter().map(TeamId::new).collect(),
            has_access_token: true,
        };
        let scope = caller.scope(None, &rules)?;
        let accounts = accounts(named.and_then(AdAccountId::parse), &caller, &scope, &rules)?;
        Ok(accounts.map(|accounts| accounts.iter().map(AdAccountId::to_string).collect()))
    }

    #[test]
    fn an_admin_gets_all_accounts_or_any_that_is_named() {
        assert_eq!(got(None, None), Ok(None));
        assert_eq!(got(None, Some("act_1")), Ok(Some(vec!["1".to_owned()])));
    }

    #[test]
    fn a_buyer_gets_the_own_accounts_and_no_other() {
        let own = Ok(Some(vec!["839340528712304".to_owned()]));
        assert_eq!(got(Some("muha"), None), own);
        assert_eq!(got(Some("muha"), Some("act_839340528712304")), own);
        for other in ["666059476005255", "1"] {
            assert_eq!(got(Some("muha"), Some(other)), Err(ApiError::Forbidden), "{other}");
        }
    }

    #[test]
    fn an_answer_says_whether_the_refresh_ran_already() {
        let now = "2026-11-20T05:00:00Z".parse().unwrap();
        insta::assert_json_snapshot!([
            Answer::new("j-1".to_owned(), JobState::Queued, false, now),
            Answer::new("j-0".to_owned(), JobState::Running, true, now - chrono::TimeDelta::minutes(2)),
        ]);
    }
}
