//! The control API of the National Bank, below `/control/nbk`. README.md lists the calls.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Json, State as Shared};
use axum::http::StatusCode;
use axum::routing::get;
use serde_json::{Value, json};

use super::Nbk;
use super::settings::Settings;

type Control = Shared<Arc<Nbk>>;

/// All routes.
pub fn router(nbk: Arc<Nbk>) -> Router {
    Router::new()
        .route("/control/nbk/settings", get(settings).put(set).delete(reset))
        .route("/control/nbk/requests", get(requests).delete(forget))
        .with_state(nbk)
}

async fn settings(Shared(nbk): Control) -> Json<Value> {
    Json(json!(nbk.state().settings))
}

async fn set(Shared(nbk): Control, Json(wanted): Json<Settings>) -> StatusCode {
    nbk.state().settings = wanted;
    StatusCode::NO_CONTENT
}

async fn reset(Shared(nbk): Control) -> StatusCode {
    nbk.state().settings = Settings::default();
    StatusCode::NO_CONTENT
}

async fn requests(Shared(nbk): Control) -> Json<Value> {
    Json(json!({ "requests": nbk.state().requests }))
}

async fn forget(Shared(nbk): Control) -> StatusCode {
    nbk.state().requests.clear();
    StatusCode::NO_CONTENT
}
