//! PostgREST's and Supabase's answers.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};

/// A refusal on the wire.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    pub status: u16,
    pub body: Value,
}

impl Refusal {
    fn new(status: u16, code: &str, message: &str, hint: Option<&str>) -> Self {
        Self { status, body: json!({"code": code, "details": null, "hint": hint, "message": message}) }
    }

    pub fn no_key() -> Self {
        let body = json!({
            "message": "No API key found in request", "hint": "No `apikey` request header or url param was found.",
        });
        Self { status: 401, body }
    }

    pub fn bad_key() -> Self {
        let hint = "Double check your Supabase `anon` or `service_role` API key.";
        Self { status: 401, body: json!({"message": "Invalid API key", "hint": hint}) }
    }

    /// With the table that it may have been meant for, which PostgREST finds by likeness.
    pub fn no_table<'a>(table: &str, others: impl Iterator<Item = &'a String>) -> Self {
        let alike = |other: &&String| {
            let both = table.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
            both >= 4
        };
        let hint = others
            .into_iter()
            .find(alike)
            .map(|other| format!("Perhaps you meant the table 'public.{other}'"));
        let message = format!("Could not find the table 'public.{table}' in the schema cache");
        Self::new(404, "PGRST205", &message, hint.as_deref())
    }

    pub fn old_no_table(table: &str) -> Self {
        Self::new(404, "42P01", &format!("relation \"public.{table}\" does not exist"), None)
    }

    pub fn no_column(table: &str, column: &str) -> Self {
        Self::new(400, "42703", &format!("column {table}.{column} does not exist"), None)
    }

    pub fn forbidden(table: &str) -> Self {
        Self::new(403, "42501", &format!("permission denied for table {table}"), None)
    }

    pub fn schema_cache() -> Self {
        let message = "Could not query the database for the schema cache. Retrying.";
        Self::new(503, "PGRST002", message, None)
    }

    pub fn out_of_range() -> Self {
        Self::new(416, "PGRST103", "Requested range not satisfiable", None)
    }

    pub fn unreadable(text: &str) -> Self {
        Self::new(400, "PGRST100", &format!("\"failed to parse ({text})\""), None)
    }

    pub fn not_played(what: &str) -> Self {
        Self::new(400, "SANDBOX", &format!("the sandbox does not play {what}"), None)
    }

    pub fn response(&self) -> Response {
        answer(self.status, &self.body.to_string())
    }
}

/// A project that Supabase has put to sleep.
pub fn paused() -> Response {
    let mut response = answer(540, "<html><body>Project paused</body></html>");
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
    response
}

/// Rows, with the range that they are of how many; nothing for a number that was not asked for.
pub fn rows(rows: &[Value], offset: usize, total: Option<usize>) -> Response {
    let is_part = total.is_some_and(|total| rows.len() < total);
    let range = match rows.len() {
        0 => "*".to_owned(),
        count => format!("{offset}-{}", offset + count - 1),
    };
    let total = total.map_or_else(|| "*".to_owned(), |total| total.to_string());
    let mut response = answer(if is_part { 206 } else { 200 }, &Value::from(rows.to_vec()).to_string());
    if let Ok(range) = HeaderValue::try_from(format!("{range}/{total}")) {
        response.headers_mut().insert(header::CONTENT_RANGE, range);
    }
    response
}

fn answer(status: u16, body: &str) -> Response {
    let mut response = Response::new(Body::from(body.to_owned()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    let kind = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
