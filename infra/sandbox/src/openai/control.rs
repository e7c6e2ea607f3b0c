//! The control API of OpenAI, below `/control/openai`. README.md lists the calls.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Json, State as Shared};
use axum::http::StatusCode;
use axum::routing::get;
use serde_json::{Value, json};

use super::OpenAi;
use super::faults::Kind;
use super::settings::{self, Wanted};
use crate::faults::Faults;

type Control = Shared<Arc<OpenAi>>;

/// All routes.
pub fn router(openai: Arc<OpenAi>) -> Router {
    Router::new()
        .route("/control/openai/settings", get(settings).put(set).delete(reset))
        .route("/control/openai/faults", get(faults).put(set_faults).delete(clear_faults))
        .route("/control/openai/requests", get(requests).delete(forget))
        .with_state(openai)
}

async fn settings(Shared(openai): Control) -> Json<Value> {
    Json(json!(openai.state().settings))
}

async fn set(Shared(openai): Control, Json(wanted): Json<Wanted>) -> StatusCode {
    settle(&openai, wanted.settled())
}

async fn reset(Shared(openai): Control) -> StatusCode {
    settle(&openai, settings::world())
}

fn settle(openai: &OpenAi, settings: Result<settings::Settings, serde_json::Error>) -> StatusCode {
    match settings {
        Ok(settings) => {
            openai.state().settings = settings;
            StatusCode::NO_CONTENT
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

async fn faults(Shared(openai): Control) -> Json<Value> {
    Json(json!(openai.state().faults))
}

async fn set_faults(Shared(openai): Control, Json(wanted): Json<Faults<Kind>>) -> StatusCode {
    openai.state().faults = wanted;
    StatusCode::NO_CONTENT
}

async fn clear_faults(Shared(openai): Control) -> StatusCode {
    openai.state().faults = Faults::default();
    StatusCode::NO_CONTENT
}

async fn requests(Shared(openai): Control) -> Json<Value> {
    Json(json!({ "requests": openai.state().requests }))
}

async fn forget(Shared(openai): Control) -> StatusCode {
    openai.state().requests.clear();
    StatusCode::NO_CONTENT
}
