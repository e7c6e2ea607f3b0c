//! A database of the system before this one, over Supabase's REST (PostgREST): pages of a table's rows, how many there are
//! and how new the newest is. Nothing is ever written there.
//!
//! Each question is one request. Waiting, trying again and paging belong to the caller.

mod credentials;
mod failure;

use chrono::{DateTime, SecondsFormat, Utc};
use reqwest::header::{AUTHORIZATION, CONTENT_RANGE, HeaderMap};
use serde::de::IgnoredAny;
use tracing::instrument;

pub use credentials::{Credentials, Key};
pub use failure::{Class, Failure};

use super::http;
use crate::domain::old::row::Row;
use crate::domain::old::walk::Ask;

/// What came of a question.
pub type Answer<T> = Result<T, Failure>;

/// One filter of one column: `("source", "ilike.proftest*")`.
pub type Filter<'a> = (&'a str, &'a str);

/// How many rows there are, and when the newest was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overview {
    /// All of them; nothing where it does not count.
    pub total: Option<u64>,
    /// Nothing where there is none, or none with a time.
    pub latest: Option<DateTime<Utc>>,
}

/// A database.
#[derive(Debug, Clone)]
pub struct Supabase {
    http: reqwest::Client,
    base: String,
    key: Key,
}

impl Supabase {
    /// At this address, without `/rest/v1`; `http` decides how long an answer may take.
    pub fn new(http: reqwest::Client, base: &str, key: Key) -> Self {
        Self { http, base: base.trim_end_matches('/').to_owned(), key }
    }

    /// At most `limit` rows of a table, the oldest first.
    pub async fn page(
        &self,
        table: &str,
        filter: Option<Filter<'_>>,
        ask: &Ask,
        limit: usize,
    ) -> Answer<Vec<Row>> {
        let limit = limit.to_string();
        let at = ask.at().to_rfc3339_opts(SecondsFormat::Micros, true);
        let (compared, id) = match ask {
            Ask::From(_) => (Some(format!("gte.{at}")), None),
            Ask::Within(_, id) => (Some(format!("eq.{at}")), Some(format!("gt.{id}"))),
            Ask::After(_) => (Some(format!("gt.{at}")), None),
            Ask::ById(after) => (None, after.as_ref().map(|id| format!("gt.{id}"))),
        };
        let order = match ask {
            Ask::Within(..) | Ask::ById(_) => "id.asc",
            Ask::From(_) | Ask::After(_) => "created_at.asc,id.asc",
        };
        let mut query = vec![("select", "*")];
        query.extend(compared.as_deref().map(|compared| ("created_at", compared)));
        query.extend(id.as_deref().map(|id| ("id", id)));
        query.extend(filter);
        query.extend([("order", order), ("limit", &limit)]);
        let (status, _, body) = self.get(table, &query, false).await?;
        serde_json::from_slice(&body).map_err(|_| Failure::unreadable(status))
    }

    /// How many rows there are, and how new they are, in one request.
    pub async fn overview(&self, table: &str, filter: Option<Filter<'_>>) -> Answer<Overview> {
        let mut query = vec![("select", "created_at")];
        query.extend(filter);
        query.extend([("order", "created_at.desc.nullslast"), ("limit", "1")]);
        let (status, headers, body) = self.get(table, &query, true).await?;
        let rows: Vec<Row> = serde_json::from_slice(&body).map_err(|_| Failure::unreadable(status))?;
        Ok(Overview { total: total(&headers), latest: rows.first().and_then(Row::created_at) })
    }

    /// How many rows there are; nothing where it does not count.
    pub async fn count(&self, table: &str, filter: Option<Filter<'_>>) -> Answer<Option<u64>> {
        let mut query = vec![("select", "id")];
        query.extend(filter);
        query.push(("limit", "1"));
        let (status, headers, body) = self.get(table, &query, true).await?;
        // A page that something else hands out may have any header.
        let rows: Result<Vec<IgnoredAny>, _> = serde_json::from_slice(&body);
        rows.map(|_| total(&headers)).map_err(|_| Failure::unreadable(status))
    }

    /// How many rows have no time, and so are on no page that is asked for by time; nothing where it does not count them.
    pub async fn timeless(&self, table: &str, filter: Option<Filter<'_>>) -> Answer<Option<u64>> {
        let mut query = vec![("select", "created_at"), ("created_at", "is.null")];
        query.extend(filter);
        query.push(("limit", "1"));
        let (status, headers, body) = self.get(table, &query, true).await?;
        let rows: Vec<Row> = serde_json::from_slice(&body).map_err(|_| Failure::unreadable(status))?;
        // Where the filter is ignored, all rows are counted.
        let is_asked = rows.iter().all(|row| row.text("created_at").is_none());
        Ok(total(&headers).filter(|_| is_asked))
    }

    /// Whether the key reads a table, by one row of it at most.
    pub async fn reads(&self, table: &str) -> Answer<()> {
        let (status, _, body) = self.get(table, &[("select", "id"), ("limit", "1")], false).await?;
        let rows: Result<Vec<IgnoredAny>, _> = serde_json::from_slice(&body);
        rows.map(drop).map_err(|_| Failure::unreadable(status))
    }

    #[instrument(skip_all, fields(supabase.table = table))]
    async fn get(
        &self,
        table: &str,
        query: &[Filter<'_>],
        counted: bool,
    ) -> Answer<(u16, HeaderMap, Vec<u8>)> {
        let unanswered = |error: reqwest::Error| Failure::unanswered(http::unanswered(&error));
        let (apikey, bearer) = self.key.headers();
        let mut request = self
            .http
            .get(format!("{}/rest/v1/{table}", self.base))
            .query(query)
            .header("apikey", apikey)
            .header(AUTHORIZATION, bearer);
        if counted {
            request = request.header("prefer", "count=exact");
        }
        let answer = request.send().await.map_err(unanswered)?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = answer.bytes().await.map_err(unanswered)?;
        match status.is_success() {
            true => Ok((status.as_u16(), headers, body.into())),
            false => Err(Failure::of(status.as_u16(), &body, table)),
        }
    }
}

/// The total of `0-0/312`, or of `*/0`.
fn total(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_RANGE)?.to_str().ok()?.rsplit_once('/')?.1.parse().ok()
}

#[cfg(test)]
mod wire_tests;
