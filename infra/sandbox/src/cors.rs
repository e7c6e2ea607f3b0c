//! The part of an HTTP API that browsers of other origins meet: preflights, and the headers on every other answer.
//!
//! API Gateway answers a preflight by itself and overrides what a function says about origins. MiniStack makes nothing
//! of the setting where it comes with the API's OpenAPI body, and answers every OPTIONS with 403; so the door plays it.

use axum::body::Bytes;
use http_body_util::Full;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderName, HeaderValue, ORIGIN, VARY,
};
use hyper::{Method, Response, StatusCode};
use serde::Deserialize;

use crate::forward::Answer;

/// An API's CORS setting, under the names that API Gateway gives its parts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub struct Cors {
    allow_origins: Vec<String>,
    allow_methods: Vec<String>,
    allow_headers: Vec<String>,
    expose_headers: Vec<String>,
    max_age: Option<u32>,
    allow_credentials: bool,
}

/// What a request says of where it comes from.
pub struct Visitor {
    origin: Option<HeaderValue>,
    preflight: bool,
}

impl Visitor {
    /// Reads the request's method and headers.
    pub fn of(method: &Method, headers: &HeaderMap) -> Self {
        let origin = headers.get(ORIGIN).cloned();
        let asks = *method == Method::OPTIONS && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD);
        Self { preflight: asks && origin.is_some(), origin }
    }
}

/// The answer to a preflight, where the API has a setting; nothing else is kept from its routes.
pub fn preflight(cors: Option<&Cors>, visitor: &Visitor) -> Option<Answer> {
    let cors = cors.filter(|_| visitor.preflight)?;
    let mut answer = Response::new(Full::new(Bytes::new()));
    *answer.status_mut() = StatusCode::NO_CONTENT;
    let headers = answer.headers_mut();
    if cors.admit(headers, visitor) {
        list(headers, ACCESS_CONTROL_ALLOW_METHODS, &cors.allow_methods);
        list(headers, ACCESS_CONTROL_ALLOW_HEADERS, &cors.allow_headers);
        if let Some(seconds) = cors.max_age {
            headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from(seconds));
        }
    }
    Some(answer)
}

/// Puts the API's own word on an answer, in place of whatever the function or MiniStack said.
pub fn decorate(cors: Option<&Cors>, visitor: &Visitor, headers: &mut HeaderMap) {
    let said = headers.keys().filter(|name| name.as_str().starts_with("access-control-")).cloned();
    for name in said.collect::<Vec<_>>() {
        headers.remove(name);
    }
    if let Some(cors) = cors
        && cors.admit(headers, visitor)
    {
        list(headers, ACCESS_CONTROL_EXPOSE_HEADERS, &cors.expose_headers);
    }
}

impl Cors {
    /// Says that the visitor's origin may read the answer, if it may.
    fn admit(&self, headers: &mut HeaderMap, visitor: &Visitor) -> bool {
        let Some(origin) = &visitor.origin else { return false };
        let Ok(text) = origin.to_str() else { return false };
        if self.allow_origins.iter().any(|allowed| allowed == "*") {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        } else if self.allow_origins.iter().any(|allowed| is_allowed(allowed, text)) {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            headers.append(VARY, HeaderValue::from_static("origin"));
        } else {
            return false;
        }
        if self.allow_credentials {
            headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        }
        true
    }
}

/// `https://*` is every origin of that scheme.
fn is_allowed(allowed: &str, origin: &str) -> bool {
    match allowed.strip_suffix('*') {
        Some(scheme) => scheme.ends_with("://") && origin.starts_with(scheme),
        None => allowed.eq_ignore_ascii_case(origin),
    }
}

