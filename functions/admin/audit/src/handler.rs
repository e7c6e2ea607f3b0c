//! `GET /api/admin/audit`

use chrono::{DateTime, Utc};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use serde::Serialize;
use serde_json::Value;
use shared::domain::audit::{Action, AuditRow, Who};
use shared::domain::day::{Period, almaty_time};
use shared::edge::caller::Caller;
use shared::edge::errors::ApiError;
use shared::edge::http;
use shared::edge::query::{DEFAULT_LIMIT, PeriodAnswer, Query};
use shared::store::audit::{Audit, Page, Selection, place};

use shared::edge::cursor;

/// Answers admins.
pub struct Changes {
    /// Where they are.
    pub audit: Audit,
}

#[derive(Serialize)]
struct Answer {
    success: bool,
    period: PeriodAnswer,
    items: Vec<Row>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Serialize)]
struct Row {
    id: String,
    at: String,
    who: Who,
    action: Action,
    subject: String,
    before: Value,
    after: Value,
    effect: Option<String>,
}

impl Changes {
    /// Answers one request.
    pub async fn answer(&self, request: Request, now: DateTime<Utc>) -> Result<Response<Body>, ApiError> {
        Caller::admin(&request)?;
        let query = Query::of(&request);
        let period = Period::parse(query.get("from"), query.get("to"), now)?;
        let selection = Selection { period, who: query.get("who").map(str::to_owned) };
        let before = query.get("cursor").map(cursor::read).transpose()?;
        let limit = query.limit()?.unwrap_or(DEFAULT_LIMIT);
        let Page { rows, has_more } = self.audit.page(&selection, before.as_ref(), limit).await?;
        let next_cursor = rows.last().filter(|_| has_more).and_then(|last| cursor::write(&place(last)));
        let items = rows.into_iter().map(Row::from).collect();
        http::json(StatusCode::OK, &Answer { success: true, period: period.into(), items, next_cursor })
    }
}

impl From<AuditRow> for Row {
    fn from(row: AuditRow) -> Self {
        let AuditRow { id, at, who, action, subject, before, after, effect } = row;
        Self { id, at: almaty_time(at), who, action, subject, before, after, effect }
    }
}
