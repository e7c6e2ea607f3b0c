//! From a request to an answer: the key, a fault, the rows.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State as Shared};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use axum::routing::any;
use http_body_util::BodyExt;

use super::faults::Kind;
use super::query::{self, Query};
use super::reply::{self, Refusal};
use super::{Asked, State, Supabase, table};
use crate::faults::{name, page};
use crate::serve::hang_up;

/// Everything below `/supabase/{database}`.
pub fn router(supabase: Arc<Supabase>) -> Router {
    Router::new().route("/supabase/{database}/rest/v1/{table}", any(take)).with_state(supabase)
}

async fn take(
    Shared(supabase): Shared<Arc<Supabase>>,
    Path((database, table)): Path<(String, String)>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let call = Call { supabase: &supabase, database, table, query: query.unwrap_or_default() };
    let Some((n, key, fault)) = call.noted(&method, &headers) else { return page(StatusCode::NOT_FOUND) };
    let counted = headers.get_all("prefer").iter().any(|prefer| prefer.as_bytes().ends_with(b"count=exact"));
    let (response, rows) = match key {
        "ok" => call.answer(&method, counted, fault).await,
        "none" => (Refusal::no_key().response(), None),
        _ => (Refusal::bad_key().response(), None),
    };
    let is_sent = response.extensions().get::<crate::serve::HangUp>().is_none();
    let status = is_sent.then(|| response.status().as_u16());
    supabase.with(&call.database, |state| {
        if let Some(asked) = state.requests.get_mut(n) {
            (asked.status, asked.rows) = (status, rows);
        }
    });
    response
}

struct Call<'a> {
    supabase: &'a Supabase,
    database: String,
    table: String,
    query: String,
}

impl Call<'_> {
    /// The request's number in the record, how its key is, and what goes wrong with it; nothing without such a database.
    fn noted(&self, method: &Method, headers: &HeaderMap) -> Option<(u64, &'static str, Option<Kind>)> {
        let now = (self.supabase.clock)();
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        self.supabase.with(&self.database, |state| {
            let bearer = format!("Bearer {}", state.database.key);
            let key = match (header("apikey"), header("authorization")) {
                (None, _) => "none",
                (Some(key), Some(given)) if key == state.database.key && given == bearer => "ok",
                _ => "wrong",
            };
            let edge = method.as_str().to_lowercase();
            let fault = if key == "ok" { state.faults.take(&edge, Some(&self.table)) } else { None };
            let asked = Asked {
                method: method.to_string(),
                table: self.table.clone(),
                query: self.query.clone(),
                status: None,
                rows: None,
                fault: fault.as_ref().and_then(name),
                key,
            };
            (state.requests.note(now, asked), key, fault)
        })
    }

    async fn answer(&self, method: &Method, counted: bool, fault: Option<Kind>) -> (Response, Option<usize>) {
        if !matches!(*method, Method::GET | Method::HEAD) {
            return (Refusal { status: 405, ..Refusal::not_played(method.as_str()) }.response(), None);
        }
        let refused = match &fault {
            Some(Kind::BadKey {}) => Some(Refusal::bad_key().response()),
            Some(Kind::MissingTable { old: false }) => {
                Some(Refusal::no_table(&self.table, std::iter::empty()).response())
            }
            Some(Kind::MissingTable { old: true }) => Some(Refusal::old_no_table(&self.table).response()),
            Some(Kind::Forbidden {}) => Some(Refusal::forbidden(&self.table).response()),
            Some(Kind::SchemaCache {}) => Some(Refusal::schema_cache().response()),
            Some(Kind::Paused {}) => Some(reply::paused()),
            Some(Kind::Html {}) => Some(page(StatusCode::BAD_GATEWAY)),
            Some(Kind::HangUp {}) => Some(hang_up()),
            Some(Kind::Raw(raw)) => Some(raw.response()),
            _ => None,
        };
        if let Some(refused) = refused {
            return (refused, None);
        }
        if let Some(Kind::Hang { seconds }) = fault {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
        }
        let (response, rows) = self.rows(counted, fault.as_ref());
        let response = match (method, &fault) {
            (&Method::HEAD, _) => response.map(|_| Body::empty()),
            (_, Some(Kind::Cut {})) => half(response).await,
            _ => response,
        };
        (response, rows)
    }

    fn rows(&self, counted: bool, fault: Option<&Kind>) -> (Response, Option<usize>) {
        let found = self.supabase.with(&self.database, |state| self.found(state, counted, fault));
        match found {
            Some(Ok((response, rows))) => (response, Some(rows)),
            Some(Err(refusal)) => (refusal.response(), None),
            None => (page(StatusCode::NOT_FOUND), None),
        }
    }

    fn found(
        &self,
        state: &State,
        counted: bool,
        fault: Option<&Kind>,
    ) -> Result<(Response, usize), Refusal> {
        let tables = &state.database.tables;
        let rows = tables.get(&self.table).ok_or_else(|| Refusal::no_table(&self.table, tables.keys()))?;
        let query = ignoring(query::read(&self.query)?, fault);
        let found = table::matching(&self.table, rows, &query)?;
        if query.offset > found.len() && counted {
            return Err(Refusal::out_of_range());
        }
        let limit = query.limit.unwrap_or(usize::MAX).min(state.database.max_rows);
        let page = found.iter().skip(query.offset).take(limit).map(|row| table::shown(row, &query));
        let page: Vec<_> = page.collect();
        Ok((reply::rows(&page, query.offset, counted.then_some(found.len())), page.len()))
    }
}

/// The question as a server understands it that ignores a part of it.
fn ignoring(mut query: Query, fault: Option<&Kind>) -> Query {
    match fault {
        Some(Kind::IgnoredFilters { columns }) => {
            query.filters.retain(|filter| !columns.is_empty() && !columns.contains(&filter.column));
        }
        Some(Kind::IgnoredOrder {}) => query.order.clear(),
        _ => {}
    }
    query
}

/// The first half of a body, under the headers of the whole.
async fn half(response: Response) -> Response {
    let (mut head, body) = response.into_parts();
    let bytes = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    head.headers.remove(axum::http::header::CONTENT_LENGTH);
    Response::from_parts(head, Body::from(bytes.slice(..bytes.len() / 2)))
}
