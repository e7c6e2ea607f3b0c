//! Every path that has no function of its own.

use lambda_http::{Body, Request, Response};
use serde_json::Value;
use shared::edge::errors::ApiError;

/// The routes there are, as the published document names them.
const DOCUMENT: &str = include_str!("../../dashboard/openapi/openapi.json");

/// A path of the API with another method is told which it answers to; any other path is not there.
pub fn answer(request: &Request) -> Result<Response<Body>, ApiError> {
    match methods_of(request.uri().path()) {
        Some(allow) => Err(ApiError::MethodNotAllowed { allow }),
        None => Err(ApiError::NotFound("There is nothing at this address.")),
    }
}

fn methods_of(path: &str) -> Option<String> {
    let document: Value = serde_json::from_str(DOCUMENT).ok()?;
    let routes = document.get("paths")?.as_object()?;
    let (_, operations) = routes.iter().find(|(route, _)| fits(route, path))?;
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
    fn an_unknown_path_is_not_found() {
        for path in ["/", "/api", "/api/traffic-dashboard/sales/", "/api/traffic-dashboard/sales/7/8", "/x"] {
            assert_eq!(error(path).code(), "not_found", "{path}");
        }
    }
}