fn list(headers: &mut HeaderMap, name: HeaderName, values: &[String]) {
    if let Ok(value) = HeaderValue::try_from(values.join(","))
        && !values.is_empty()
    {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const LANDING: &str = "https://landing.example";

    fn cors(origins: Value) -> Option<Cors> {
        let setting = json!({
            "allowOrigins": origins, "allowMethods": ["POST"],
            "allowHeaders": ["content-type", "idempotency-key"], "maxAge": 600,
        });
        Some(serde_json::from_value(setting).unwrap())
    }

    fn ours() -> Option<Cors> {
        cors(json!(["http://localhost:3000", LANDING]))
    }

    fn visitor(method: Method, headers: &[(HeaderName, &str)]) -> Visitor {
        let pairs = headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap()));
        Visitor::of(&method, &pairs.collect())
    }

    fn asking(origin: &str) -> Visitor {
        visitor(Method::OPTIONS, &[(ORIGIN, origin), (ACCESS_CONTROL_REQUEST_METHOD, "POST")])
    }

    fn decorated(cors: Option<&Cors>, origin: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("1"));
        decorate(cors, &visitor(Method::POST, &[(ORIGIN, origin)]), &mut headers);
        headers
    }

    #[test]
    fn a_preflight_of_an_allowed_origin_is_answered_with_all_that_is_set() {
        let answer = preflight(ours().as_ref(), &asking(LANDING)).unwrap();
        assert_eq!(answer.status(), 204);
        let expected = [
            (ACCESS_CONTROL_ALLOW_ORIGIN, LANDING),
            (ACCESS_CONTROL_ALLOW_METHODS, "POST"),
            (ACCESS_CONTROL_ALLOW_HEADERS, "content-type,idempotency-key"),
            (ACCESS_CONTROL_MAX_AGE, "600"),
            (VARY, "origin"),
        ];
        assert_eq!(answer.headers().len(), expected.len());
        for (name, value) in expected {
            assert_eq!(answer.headers()[&name], value, "{name}");
        }
    }

    #[test]
    fn a_preflight_of_another_origin_learns_nothing() {
        for origin in ["https://landing.example.evil", "http://landing.example", "null"] {
            let answer = preflight(ours().as_ref(), &asking(origin)).unwrap();
            assert_eq!((answer.status().as_u16(), answer.headers().len()), (204, 0), "{origin}");
        }
    }

    #[test]
    fn what_is_no_preflight_or_no_apis_goes_on() {
        for other in [
            visitor(Method::OPTIONS, &[(ORIGIN, LANDING)]),
            visitor(Method::OPTIONS, &[(ACCESS_CONTROL_REQUEST_METHOD, "POST")]),
            visitor(Method::POST, &[(ORIGIN, LANDING), (ACCESS_CONTROL_REQUEST_METHOD, "POST")]),
        ] {
            assert!(preflight(ours().as_ref(), &other).is_none());
        }
        assert!(preflight(None, &asking(LANDING)).is_none());
    }

    #[test]
    fn the_gateway_overrides_what_was_said_below() {
        let headers = decorated(ours().as_ref(), LANDING);
        assert_eq!(
            (headers.len(), &headers[ACCESS_CONTROL_ALLOW_ORIGIN]),
            (2, &HeaderValue::from_static(LANDING))
        );
        assert!(decorated(ours().as_ref(), "https://other.example").is_empty());
        assert!(decorated(None, LANDING).is_empty());
        let mut plain = HeaderMap::new();
        decorate(ours().as_ref(), &visitor(Method::POST, &[]), &mut plain);
        assert!(plain.is_empty());
    }

    #[test]
    fn wildcards_are_a_whole_scheme_or_everything() {
        let secure = cors(json!(["https://*"]));
        assert_eq!(decorated(secure.as_ref(), "https://a.kz")[ACCESS_CONTROL_ALLOW_ORIGIN], "https://a.kz");
        assert!(decorated(secure.as_ref(), "http://a.kz").is_empty());
        let all = cors(json!(["*"]));
        let headers = decorated(all.as_ref(), "http://a.kz");
        assert_eq!(
            (headers.len(), &headers[ACCESS_CONTROL_ALLOW_ORIGIN]),
            (1, &HeaderValue::from_static("*"))
        );
    }

    #[test]
    fn a_setting_that_is_misspelt_is_refused() {
        assert!(serde_json::from_value::<Cors>(json!({"allowOrigin": []})).is_err());
    }
}
