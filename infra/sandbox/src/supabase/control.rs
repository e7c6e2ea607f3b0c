//! The control API of the databases, below `/control/supabase/{database}`. README.md lists the calls.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Json, Path, State as Shared};
use axum::http::StatusCode;
use axum::routing::get;
use serde::Deserialize;
use serde_json::{Value, json};

use super::faults::Kind;
use super::world::{self, Row};
use super::{State, Supabase};
use crate::faults::Faults;

type Control = Shared<Arc<Supabase>>;
type Name = Path<String>;
type Table = Path<(String, String)>;

/// A hundred thousand rows at once.
const LARGEST_BODY: usize = 64 * 1024 * 1024;

/// All routes.
pub fn router(supabase: Arc<Supabase>) -> Router {
    let of = |path: &str| format!("/control/supabase/{{database}}/{path}");
    Router::new()
        .route(&of("settings"), get(settings).put(set).delete(reset_settings))
        .route(&of("tables"), get(tables).delete(reset))
        .route(&of("tables/{table}"), get(rows).put(replace).post(append).delete(drop_table))
        .route(&of("faults"), get(faults).put(set_faults).delete(clear_faults))
        .route(&of("requests"), get(requests).delete(forget))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(supabase)
}

/// Does something with a database; 404 where there is none of that name.
fn done(supabase: &Supabase, name: &str, action: impl FnOnce(&mut State)) -> StatusCode {
    supabase.with(name, action).map_or(StatusCode::NOT_FOUND, |()| StatusCode::NO_CONTENT)
}

fn told(
    supabase: &Supabase,
    name: &str,
    what: impl FnOnce(&State) -> Value,
) -> Result<Json<Value>, StatusCode> {
    supabase.with(name, |state| what(state)).map(Json).ok_or(StatusCode::NOT_FOUND)
}

/// A change of settings: parts left out are the default world's.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    key: Option<String>,
    max_rows: Option<usize>,
}

async fn settings(Shared(supabase): Control, Path(name): Name) -> Result<Json<Value>, StatusCode> {
    let settings = |state: &State| json!({"key": state.database.key, "max_rows": state.database.max_rows});
    told(&supabase, &name, settings)
}

async fn set(Shared(supabase): Control, Path(name): Name, Json(wanted): Json<Settings>) -> StatusCode {
    let Some(default) = default(&name) else { return StatusCode::NOT_FOUND };
    done(&supabase, &name, |state| {
        state.database.key = wanted.key.unwrap_or(default.key);
        state.database.max_rows = wanted.max_rows.unwrap_or(default.max_rows);
    })
}

async fn reset_settings(supabase: Control, name: Name) -> StatusCode {
    set(supabase, name, Json(Settings { key: None, max_rows: None })).await
}

fn default(name: &str) -> Option<world::Database> {
    world::world().ok()?.remove(name)
}

/// How many rows each table has.
async fn tables(Shared(supabase): Control, Path(name): Name) -> Result<Json<Value>, StatusCode> {
    told(&supabase, &name, |state| {
        let sizes = state.database.tables.iter().map(|(table, rows)| (table.clone(), json!(rows.len())));
        json!({"tables": Value::Object(sizes.collect())})
    })
}

async fn reset(Shared(supabase): Control, Path(name): Name) -> StatusCode {
    let Some(default) = default(&name) else { return StatusCode::NOT_FOUND };
    done(&supabase, &name, |state| state.database.tables = default.tables)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    rows: Vec<Row>,
}

async fn rows(Shared(supabase): Control, Path((name, table)): Table) -> Result<Json<Value>, StatusCode> {
    let rows = supabase.with(&name, |state| state.database.tables.get(&table).cloned()).flatten();
    rows.map(|rows| Json(json!({ "rows": rows }))).ok_or(StatusCode::NOT_FOUND)
}

async fn replace(
    Shared(supabase): Control,
    Path((name, table)): Table,
    Json(wanted): Json<Rows>,
) -> StatusCode {
    done(&supabase, &name, |state| drop(state.database.tables.insert(table, wanted.rows)))
}

/// Rows in addition; one whose id is there takes the place of that.
async fn append(
    Shared(supabase): Control,
    Path((name, table)): Table,
    Json(wanted): Json<Rows>,
) -> StatusCode {
    done(&supabase, &name, |state| {
        let rows = state.database.tables.entry(table).or_default();
        let new: std::collections::HashSet<String> =
            wanted.rows.iter().filter_map(|row| row.get("id")).map(Value::to_string).collect();
        rows.retain(|row| !row.get("id").is_some_and(|id| new.contains(&id.to_string())));
        rows.extend(wanted.rows);
    })
}

async fn drop_table(Shared(supabase): Control, Path((name, table)): Table) -> StatusCode {
    let dropped = supabase.with(&name, |state| state.database.tables.remove(&table)).flatten();
    dropped.map_or(StatusCode::NOT_FOUND, |_| StatusCode::NO_CONTENT)
}

async fn faults(Shared(supabase): Control, Path(name): Name) -> Result<Json<Value>, StatusCode> {
    told(&supabase, &name, |state| json!(state.faults))
}

async fn set_faults(
    Shared(supabase): Control,
    Path(name): Name,
    Json(wanted): Json<Faults<Kind>>,
) -> StatusCode {
    done(&supabase, &name, |state| state.faults = wanted)
}

async fn clear_faults(Shared(supabase): Control, Path(name): Name) -> StatusCode {
    done(&supabase, &name, |state| state.faults = Faults::default())
}

async fn requests(Shared(supabase): Control, Path(name): Name) -> Result<Json<Value>, StatusCode> {
    told(&supabase, &name, |state| json!({ "requests": state.requests }))
}

async fn forget(Shared(supabase): Control, Path(name): Name) -> StatusCode {
    done(&supabase, &name, |state| state.requests.clear())
}
