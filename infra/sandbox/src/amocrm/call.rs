//! One request to amoCRM, taken apart.

use axum::http::header::{AUTHORIZATION, HOST};
use axum::http::request::Parts;
use serde_json::Value;

use super::address::Address;
use super::query::Query;

/// A request, read. It never fails: what is wrong is found where it is used.
#[derive(Debug, Clone)]
pub struct Call {
    pub method: String,
    pub address: Address,
    /// Below `/amocrm`.
    pub path: String,
    pub query: Query,
    pub token: Option<String>,
    /// `None` where the body is no JSON.
    pub body: Option<Value>,
    /// The address of `/amocrm` as the caller wrote it, for links.
    pub base: String,
}

impl Call {
    /// Takes a request apart.
    pub fn read(parts: &Parts, body: &[u8]) -> Self {
        let header = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let path = parts.uri.path();
        let path = path.strip_prefix("/amocrm").unwrap_or(path).to_owned();
        let token = header(AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer ")).map(str::to_owned);
        Self {
            method: parts.method.to_string(),
            address: Address::read(parts.method.as_str(), &path),
            query: Query::read(parts.uri.query().unwrap_or_default()),
            token,
            body: serde_json::from_slice(body).ok(),
            base: format!("http://{}/amocrm", header(HOST).unwrap_or("localhost")),
            path,
        }
    }

    /// How many entities the body holds.
    pub fn entities(&self) -> usize {
        match &self.body {
            Some(Value::Array(list)) => list.len(),
            Some(Value::Object(_)) => 1,
            _ => 0,
        }
    }

    /// The ids that the path and the body name, for the record.
    pub fn ids(&self) -> Vec<u64> {
        let in_body = match &self.body {
            Some(Value::Array(list)) => list.as_slice(),
            _ => &[],
        };
        let in_body = in_body.iter().filter_map(|one| one["id"].as_u64().or(one["entity_id"].as_u64()));
        self.address.id.into_iter().chain(in_body).collect()
    }

    /// Path and query without what was searched for, which is a person's phone or address.
    pub fn shown(&self) -> String {
        let mask = |name: &str, value: &str| if name == "query" { "*".to_owned() } else { value.to_owned() };
        let query = self.query.text(mask);
        if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) }
    }

    /// A link to a page of this list.
    pub fn page_link(&self, page: Option<usize>) -> String {
        let query = match page {
            Some(page) => self.query.with("page", &page.to_string()),
            None => self.query.clone(),
        };
        let query = query.text(|_, value| value.to_owned());
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}{}{mark}{query}", self.base, self.path)
    }
}
