//! The control API of amoCRM, below `/control/amocrm`. README.md lists the calls.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Json, Path, Query, State as Shared};
use axum::http::StatusCode;
use axum::routing::{get, patch, post, put};
use serde::Deserialize;
use serde_json::{Value, json};

use super::faults::Fault;
use super::settings::Settings;
use super::tokens::Tokens;
use super::world::{Item, LeadChange, More, World, Wrong, read, usual};
use super::{Amocrm, hooks};

/// An explicit world may be long.
const MAX_BODY: usize = 64 * 1024 * 1024;

type Control = Shared<Arc<Amocrm>>;
type Refusal = (StatusCode, Json<Value>);

/// All routes.
pub fn router(amocrm: Arc<Amocrm>) -> Router {
    Router::new()
        .route("/control/amocrm/world", get(world).put(set_world).delete(default_world))
        .route("/control/amocrm/leads", get(leads).post(add))
        .route("/control/amocrm/leads/{id}", patch(change).delete(delete))
        .route("/control/amocrm/settings", get(settings).put(set_settings).delete(default_settings))
        .route("/control/amocrm/faults", get(faults).put(set_faults).delete(clear_faults))
        .route("/control/amocrm/requests", get(requests).delete(forget_requests))
        .route("/control/amocrm/hooks", get(sent_hooks).delete(forget_hooks))
        .route("/control/amocrm/block", put(block).delete(unblock))
        .route("/control/amocrm/expire_access_token", post(expire))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(amocrm)
}

impl Amocrm {
    /// In another world nobody has asked too often yet. Settings, faults and records stay.
    fn enter(&self, (world, tokens): (World, Tokens)) -> StatusCode {
        let mut state = self.state();
        state.world = world;
        state.tokens = tokens;
        state.limits.lift();
        StatusCode::NO_CONTENT
    }

    fn now(&self) -> i64 {
        (self.clock)().timestamp()
    }
}

async fn world(Shared(amocrm): Control) -> Json<Value> {
    Json(amocrm.state().world.told())
}

async fn set_world(Shared(amocrm): Control, Json(wanted): Json<Value>) -> Result<StatusCode, Refusal> {
    Ok(amocrm.enter(read(wanted, amocrm.now()).map_err(wrong)?))
}

async fn default_world(Shared(amocrm): Control) -> Result<StatusCode, Refusal> {
    Ok(amocrm.enter(usual(amocrm.now()).map_err(wrong)?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whose {
    phone: Option<String>,
}

/// The deals, each with its people whole; of those whose own phone ends with the same ten digits, if one is named.
async fn leads(Shared(amocrm): Control, Query(whose): Query<Whose>) -> Json<Value> {
    let state = amocrm.state();
    let world = &state.world;
    let phones = world.contact_fields.iter().find(|field| field.code.as_deref() == Some("PHONE"));
    let phones = phones.map(|field| field.id);
    let wanted = whose.phone.as_deref().map(last_ten);
    let theirs = |id: &u64| {
        let contact = world.contacts.get(id);
        let entry = contact.and_then(|one| one.values.iter().find(|entry| Some(entry.field_id) == phones));
        let items = entry.map(|entry| entry.items.as_slice()).unwrap_or_default();
        items.iter().any(|item: &Item| Some(last_ten(&item.text())) == wanted)
    };
    let leads = world.leads.values().filter(|lead| wanted.is_none() || lead.contacts.iter().any(theirs));
    let leads = leads.map(|lead| {
        let mut told = world.told_lead(lead);
        let people = lead.contacts.iter().filter_map(|id| world.contacts.get(id));
        told["contacts"] = people.map(|contact| world.told_contact(contact)).collect();
        told
    });
    Json(json!({ "leads": leads.collect::<Vec<_>>() }))
}

fn last_ten(text: &str) -> String {
    let digits = text.chars().filter(char::is_ascii_digit).collect::<String>();
    digits[digits.len().saturating_sub(10)..].to_owned()
}

async fn add(Shared(amocrm): Control, Json(more): Json<More>) -> Result<Json<Value>, Refusal> {
    let (contacts, leads) = amocrm.state().world.add(more, amocrm.now()).map_err(wrong)?;
    hooks::set_out(&amocrm);
    Ok(Json(json!({ "contacts": contacts, "leads": leads })))
}

async fn change(
    Shared(amocrm): Control,
    Path(id): Path<u64>,
    Json(change): Json<LeadChange>,
) -> Result<StatusCode, Refusal> {
    let there = amocrm.state().world.change_by_hand(id, change, amocrm.now()).map_err(wrong)?;
    hooks::set_out(&amocrm);
    if there { Ok(StatusCode::NO_CONTENT) } else { Err(no_lead(id)) }
}

async fn delete(Shared(amocrm): Control, Path(id): Path<u64>) -> Result<StatusCode, Refusal> {
    let there = amocrm.state().world.delete(id);
    hooks::set_out(&amocrm);
    if there { Ok(StatusCode::NO_CONTENT) } else { Err(no_lead(id)) }
}

async fn settings(Shared(amocrm): Control) -> Json<Value> {
    Json(json!(amocrm.state().settings))
}

async fn set_settings(Shared(amocrm): Control, Json(wanted): Json<Settings>) -> Result<StatusCode, Refusal> {
    wanted.check().map_err(refuse)?;
    let mut state = amocrm.state();
    state.settings = wanted;
    state.hooks.restart();
    Ok(StatusCode::NO_CONTENT)
}

async fn default_settings(Shared(amocrm): Control) -> Result<StatusCode, Refusal> {
    set_settings(Shared(amocrm), Json(Settings::default())).await
}

async fn faults(Shared(amocrm): Control) -> Json<Value> {
    Json(json!(amocrm.state().faults))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetFaults {
    faults: Vec<Fault>,
}

async fn set_faults(Shared(amocrm): Control, Json(wanted): Json<SetFaults>) -> Result<StatusCode, Refusal> {
    amocrm.state().faults.replace(wanted.faults).map_err(refuse)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn clear_faults(Shared(amocrm): Control) -> Result<StatusCode, Refusal> {
    set_faults(Shared(amocrm), Json(SetFaults { faults: Vec::new() })).await
}

async fn requests(Shared(amocrm): Control) -> Json<Value> {
    Json(amocrm.state().record.report())
}

async fn forget_requests(Shared(amocrm): Control) -> StatusCode {
    amocrm.state().record.clear();
    StatusCode::NO_CONTENT
}

async fn sent_hooks(Shared(amocrm): Control) -> Json<Value> {
    Json(amocrm.state().hooks.report())
}

async fn forget_hooks(Shared(amocrm): Control) -> StatusCode {
    amocrm.state().hooks.clear();
    StatusCode::NO_CONTENT
}

async fn block(Shared(amocrm): Control) -> StatusCode {
    amocrm.state().limits.blocked = true;
    StatusCode::NO_CONTENT
}

async fn unblock(Shared(amocrm): Control) -> StatusCode {
    amocrm.state().limits.lift();
    StatusCode::NO_CONTENT
}

async fn expire(Shared(amocrm): Control) -> StatusCode {
    amocrm.state().tokens.expire();
    StatusCode::NO_CONTENT
}

fn no_lead(id: u64) -> Refusal {
    refuse(format!("there is no lead {id}"))
}

fn wrong(error: Wrong) -> Refusal {
    refuse(error.to_string())
}

fn refuse(reason: String) -> Refusal {
    (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "error": reason })))
}
