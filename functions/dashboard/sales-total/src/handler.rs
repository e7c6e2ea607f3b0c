//! `GET /api/traffic-dashboard/sales/total`

use chrono::{DateTime, Utc};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use shared::domain::counters::Basis;
use shared::edge::errors::ApiError;
use shared::edge::freshness;
use shared::edge::http;
use shared::edge::query::{DashboardAnswer, Question};
use shared::store::counters::Counters;
use shared::store::events::Events;
use shared::store::reconciliations::Reconciliations;
use shared::store::rules::RuleBooks;

mod answer;

use answer::Answer;

/// Answers with totals.
pub struct Totals {
    /// The figures.
    pub counters: Counters,
    /// When they last moved.
    pub events: Events,
    /// How reading amoCRM stands.
    pub reconciliations: Reconciliations,
    /// The teams.
    pub rules: RuleBooks,
}

impl Totals {
    /// Answers one request.
    pub async fn answer(&self, request: Request, now: DateTime<Utc>) -> Result<Response<Body>, ApiError> {
        let book = self.rules.fresh().await?;
        let question = Question::of(&request, book.now(), now)?;
        let product = question.query.product()?;
        let bases = Basis::ALL.map(|basis| (basis.as_str(), basis));
        let basis = question.query.one_of("basis", &bases)?.unwrap_or(Basis::SaleDate);
        let days = self.counters.days(basis, &question.scope, question.period).await?;
        let answer = Answer::new(basis, product, &question.scope, question.period, days);
        let freshness = freshness::of_sales(&self.events, &self.reconciliations, now).await?;
        http::json(StatusCode::OK, &DashboardAnswer::new(Some(question.period), freshness, now, answer))
    }
}
