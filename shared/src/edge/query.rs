//! The questions of the dashboard: team, period and what else stands after the `?`.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use lambda_http::{Request, RequestExt};
use serde::Serialize;

use super::caller::{Caller, Scope};
use super::errors::ApiError;
use super::freshness::Freshness;
use crate::domain::day::{Period, TIMEZONE, almaty_time};
use crate::domain::lead::LeadStatus;
use crate::domain::product::Product;
use crate::domain::rules::Rules;

/// A list answers with so many rows unless it is asked for another number.
pub const DEFAULT_LIMIT: usize = 50;

const MAX_LIMIT: usize = 500;

/// The parameters of a request. One that is empty is not there.
#[derive(Debug, Clone, Default)]
pub struct Query(HashMap<String, String>);

impl Query {
    /// Reads them.
    pub fn of(request: &Request) -> Self {
        let parameters = request.query_string_parameters_ref();
        let pairs = parameters.into_iter().flat_map(|parameters| parameters.iter());
        Self(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// One of them.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// One of a set of words.
    pub fn one_of<T>(&self, name: &str, words: &[(&str, T)]) -> Result<Option<T>, ApiError>
    where
        T: Copy,
    {
        let Some(value) = self.get(name) else { return Ok(None) };
        let found = words.iter().find(|(word, _)| *word == value).map(|(_, meaning)| *meaning);
        found.map(Some).ok_or_else(|| {
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            ApiError::invalid(name, format!("must be one of: {}", words.join(", ")))
        })
    }

    /// How many rows are asked for, if that is said.
    pub fn limit(&self) -> Result<Option<usize>, ApiError> {
        let Some(text) = self.get("limit") else { return Ok(None) };
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let limit = text.parse().ok().filter(|limit| digits && (1..=MAX_LIMIT).contains(limit));
        let invalid = || ApiError::invalid("limit", format!("must be a number from 1 to {MAX_LIMIT}"));
        limit.map(Some).ok_or_else(invalid)
    }

    /// The product that `funnel` names.
    pub fn product(&self) -> Result<Option<Product>, ApiError> {
        self.one_of("funnel", &Product::ALL.map(|product| (product.id(), product)))
    }

    /// What leads came to that `status` names.
    pub fn lead_status(&self) -> Result<Option<LeadStatus>, ApiError> {
        self.one_of("status", &LeadStatus::ALL.map(|status| (status.as_str(), status)))
    }
}

/// A question about the figures of some teams over a period, from someone who may ask it.
#[derive(Debug, Clone)]
pub struct Question {
    /// Whose figures.
    pub scope: Scope,
    /// Which days.
    pub period: Period,
    /// What else was asked.
    pub query: Query,
}

impl Question {
    /// Reads `team`, `from` and `to`. Who may not ask is told so before what is wrong with the question.
    pub fn of(request: &Request, rules: &Rules, now: DateTime<Utc>) -> Result<Self, ApiError> {
        let caller = Caller::of(request)?;
        let query = Query::of(request);
        let scope = caller.scope(query.get("team"), rules)?;
        let period = Period::parse(query.get("from"), query.get("to"), now)?;
        Ok(Self { scope, period, query })
    }
}

/// The period as answers carry it.
#[derive(Debug, Clone, Serialize)]
pub struct PeriodAnswer {
    #[serde(flatten)]
    period: Period,
    timezone: &'static str,
}

impl From<Period> for PeriodAnswer {
    fn from(period: Period) -> Self {
        Self { period, timezone: TIMEZONE }
    }
}

/// What every answer of the dashboard carries besides its own figures.
#[derive(Debug, Clone, Serialize)]
pub struct DashboardAnswer<T> {
    success: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<PeriodAnswer>,
    generated_at: String,
    freshness: Freshness,
    #[serde(flatten)]
    figures: T,
}

impl<T> DashboardAnswer<T> {
    /// Figures over a period, or of one thing where there is none.
    pub fn new(period: Option<Period>, freshness: Freshness, now: DateTime<Utc>, figures: T) -> Self {
        let period = period.map(PeriodAnswer::from);
        Self { success: true, period, generated_at: almaty_time(now), freshness, figures }
    }
}
