//! `GET /api/admin/notifications`

use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use serde::Serialize;
use shared::domain::notification::NotificationState;
use shared::edge::caller::Caller;
use shared::edge::errors::ApiError;
use shared::edge::http;
use shared::edge::notification_row::NotificationRow;
use shared::edge::query::{DEFAULT_LIMIT, Query};
use shared::store::outbox::{Outbox, Selection, place};

use shared::edge::cursor;

/// Answers with messages.
pub struct Notifications {
    /// Where they are.
    pub outbox: Outbox,
}

#[derive(Serialize)]
struct Answer {
    success: bool,
    items: Vec<NotificationRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

impl Notifications {
    /// Answers one request.
    pub async fn answer(&self, request: Request) -> Result<Response<Body>, ApiError> {
        Caller::admin(&request)?;
        let query = Query::of(&request);
        let states = NotificationState::ALL.map(|state| (state.as_str(), state));
        let selection = Selection {
            state: query.one_of("status", &states)?,
            campaign: query.get("source_campaign").map(str::to_owned),
        };
        let before = query.get("cursor").map(cursor::read).transpose()?;
        let limit = query.limit()?.unwrap_or(DEFAULT_LIMIT);
        // One more than is shown tells whether there is another page.
        let mut found = self.outbox.page(&selection, before.as_ref(), limit + 1).await?;
        let has_more = found.len() > limit;
        found.truncate(limit);
        let next_cursor = found.last().filter(|_| has_more).and_then(|last| cursor::write(&place(last)));
        let items = found.iter().map(NotificationRow::from).collect();
        http::json(StatusCode::OK, &Answer { success: true, items, next_cursor })
    }
}
