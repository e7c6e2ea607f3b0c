//! `GET /api/traffic-dashboard/leads/by-funnel`

use chrono::{DateTime, Utc};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use shared::edge::errors::ApiError;
use shared::edge::http;
use shared::edge::query::{DashboardAnswer, Question};
use shared::store::amocrm_state::AmocrmStates;
use shared::store::deal_counts::DealCounts;
use shared::store::lead_counts::LeadCounts;
use shared::store::leads_by_team::LeadsByTeam;
use shared::store::reconciliations::Reconciliations;
use shared::store::rules::RuleBooks;

mod answer;
mod deals;
mod freshness;
mod status;

use answer::Answer;
use deals::by_pipeline;
use freshness::freshness;
use status::Status;

/// Answers with leads by form and campaign, and with deals by pipeline and stage.
pub struct Funnels {
    /// The figures of forms.
    pub counts: LeadCounts,
    /// The figures of deals.
    pub deals: DealCounts,
    /// What pipelines and stages are called.
    pub states: AmocrmStates,
    /// When the newest lead came.
    pub leads: LeadsByTeam,
    /// When amoCRM was last read to the end.
    pub reconciliations: Reconciliations,
    /// The teams.
    pub rules: RuleBooks,
}

impl Funnels {
    /// Answers one request.
    pub async fn answer(&self, request: Request, now: DateTime<Utc>) -> Result<Response<Body>, ApiError> {
        let book = self.rules.fresh().await?;
        let question = Question::of(&request, book.now(), now)?;
        let status = Status::of(&question.query)?;
        let (mut forms, mut deals, names, newest, reading) = tokio::try_join!(
            self.counts.days(&question.scope, question.period),
            self.deals.days(&question.scope, question.period),
            self.states.pipeline_names(),
            self.leads.newest(&question.scope),
            self.reconciliations.state(),
        )?;
        if let Some(status) = status {
            status.keep(&mut forms, &mut deals);
        }
        let pipelines = match status {
            Some(Status::Form(_)) => vec![],
            _ => by_pipeline(&deals, &names, status.and_then(Status::kind)),
        };
        let answer = Answer::new(&forms, pipelines);
        let freshness = freshness(newest, &reading, now);
        http::json(StatusCode::OK, &DashboardAnswer::new(Some(question.period), freshness, now, answer))
    }
}
