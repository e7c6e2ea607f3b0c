//! The control API: what the local stack and the tests tell the sandbox. README.md lists the calls.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Json, State};
use axum::http::StatusCode;
use axum::routing::{get, put};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::front::Target;
use crate::gate::Fault;
use crate::{Sandbox, amocrm, graph, mobizon, nbk, openai, supabase, telegram};

type Shared = State<Arc<Sandbox>>;

/// All routes: this API, the neighbours, and the neighbours' own control.
pub fn router(sandbox: Arc<Sandbox>) -> Router {
    let neighbours = graph::router(Arc::clone(&sandbox.graph))
        .merge(nbk::router(Arc::clone(&sandbox.nbk)))
        .merge(telegram::router(Arc::clone(&sandbox.telegram)))
        .merge(mobizon::router(Arc::clone(&sandbox.mobizon)))
        .merge(openai::router(Arc::clone(&sandbox.openai)))
        .merge(amocrm::router(Arc::clone(&sandbox.amocrm)))
        .merge(supabase::router(Arc::clone(&sandbox.supabase)));
    Router::new()
        .route("/health", get(health))
        .route("/front", put(lead_to))
        .route("/gate/calls", get(calls).delete(forget_calls))
        .route("/gate/faults", get(faults).put(set_faults).delete(clear_faults))
        .with_state(sandbox)
        .merge(neighbours)
}

async fn health(State(sandbox): Shared) -> Json<Value> {
    Json(json!({ "status": "ok", "api_id": sandbox.front.api_id().await }))
}

async fn lead_to(State(sandbox): Shared, Json(target): Json<Target>) -> StatusCode {
    sandbox.front.lead_to(target).await;
    StatusCode::NO_CONTENT
}

async fn calls(State(sandbox): Shared) -> Json<Value> {
    Json(sandbox.gate.calls.lock().await.report())
}

async fn forget_calls(State(sandbox): Shared) -> StatusCode {
    sandbox.gate.calls.lock().await.clear();
    StatusCode::NO_CONTENT
}

async fn faults(State(sandbox): Shared) -> Json<Value> {
    Json(json!(&*sandbox.gate.faults.lock().await))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetFaults {
    faults: Vec<Fault>,
}

async fn set_faults(State(sandbox): Shared, Json(wanted): Json<SetFaults>) -> StatusCode {
    sandbox.gate.faults.lock().await.replace(wanted.faults);
    StatusCode::NO_CONTENT
}

async fn clear_faults(State(sandbox): Shared) -> StatusCode {
    sandbox.gate.faults.lock().await.replace(Vec::new());
    StatusCode::NO_CONTENT
}
