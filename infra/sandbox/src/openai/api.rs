//! From a request to an answer: the key, a fault, the list.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State as Shared};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::Response;
use axum::routing::any;
use serde_json::json;

use super::faults::{Kind, answer, bad_key, refused};
use super::{Asked, OpenAi};
use crate::faults::name;
use crate::serve::hang_up;

/// Everything below `/openai`.
pub fn router(openai: Arc<OpenAi>) -> Router {
    Router::new().route("/openai/v1/{*edge}", any(take)).with_state(openai)
}

async fn take(
    Shared(openai): Shared<Arc<OpenAi>>,
    Path(edge): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = authorization.and_then(|value| value.strip_prefix("Bearer "));
    let key = match given {
        None => "none",
        Some(given) if *given == openai.state().settings.api_key => "ok",
        Some(_) => "wrong",
    };
    let fault = if key == "ok" { openai.state().faults.take(&edge, None) } else { None };
    let asked = Asked {
        edge: edge.clone(),
        method: method.to_string(),
        status: None,
        fault: fault.as_ref().and_then(name),
        key,
    };
    let n = openai.state().requests.note((openai.clock)(), asked);
    let response = match fault {
        _ if key != "ok" => bad_key(given.unwrap_or_default()),
        Some(Kind::HangUp {}) => return hang_up(),
        Some(Kind::Raw(raw)) => raw.response(),
        Some(Kind::Hang { seconds }) => {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            listed(&openai, &edge, &method)
        }
        Some(kind) => kind.refusal().unwrap_or_else(|| listed(&openai, &edge, &method)),
        None => listed(&openai, &edge, &method),
    };
    if let Some(asked) = openai.state().requests.get_mut(n) {
        asked.status = Some(response.status().as_u16());
    }
    response
}

fn listed(openai: &OpenAi, edge: &str, method: &Method) -> Response {
    if (edge, method) != ("models", &Method::GET) {
        let what = format!("the sandbox does not play {method} /v1/{edge}");
        return refused(StatusCode::NOT_IMPLEMENTED, "invalid_request_error", "not_played", &what);
    }
    let state = openai.state();
    let models = state.settings.models.iter();
    let models = models
        .map(|id| json!({ "id": id, "object": "model", "created": 1_754_073_306, "owned_by": "system" }));
    answer(StatusCode::OK, &json!({ "object": "list", "data": models.collect::<Vec<_>>() }))
}
