//! Every path that has no function of its own.

use lambda_http::http::Method;
use lambda_http::{Body, Request, Response};
use serde_json::Value;
use shared::edge::errors::ApiError;

use crate::pages::Pages;

/// The routes there are, as the published document names them.
const DOCUMENT: &str = include_str!("../../dashboard/openapi/openapi.json");

/// A path of the API with another method is told which it answers to; one that is not there is not there; any other
/// path is a page of the dashboard, which finds its way itself.
pub fn answer(pages: &Pages, request: &Request) -> Result<Response<Body>, ApiError> {
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
    match path.strip_prefix("/assets/") {
        Some(name) => pages.asset(name, request).ok_or(ApiError::NotFound("There is no such file.")),
        None => Ok(pages.page(request)),
    }
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
        answer(&Pages::of_one_page(), &request(path)).unwrap_err()
    }

    fn request(path: &str) -> Request {
        let mut request = Request::default();
        *request.uri_mut() = path.parse().unwrap();
        request
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
    fn every_other_path_is_the_page() {
        for path in ["/", "/login", "/traffic/cabinet/kenesary", "/apis"] {
            let response = answer(&Pages::of_one_page(), &request(path)).unwrap();
            assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8", "{path}");
        }
    }
}
