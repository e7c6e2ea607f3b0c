//! The control API of Telegram, below `/control/telegram`. README.md lists the calls.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Json, State as Shared};
use axum::http::StatusCode;
use axum::routing::get;
use serde_json::{Value, json};

use super::Telegram;
use super::faults::Kind;
use super::settings::{self, Wanted};
use crate::faults::Faults;

type Control = Shared<Arc<Telegram>>;

/// All routes.
pub fn router(telegram: Arc<Telegram>) -> Router {
    Router::new()
        .route("/control/telegram/settings", get(settings).put(set).delete(reset))
        .route("/control/telegram/faults", get(faults).put(set_faults).delete(clear_faults))
        .route("/control/telegram/messages", get(messages).delete(forget))
        .with_state(telegram)
}

async fn settings(Shared(telegram): Control) -> Json<Value> {
    Json(json!(telegram.state().settings))
}

async fn set(Shared(telegram): Control, Json(wanted): Json<Wanted>) -> StatusCode {
    settle(&telegram, wanted.settled())
}

async fn reset(Shared(telegram): Control) -> StatusCode {
    settle(&telegram, settings::world())
}

fn settle(telegram: &Telegram, settings: Result<settings::Settings, serde_json::Error>) -> StatusCode {
    match settings {
        Ok(settings) => {
            telegram.state().settings = settings;
            StatusCode::NO_CONTENT
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

async fn faults(Shared(telegram): Control) -> Json<Value> {
    Json(json!(telegram.state().faults))
}

async fn set_faults(Shared(telegram): Control, Json(wanted): Json<Faults<Kind>>) -> StatusCode {
    let mut state = telegram.state();
    for kind in wanted.kinds() {
        if let Kind::Migrated { to } = kind {
            state.settings.upgrade(*to);
        }
    }
    state.faults = wanted;
    StatusCode::NO_CONTENT
}

async fn clear_faults(Shared(telegram): Control) -> StatusCode {
    telegram.state().faults = Faults::default();
    StatusCode::NO_CONTENT
}

async fn messages(Shared(telegram): Control) -> Json<Value> {
    let state = telegram.state();
    Json(json!({ "messages": state.messages, "requests": state.requests }))
}

/// Forgets what limits count, too: a test starts with an idle bot.
async fn forget(Shared(telegram): Control) -> StatusCode {
    let mut state = telegram.state();
    state.messages.clear();
    state.requests.clear();
    state.sent = super::limits::Sent::default();
    StatusCode::NO_CONTENT
}
