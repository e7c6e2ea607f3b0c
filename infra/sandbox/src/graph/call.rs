//! One request to Facebook, taken apart: what it is about, its parameters, and how it was signed.

use std::collections::BTreeMap;

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use axum::http::request::Parts;
use serde::Serialize;
use serde_json::Value;

use super::address::Address;

/// A request, read. It never fails: what is wrong is found where it is used.
#[derive(Debug, Clone)]
pub struct Call {
    pub method: String,
    pub address: Address,
    pub token: Option<String>,
    pub token_in: TokenIn,
    pub parameters: BTreeMap<String, String>,
    /// The address as the caller wrote it, for the link to the next page.
    pub base: String,
}

/// Where the token stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenIn {
    Header,
    Query,
    None,
}

impl Call {
    /// Parameters come from the query and from a form or JSON body; the body wins.
    pub fn read(parts: &Parts, body: &[u8]) -> Self {
        let header = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let query = parts.uri.query().unwrap_or_default().as_bytes();
        let mut parameters = form_urlencoded::parse(query).into_owned().collect::<BTreeMap<_, _>>();
        if header(CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/json")) {
            parameters.extend(members(body));
        } else {
            parameters.extend(form_urlencoded::parse(body).into_owned());
        }
        let bearer = header(AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
        let (token, token_in) = match (bearer, parameters.get("access_token")) {
            (Some(token), _) => (Some(token.to_owned()), TokenIn::Header),
            (None, Some(token)) => (Some(token.clone()), TokenIn::Query),
            (None, None) => (None, TokenIn::None),
        };
        Self {
            method: parts.method.to_string(),
            address: Address::read(&parts.method, parts.uri.path()),
            token,
            token_in,
            parameters,
            base: format!("http://{}{}", header(HOST).unwrap_or("localhost"), parts.uri.path()),
        }
    }

    /// A parameter that is not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

/// The members of a JSON body as parameters: text as it is, the rest as JSON.
fn members(body: &[u8]) -> Vec<(String, String)> {
    let Ok(Value::Object(body)) = serde_json::from_slice(body) else { return Vec::new() };
    let text = |value: Value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    body.into_iter().map(|(name, value)| (name, text(value))).collect()
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn read(request: axum::http::request::Builder, body: &str) -> Call {
        Call::read(&request.body(()).unwrap().into_parts().0, body.as_bytes())
    }

    #[test]
    fn a_header_is_preferred_and_the_record_knows_where_the_token_stood() {
        let call =
            read(Request::get("/graph/v26.0/me?access_token=b").header("authorization", "Bearer a"), "");
        assert_eq!((call.token.as_deref(), call.token_in), (Some("a"), TokenIn::Header));
        let call = read(Request::get("/graph/v26.0/me?access_token=b"), "");
        assert_eq!((call.token.as_deref(), call.token_in), (Some("b"), TokenIn::Query));
        assert_eq!(read(Request::get("/graph/v26.0/me"), "").token_in, TokenIn::None);
    }

    #[test]
    fn parameters_come_from_query_form_and_json() {
        let call =
            read(Request::post("/graph/v26.0/act_1/insights?level=ad"), "limit=5&fields=spend%2Cclicks");
        assert_eq!((call.get("level"), call.get("fields")), (Some("ad"), Some("spend,clicks")));
        let json = Request::post("/graph/v26.0/act_1/insights").header("content-type", "application/json");
        let call = read(json, r#"{"limit": 5, "level": "ad", "time_range": {"since": "2026-11-01"}}"#);
        assert_eq!((call.get("limit"), call.get("level")), (Some("5"), Some("ad")));
        assert_eq!(call.get("time_range"), Some(r#"{"since":"2026-11-01"}"#));
    }
}
