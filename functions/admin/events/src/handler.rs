//! `GET /api/admin/events`

use chrono::{DateTime, Utc};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use serde::Serialize;
use shared::edge::caller::Caller;
use shared::edge::cursor;
use shared::edge::errors::ApiError;
use shared::edge::event_row::{self, EventRow};
use shared::edge::http;
use shared::edge::query::{DEFAULT_LIMIT, Query};
use shared::store::event_log::{EventLog, Places, Selection};

/// Answers with events.
pub struct Events {
    /// Where they are.
    pub log: EventLog,
}

#[derive(Serialize)]
struct Answer {
    success: bool,
    items: Vec<EventRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

impl Events {
    /// Answers one request.
    pub async fn answer(&self, request: Request, now: DateTime<Utc>) -> Result<Response<Body>, ApiError> {
        Caller::admin(&request)?;
        let query = Query::of(&request);
        let selection = event_row::selection(&query, now)?;
        let places = query.get("cursor").map(|text| places(text, &selection)).transpose()?;
        let limit = query.limit()?.unwrap_or(DEFAULT_LIMIT);
        let page = self.log.page(&selection, places.unwrap_or_default(), limit).await?;
        let items = page.events.iter().map(EventRow::from).collect();
        let next_cursor = page.next.as_ref().and_then(cursor::write);
        http::json(StatusCode::OK, &Answer { success: true, items, next_cursor })
    }
}

/// The places that a cursor holds. One of another question is none.
fn places(text: &str, selection: &Selection) -> Result<Places, ApiError> {
    let places: Places = cursor::read(text)?;
    if places.are_of(&selection.partitions()) { Ok(places) } else { Err(cursor::foreign()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_of_something_else_is_refused() {
        let selection = Selection::default();
        for text in ["x", "%%%", "YWJj", "e30", &cursor::write(&Places::default()).unwrap()] {
            assert!(places(text, &selection).is_err(), "{text}");
        }
    }
}
