//! The control API of Mobizon, below `/control/sms`. README.md lists the calls.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Json, State as Shared};
use axum::http::StatusCode;
use axum::routing::get;
use serde_json::{Value, json};

use super::Mobizon;
use super::faults::Kind;
use super::settings::{self, Wanted};
use crate::faults::Faults;

type Control = Shared<Arc<Mobizon>>;

/// All routes.
pub fn router(mobizon: Arc<Mobizon>) -> Router {
    Router::new()
        .route("/control/sms/settings", get(settings).put(set).delete(reset))
        .route("/control/sms/faults", get(faults).put(set_faults).delete(clear_faults))
        .route("/control/sms/messages", get(messages).delete(forget))
        .with_state(mobizon)
}

async fn settings(Shared(mobizon): Control) -> Json<Value> {
    Json(json!(mobizon.state().settings))
}

async fn set(Shared(mobizon): Control, Json(wanted): Json<Wanted>) -> StatusCode {
    settle(&mobizon, wanted.settled())
}

async fn reset(Shared(mobizon): Control) -> StatusCode {
    settle(&mobizon, settings::world())
}

fn settle(mobizon: &Mobizon, settings: Result<settings::Settings, serde_json::Error>) -> StatusCode {
    match settings {
        Ok(settings) => {
            mobizon.state().settings = settings;
            StatusCode::NO_CONTENT
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

async fn faults(Shared(mobizon): Control) -> Json<Value> {
    Json(json!(mobizon.state().faults))
}

async fn set_faults(Shared(mobizon): Control, Json(wanted): Json<Faults<Kind>>) -> StatusCode {
    mobizon.state().faults = wanted;
    StatusCode::NO_CONTENT
}

async fn clear_faults(Shared(mobizon): Control) -> StatusCode {
    mobizon.state().faults = Faults::default();
    StatusCode::NO_CONTENT
}

async fn messages(Shared(mobizon): Control) -> Json<Value> {
    let state = mobizon.state();
    Json(json!({ "messages": state.messages, "requests": state.requests }))
}

/// The fates of the messages stay known.
async fn forget(Shared(mobizon): Control) -> StatusCode {
    let mut state = mobizon.state();
    state.messages.clear();
    state.requests.clear();
    StatusCode::NO_CONTENT
}
