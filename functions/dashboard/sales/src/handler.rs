//! `GET /api/traffic-dashboard/sales`

use chrono::{DateTime, Utc};
use lambda_http::http::StatusCode;
use lambda_http::http::header::{CONTENT_DISPOSITION, HeaderValue};
use lambda_http::{Body, Request, Response};
use serde::Serialize;
use shared::edge::cursor;
use shared::edge::errors::ApiError;
use shared::edge::freshness;
use shared::edge::http;
use shared::edge::query::{DEFAULT_LIMIT, DashboardAnswer, Question};
use shared::edge::rows::SaleRow;
use shared::store::events::Events;
use shared::store::place::Place;
use shared::store::reconciliations::Reconciliations;
use shared::store::rules::RuleBooks;
use shared::store::sales::{Sales, Selection, place};

mod csv_file;

/// An answer may have 6 MB; quotes and line ends of a file grow on its way.
const MAX_CSV_BYTES: usize = 5_000_000;

/// A file of more rows would not fit anyway, so they are not even read.
const MAX_CSV_ROWS: usize = 12_000;

/// Answers with rows.
pub struct Rows {
    /// The ledger.
    pub sales: Sales,
    /// When it last moved.
    pub events: Events,
    /// How reading amoCRM stands.
    pub reconciliations: Reconciliations,
    /// The teams.
    pub rules: RuleBooks,
}

#[derive(Serialize)]
struct Answer {
    items: Vec<SaleRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Clone, Copy)]
enum Format {
    Json,
    Csv,
}

impl Rows {
    /// Answers one request.
    pub async fn answer(&self, request: Request, now: DateTime<Utc>) -> Result<Response<Body>, ApiError> {
        let book = self.rules.fresh().await?;
        let question = Question::of(&request, book.now(), now)?;
        let query = &question.query;
        let format = query.one_of("format", &[("json", Format::Json), ("csv", Format::Csv)])?;
        let before = query.get("cursor").map(cursor::read).transpose()?;
        let limit = query.limit()?;
        let product = query.product()?;
        let selection = Selection { scope: &question.scope, period: question.period, product };
        match format.unwrap_or(Format::Json) {
            Format::Json => {
                self.page(&question, &selection, before, limit.unwrap_or(DEFAULT_LIMIT), now).await
            }
            Format::Csv => self.file(&question, &selection, before, limit).await,
        }
    }

    async fn page(
        &self,
        question: &Question,
        selection: &Selection<'_>,
        before: Option<Place>,
        limit: usize,
        now: DateTime<Utc>,
    ) -> Result<Response<Body>, ApiError> {
        let mut sales = self.sales.page(selection, before.as_ref(), limit + 1).await?;
        let more = sales.len() > limit;
        sales.truncate(limit);
        let next_cursor = sales.last().filter(|_| more).and_then(|last| cursor::write(&place(last)));
        let answer = Answer { items: sales.iter().map(SaleRow::from).collect(), next_cursor };
        let freshness = freshness::of_sales(&self.events, &self.reconciliations, now).await?;
        http::json(StatusCode::OK, &DashboardAnswer::new(Some(question.period), freshness, now, answer))
    }

    /// A file holds every row of the question unless it asks for less.
    async fn file(
        &self,
        question: &Question,
        selection: &Selection<'_>,
        before: Option<Place>,
        limit: Option<usize>,
    ) -> Result<Response<Body>, ApiError> {
        let rows = limit.unwrap_or(MAX_CSV_ROWS + 1);
        let sales = self.sales.page(selection, before.as_ref(), rows).await?;
        let too_large =
            || ApiError::invalid("to", "the file would be too large; ask for a shorter period or one team");
        if sales.len() > MAX_CSV_ROWS {
            return Err(too_large());
        }
        let text = csv_file::write(&sales).map_err(|error| {
            tracing::error!(error = %error, "sales could not be written as CSV");
            ApiError::Unavailable
        })?;
        if text.len() > MAX_CSV_BYTES {
            return Err(too_large());
        }
        let mut response = http::respond(StatusCode::OK, "text/csv; charset=utf-8", text);
        let name =
            format!("attachment; filename=\"sales-{}-{}.csv\"", question.period.from, question.period.to);
        if let Ok(name) = HeaderValue::from_str(&name) {
            response.headers_mut().insert(CONTENT_DISPOSITION, name);
        }
        Ok(response)
    }
}
