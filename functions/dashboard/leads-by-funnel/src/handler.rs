//! `GET /api/traffic-dashboard/leads/by-funnel`

use chrono::{DateTime, Utc};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use shared::domain::rules::Rules;
use shared::edge::errors::ApiError;
use shared::edge::freshness;
use shared::edge::http;
use shared::edge::query::{DashboardAnswer, Question};
use shared::store::lead_counts::LeadCounts;
use shared::store::leads_by_team::LeadsByTeam;

mod answer;

use answer::Answer;

/// Answers with leads by form and campaign.
pub struct Funnels {
    /// The figures.
    pub counts: LeadCounts,
    /// When the newest lead came.
    pub leads: LeadsByTeam,
    /// The teams.
    pub rules: Rules,
}

impl Funnels {
    /// Answers one request.
    pub async fn answer(&self, request: Request, now: DateTime<Utc>) -> Result<Response<Body>, ApiError> {
        let question = Question::of(&request, &self.rules, now)?;
        let status = question.query.lead_status()?;
        let (mut counts, newest) = tokio::try_join!(
            self.counts.days(&question.scope, question.period),
            self.leads.newest(&question.scope),
        )?;
        counts.retain(|key, _| status.is_none_or(|status| status == key.status));
        let answer = Answer::new(&counts);
        let freshness = freshness::of_leads(newest, now);
        http::json(StatusCode::OK, &DashboardAnswer::new(Some(question.period), freshness, now, answer))
    }
}
