//! Every path that has no function of its own.

use lambda_http::http::header::{
    CONTENT_SECURITY_POLICY as CONTENT_SECURITY_POLICY_HEADER, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use lambda_http::http::{HeaderValue, Method, StatusCode};
use lambda_http::{Body, Request, Response};
use serde_json::Value;
use shared::edge::errors::ApiError;
use shared::edge::http;

/// The routes there are, as the published document names them.
const DOCUMENT: &str = include_str!("../../dashboard/openapi/openapi.json");

/// Everything comes from here and goes back here.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A path of the API with another method is told which it answers to; one that is not there is not there; any other
/// path is a page of the dashboard, which finds its way itself.
pub fn answer(request: &Request) -> Result<Response<Body>, ApiError> {
    let path = request.uri().path();
    if let Some(allow) = methods_of(path) {
        return Err(ApiError::MethodNotAllowed { allow });
    }
    if ["/api", "/webhook"].iter().any(|root| path == *root || path.starts_with(&format!("{root}/"))) {
        return Err(ApiError::NotFound("There is nothing at this address."));
    }
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        return Err(ApiError::MethodNotAllowed { allow: "GET, HEAD".to_owned() });
    }
    match path {
        "/assets/app.js" => Ok(file("text/javascript; charset=utf-8", include_str!("../page/app.js"))),
        "/assets/style.css" => Ok(file("text/css; charset=utf-8", include_str!("../page/style.css"))),
        other if other.starts_with("/assets/") => Err(ApiError::NotFound("There is no such file.")),
        _ => Ok(file("text/html; charset=utf-8", include_str!("../page/index.html"))),
    }
}

fn file(content_type: &'static str, text: &str) -> Response<Body> {
    let mut response = http::respond(StatusCode::OK, content_type, text.to_owned());
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY_HEADER, HeaderValue::from_static(CONTENT_SECURITY_POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

fn methods_of(path: &str) -> Option<String> {
    let document: Value = serde_json::from_str(DOCUMENT).ok()?;
    let routes = document.get("paths")?.as_object()?;
    let found = routes.iter().filter(|(route, _)| fits(route, path));
    // Names win over parameters.
    let (_, operations) = found.min_by_key(|(route, _)| route.matches('{').count())?;
    let methods =
        operations.as_object()?.keys().filter(|key| *key != "parameters").map(|key| key.to_uppercase());
    Some(methods.collect::<Vec<_>>().join(", "))
}

/// `/sales/{sale_id}` fits `/sales/7`.
fn fits(route: &str, path: &str) -> bool {
    let (mut route, mut path) = (route.split('/'), path.split('/'));
    loop {
        match (route.next(), path.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given))
                if wanted == given || (wanted.starts_with('{') && !given.is_empty()) => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(path: &str) -> ApiError {
        let mut request = Request::default();
        *request.uri_mut() = path.parse().unwrap();
        answer(&request).unwrap_err()
    }

    #[test]
    fn another_method_of_a_known_path_is_told_the_right_one() {
        assert_eq!(error("/api/amocrm/sales-webhook"), ApiError::MethodNotAllowed { allow: "POST".into() });
        assert_eq!(
            error("/api/traffic-dashboard/sales/7"),
            ApiError::MethodNotAllowed { allow: "GET".into() }
        );
    }

    #[test]
    fn an_unknown_path_of_the_api_is_not_found() {
        for path in
            ["/api", "/api/traffic-dashboard/sales/", "/api/traffic-dashboard/sales/7/8", "/assets/x.js"]
        {
            assert_eq!(error(path).code(), "not_found", "{path}");
        }
    }

    #[test]
    fn every_other_path_is_a_page_that_loads_nothing_from_elsewhere() {
        for path in ["/", "/login", "/traffic/cabinet/kenesary", "/apis"] {
            let mut request = Request::default();
            *request.uri_mut() = path.parse().unwrap();
            let response = answer(&request).unwrap();
            assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8", "{path}");
            assert!(response.headers().contains_key("content-security-policy"));
        }
    }
}
