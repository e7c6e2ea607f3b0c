//! The control API of the Graph API, below `/control/graph`. README.md lists the calls.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Json, Query, State as Shared};
use axum::http::StatusCode;
use axum::routing::{get, patch, put};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Graph;
use super::faults::Fault;
use super::runs::Runs;
use super::usage::Usage;
use super::world::{Movement, World, Wrong, read, school};

/// An explicit world may be long.
const MAX_BODY: usize = 64 * 1024 * 1024;

type Control = Shared<Arc<Graph>>;
type Refusal = (StatusCode, Json<Value>);

/// All routes.
pub fn router(graph: Arc<Graph>) -> Router {
    Router::new()
        .route("/control/graph/world", put(set_world).delete(default_world))
        .route("/control/graph/rows", patch(change_rows))
        .route("/control/graph/ads", patch(change_ads))
        .route("/control/graph/movement", put(pin))
        .route("/control/graph/sums", get(sums))
        .route("/control/graph/faults", get(faults).put(set_faults).delete(clear_faults))
        .route("/control/graph/requests", get(requests).delete(forget_requests))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(graph)
}

impl Graph {
    /// Another world has other reports, and nobody has asked anything of it yet. Faults stay.
    fn enter(&self, world: World) {
        let mut state = self.state();
        state.world = Arc::new(world);
        state.runs = Runs::default();
        state.usage = Usage::default();
        state.pages = 0;
    }
}

async fn set_world(Shared(graph): Control, Json(wanted): Json<Value>) -> Result<StatusCode, Refusal> {
    graph.enter(read(wanted).map_err(wrong)?);
    Ok(StatusCode::NO_CONTENT)
}

async fn default_world(Shared(graph): Control) -> Result<StatusCode, Refusal> {
    graph.enter(school().map_err(wrong)?);
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    ad_id: String,
    day: NaiveDate,
    spend: Option<Decimal>,
}

async fn change_rows(
    Shared(graph): Control,
    Json(changes): Json<Vec<Change>>,
) -> Result<StatusCode, Refusal> {
    let mut state = graph.state();
    let world = Arc::make_mut(&mut state.world);
    for change in changes {
        if !world.patch(&change.ad_id, change.day, change.spend) {
            return Err(refuse(format!("there is no ad {}", change.ad_id)));
        }
    }
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AdChange {
    ad_id: String,
    effective_status: Option<String>,
    url_tags: Option<String>,
    link: Option<String>,
    links: Option<Vec<String>>,
}

async fn change_ads(
    Shared(graph): Control,
    Json(changes): Json<Vec<AdChange>>,
) -> Result<StatusCode, Refusal> {
    let mut state = graph.state();
    let world = Arc::make_mut(&mut state.world);
    for change in changes {
        let ad = world.ad_mut(&change.ad_id);
        let ad = ad.ok_or_else(|| refuse(format!("there is no ad {}", change.ad_id)))?;
        ad.effective_status = change.effective_status.or(ad.effective_status.take());
        ad.url_tags = change.url_tags.or(ad.url_tags.take());
        ad.link = change.link.or(ad.link.take());
        ad.links = change.links.unwrap_or_else(|| std::mem::take(&mut ad.links));
    }
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    step: Option<u64>,
}

async fn pin(Shared(graph): Control, Json(wanted): Json<Step>) -> StatusCode {
    let mut state = graph.state();
    Arc::make_mut(&mut state.world).movement = wanted.step.map_or(Movement::Clock, Movement::Pinned);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Days {
    from: NaiveDate,
    to: NaiveDate,
}

async fn sums(Shared(graph): Control, Query(days): Query<Days>) -> Json<Value> {
    let world = Arc::clone(&graph.state().world);
    Json(world.sums(days.from, days.to, (graph.clock)()))
}

async fn faults(Shared(graph): Control) -> Json<Value> {
    Json(json!(graph.state().faults))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetFaults {
    faults: Vec<Fault>,
}

async fn set_faults(Shared(graph): Control, Json(wanted): Json<SetFaults>) -> Result<StatusCode, Refusal> {
    let mut state = graph.state();
    state.faults.replace(wanted.faults).map_err(refuse)?;
    state.usage.lift_faults();
    Ok(StatusCode::NO_CONTENT)
}

async fn clear_faults(Shared(graph): Control) -> Result<StatusCode, Refusal> {
    set_faults(Shared(graph), Json(SetFaults { faults: Vec::new() })).await
}

async fn requests(Shared(graph): Control) -> Json<Value> {
    let state = graph.state();
    Json(state.record.report(&state.usage.while_blocked))
}

async fn forget_requests(Shared(graph): Control) -> StatusCode {
    let mut state = graph.state();
    state.record.clear();
    state.usage.while_blocked.clear();
    StatusCode::NO_CONTENT
}

fn wrong(error: Wrong) -> Refusal {
    refuse(error.to_string())
}

fn refuse(reason: String) -> Refusal {
    (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "error": reason })))
}
