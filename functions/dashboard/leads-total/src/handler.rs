//! `GET /api/traffic-dashboard/leads/total`

use chrono::{DateTime, Utc};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use shared::edge::errors::ApiError;
use shared::edge::freshness;
use shared::edge::http;
use shared::edge::query::{DashboardAnswer, Question};
use shared::store::lead_counts::LeadCounts;
use shared::store::leads_by_team::LeadsByTeam;
use shared::store::rules::RuleBooks;

mod answer;

use answer::Answer;

/// Answers with totals of leads.
pub struct LeadTotals {
    /// The figures.
    pub counts: LeadCounts,
    /// When the newest lead came.
    pub leads: LeadsByTeam,
    /// The teams.
    pub rules: RuleBooks,
}

impl LeadTotals {
    /// Answers one request.
    pub async fn answer(&self, request: Request, now: DateTime<Utc>) -> Result<Response<Body>, ApiError> {
        let book = self.rules.fresh().await?;
        let question = Question::of(&request, book.now(), now)?;
        let status = question.query.lead_status()?;
        let (mut counts, newest) = tokio::try_join!(
            self.counts.days(&question.scope, question.period),
            self.leads.newest(&question.scope),
        )?;
        counts.retain(|key, _| status.is_none_or(|status| status == key.status));
        let answer = Answer::new(&question.scope, question.period, &counts);
        let freshness = freshness::of_leads(newest, now);
        http::json(StatusCode::OK, &DashboardAnswer::new(Some(question.period), freshness, now, answer))
    }
}
