//! From a request to an answer: what every function that answers HTTP does alike.

use std::future::Future;

use lambda_http::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use lambda_http::http::{HeaderValue, StatusCode};
use lambda_http::{Body, Error, Request, RequestExt, Response, service_fn};
use serde::Serialize;
use tracing::{Instrument, info_span};

use super::errors::{ApiError, Detail};
use super::{clock, config, metrics};

/// Runs a function's handler for as long as the environment lives.
pub async fn run<H, F>(handler: H) -> Result<(), Error>
where
    H: Fn(Request) -> F + Send + Sync,
    F: Future<Output = Result<Response<Body>, ApiError>> + Send,
{
    let function = config::required("AWS_LAMBDA_FUNCTION_NAME")?;
    let (handler, function) = (&handler, function.as_str());
    lambda_http::run(service_fn(move |request: Request| async move {
        let began = clock::stopwatch();
        let request_id = request_id(&request);
        let span = info_span!("request", request.id = %request_id);
        let response =
            handler(request).instrument(span).await.unwrap_or_else(|error| failure(&error, &request_id));
        let request = metrics::RequestRecord::of(response.status().as_u16(), began.elapsed());
        let hook = response.extensions().get::<metrics::HookRecord>().cloned();
        let form = response.extensions().get::<metrics::FormRecord>().cloned();
        metrics::write(
            function,
            &metrics::Record { request: Some(request), hook, form, ..metrics::Record::default() },
            clock::now(),
        );
        Ok::<_, Error>(response)
    }))
    .await
}

/// The id that ties an answer to the log.
pub fn request_id(request: &Request) -> String {
    request.lambda_context_ref().map(|context| context.request_id.clone()).unwrap_or_default()
}

/// An answer in JSON. Answers are about now, so nobody on the way may keep one.
pub fn json(status: StatusCode, body: &impl Serialize) -> Result<Response<Body>, ApiError> {
    let text = serde_json::to_string(body).map_err(|error| {
        tracing::error!(error = %error, "an answer could not be written as JSON");
        ApiError::Unavailable
    })?;
    Ok(respond(status, "application/json", text))
}

/// An answer of any type.
pub fn respond(status: StatusCode, content_type: &'static str, text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[derive(Serialize)]
struct Failure<'a> {
    success: bool,
    error: &'static str,
    message: String,
    #[serde(skip_serializing_if = "<[Detail]>::is_empty")]
    details: &'a [Detail],
    #[serde(skip_serializing_if = "Option::is_none")]
    current_version: Option<u64>,
    request_id: &'a str,
}

/// An error as an answer.
pub fn failure(error: &ApiError, request_id: &str) -> Response<Body> {
    let body = Failure {
        success: false,
        error: error.code(),
        message: error.to_string(),
        details: error.details(),
        current_version: match error {
            ApiError::Stale { current_version } => Some(*current_version),
            _ => None,
        },
        request_id,
    };
    // Texts alone cannot fail to be written as JSON.
    let text = serde_json::to_string(&body).unwrap_or_default();
    let mut response = respond(error.status(), "application/json", text);
    let header = match error {
        ApiError::RateLimited { retry_after_seconds } => Some((RETRY_AFTER, retry_after_seconds.to_string())),
        ApiError::MethodNotAllowed { allow } => Some((ALLOW, allow.clone())),
        _ => None,
    };
    if let Some((name, value)) = header
        && let Ok(value) = HeaderValue::from_str(&value)
    {
        response.headers_mut().insert(name, value);
    }
    response
}

/// The address of the peer that the front door saw: the last one in `X-Forwarded-For`, since a sender can write only
/// what stands before it.
pub fn peer(request: &Request) -> String {
    let forwarded = request.headers().get_all("x-forwarded-for").iter().next_back();
    forwarded
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.rsplit(',').next())
        .map_or_else(|| "unknown".to_owned(), |address| address.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(error: &ApiError) -> serde_json::Value {
        serde_json::from_slice(failure(error, "r-1").body()).unwrap()
    }

    #[test]
    fn an_error_says_its_code_its_fields_and_the_request() {
        let error = ApiError::Validation(vec![Detail::new("to", "must not be before from")]);
        insta::assert_json_snapshot!(body(&error));
        assert_eq!(body(&ApiError::Forbidden).get("details"), None);
        let stale = body(&ApiError::Stale { current_version: 7 });
        assert_eq!((&stale["error"], &stale["current_version"]), (&"conflict".into(), &7.into()));
    }

    #[test]
    fn limits_and_methods_say_what_to_do_in_a_header() {
        let limited = failure(&ApiError::RateLimited { retry_after_seconds: 90 }, "");
        assert_eq!(
            (limited.status().as_u16(), &limited.headers()[RETRY_AFTER]),
            (429, &HeaderValue::from(90))
        );
        let allowed = failure(&ApiError::MethodNotAllowed { allow: "POST".into() }, "");
        assert_eq!(allowed.headers()[ALLOW], "POST");
    }

    #[test]
    fn only_the_last_forwarded_address_is_trusted() {
        let mut request = Request::default();
        assert_eq!(peer(&request), "unknown");
        request.headers_mut().insert("x-forwarded-for", HeaderValue::from_static("1.2.3.4, 10.0.0.9"));
        assert_eq!(peer(&request), "10.0.0.9");
    }
}
