//! `GET /api/admin/utm-check`
//!
//! What the last daily check left in the store, with what those ads spend by now. Facebook is never asked.

use chrono::{DateTime, Utc};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use serde::Serialize;
use shared::domain::ad_account::AdAccountId;
use shared::domain::day::{Day, almaty_time};
use shared::domain::money::{Money, Tenge};
use shared::domain::team::TeamId;
use shared::domain::utm_check::at_risk::{Account, Age, Place, Row, SpendOf, Summary, rows};
use shared::domain::utm_check::{Finding, Kind, Named, Tag};
use shared::edge::caller::Caller;
use shared::edge::errors::ApiError;
use shared::edge::query::{DEFAULT_LIMIT, Query};
use shared::edge::{http, utm_accounts};
use shared::store::ads::Ads;
use shared::store::gate::Gate;
use shared::store::rules::RuleBooks;

use shared::edge::cursor;

/// Answers with ads whose tags are broken.
pub struct UtmCheck {
    /// Where what was found and spent is.
    pub ads: Ads,
    /// Which accounts are switched off.
    pub gate: Gate,
    /// The teams.
    pub rules: RuleBooks,
}

/// What was asked for.
struct Asked {
    kind: Option<Kind>,
    limit: usize,
    after: Option<Place>,
}

#[derive(Serialize)]
struct Answer {
    success: bool,
    generated_at: String,
    /// Null where no account was ever checked.
    checked_at: Option<String>,
    stale: bool,
    summary: Summary,
    items: Vec<Item>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
    accounts: Vec<AccountRow>,
}

#[derive(Serialize)]
struct Item {
    ad_id: String,
    ad_name: Option<String>,
    adset_id: Option<String>,
    adset_name: Option<String>,
    campaign_id: Option<String>,
    campaign_name: Option<String>,
    account_id: AdAccountId,
    account_name: Option<String>,
    team: Option<TeamId>,
    findings: Vec<Finding>,
    tags: Vec<Tag>,
    spend: Option<Money>,
    spend_kzt: Option<Tenge>,
    spend_day: Option<Day>,
    spend_of: Option<SpendOf>,
}

#[derive(Serialize)]
struct AccountRow {
    account_id: AdAccountId,
    name: Option<String>,
    team: Option<TeamId>,
    checked_at: Option<String>,
    stale: bool,
    ads: usize,
    with_findings: usize,
    not_listed: usize,
    problem: Option<String>,
    problem_at: Option<String>,
    spend_day: Option<Day>,
    spend_of: Option<SpendOf>,
    spend_pulled_at: Option<String>,
}

impl UtmCheck {
    /// Answers one request.
    pub async fn answer(&self, request: Request, now: DateTime<Utc>) -> Result<Response<Body>, ApiError> {
        let caller = Caller::admin(&request)?;
        let query = Query::of(&request);
        let asked = Asked::of(&query)?;
        let book = self.rules.fresh().await?;
        let scope = caller.scope(query.get("team"), book.now())?;
        let accounts = utm_accounts::read(&self.ads, &self.gate, &scope, book.now(), now).await?;
        http::json(StatusCode::OK, &Answer::new(&accounts, &asked, now))
    }
}

impl Asked {
    fn of(query: &Query) -> Result<Self, ApiError> {
        Ok(Self {
            kind: query.one_of("kind", &Kind::ALL.map(|kind| (kind.as_str(), kind)))?,
            limit: query.limit()?.unwrap_or(DEFAULT_LIMIT),
            after: query.get("cursor").map(cursor::read).transpose()?,
        })
    }
}

impl Answer {
    fn new(accounts: &[Account], asked: &Asked, now: DateTime<Utc>) -> Self {
        let (mut rows, summary) = rows(accounts, asked.kind);
        if let Some(after) = &asked.after {
            rows.drain(..rows.partition_point(|row| row.place() <= *after));
        }
        let has_more = rows.len() > asked.limit;
        rows.truncate(asked.limit);
        let next_cursor = rows.last().filter(|_| has_more).and_then(|last| cursor::write(&last.place()));
        let age = Age::of(accounts, now);
        Self {
            success: true,
            generated_at: almaty_time(now),
            checked_at: age.checked_at.map(almaty_time),
            stale: age.stale,
            summary,
            items: rows.into_iter().map(Item::from).collect(),
            next_cursor,
            accounts: accounts.iter().map(|account| AccountRow::new(account, now)).collect(),
        }
    }
}

impl From<Row> for Item {
    fn from(row: Row) -> Self {
        let parts = |named: Option<Named>| named.map_or((None, None), |named| (Some(named.id), named.name));
        let (adset_id, adset_name) = parts(row.suspect.adset);
        let (campaign_id, campaign_name) = parts(row.suspect.campaign);
        Self {
            ad_id: row.suspect.ad.id,
            ad_name: row.suspect.ad.name,
            adset_id,
            adset_name,
            campaign_id,
            campaign_name,
            account_id: row.account_id,
            account_name: row.account_name,
            team: row.team,
            findings: row.suspect.findings,
            tags: row.suspect.tags,
            spend: row.spend,
            spend_kzt: row.spend_kzt,
            spend_day: row.spend_day,
            spend_of: row.spend_of,
        }
    }
}

impl AccountRow {
    fn new(account: &Account, now: DateTime<Utc>) -> Self {
        let (found, problem) = (account.kept.found.as_ref(), account.kept.problem.as_ref());
        let spend = account.spend.as_ref();
        Self {
            account_id: account.id.clone(),
            name: account.name.clone(),
            team: account.team.clone(),
            checked_at: found.map(|found| almaty_time(found.checked_at)),
            stale: account.kept.is_stale(now),
            ads: found.map_or(0, |found| found.ads),
            with_findings: found.map_or(0, |found| found.with_findings),
            not_listed: found.map_or(0, |found| found.with_findings.saturating_sub(found.suspects.len())),
            problem: problem.map(|problem| problem.said.clone()),
            problem_at: problem.map(|problem| almaty_time(problem.at)),
            spend_day: spend.map(|spend| spend.day),
            spend_of: spend.map(|spend| spend.of),
            spend_pulled_at: spend.map(|spend| almaty_time(spend.pulled_at)),
        }
    }
}

#[cfg(test)]
mod tests;
