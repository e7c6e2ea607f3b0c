//! `GET /api/admin/reconciliation`

use chrono::{DateTime, Utc};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use shared::domain::product::Product;
use shared::edge::caller::Caller;
use shared::edge::errors::ApiError;
use shared::edge::http;
use shared::edge::query::Question;
use shared::store::amocrm_state::AmocrmStates;
use shared::store::deliveries::DeliveryDays;
use shared::store::events::Events;
use shared::store::reconciliations::Reconciliations;
use shared::store::rules::RuleBooks;

mod answer;
mod rows;

use answer::{Answer, Filter, MOST_HEALED, Read};

/// Answers with proofs.
pub struct Proofs {
    /// What was compared.
    pub reconciliations: Reconciliations,
    /// How well amoCRM delivers.
    pub deliveries: DeliveryDays,
    /// What was healed.
    pub events: Events,
    /// How amoCRM stands.
    pub states: AmocrmStates,
    /// The teams.
    pub rules: RuleBooks,
}

impl Proofs {
    /// Answers one request.
    pub async fn answer(&self, request: Request, now: DateTime<Utc>) -> Result<Response<Body>, ApiError> {
        Caller::admin(&request)?;
        let book = self.rules.fresh().await?;
        let rules = book.now();
        let question = Question::of(&request, rules, now)?;
        let product =
            question.query.one_of("product", &Product::ALL.map(|product| (product.id(), product)))?;
        let (days, state, deliveries, healed, amocrm) = tokio::try_join!(
            self.reconciliations.days(question.period),
            self.reconciliations.state(),
            self.deliveries.days(question.period),
            self.events.healed(question.period, MOST_HEALED),
            self.states.state(),
        )?;
        let filter = Filter { scope: &question.scope, product };
        let read = Read { period: question.period, days, state, deliveries, healed, amocrm };
        http::json(StatusCode::OK, &Answer::new(rules, &filter, &read, now))
    }
}
