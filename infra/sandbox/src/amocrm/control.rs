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
use super::world::{Item, LeadChange, Many, More, Whole, World, Wrong, read, usual};
use super::{Amocrm, hooks};

/// An explicit world may be long.
const MAX_BODY: usize = 64 * 1024 * 1024;

type Control = Shared<Arc<Amocrm>>;
type Refusal = (StatusCode, Json<Value>);

/// All routes.
pub fn router(amocrm: Arc<Amocrm>) -> Router {
    Router::new()
        .route("/control/amocrm/world", get(world).put(set_world).delete(default_world))
        .route("/control/amocrm/leads", get(leads).post(add).put(put_whole))
        .route("/control/amocrm/leads/many", post(add_many))
        .route("/control/amocrm/leads/{id}", patch(change).delete(delete))
        .route("/control/amocrm/leads/{id}/restore", post(restore))
        .route("/control/amocrm/settings", get(settings).put(set_settings).delete(default_settings))
        .route("/control/amocrm/faults", get(faults).put(set_faults).delete(clear_faults))
        .route("/control/amocrm/requests", get(requests).delete(forget_requests))
        .route("/control/amocrm/hooks", get(sent_hooks).delete(forget_hooks))
        .route("/control/amocrm/hooks/release", post(release_hooks))
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
        state.hooks.let_go();
        state.revision += 1;
        StatusCode::NO_CONTENT
    }

    /// Changes the world by hand, and lets its hooks set out.
    fn by_hand<T>(self: &Arc<Self>, change: impl FnOnce(&mut World, i64) -> T) -> T {
        let now = self.now();
        let mut state = self.state();
        state.revision += 1;
        let done = change(&mut state.world, now);
        drop(state);
        hooks::set_out(self);
        done
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
    let leads = world.leads.all().filter(|lead| wanted.is_none() || lead.contacts.iter().any(theirs));
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
    let (contacts, leads) = amocrm.by_hand(|world, now| world.add(more, now)).map_err(wrong)?;
    Ok(Json(json!({ "contacts": contacts, "leads": leads })))
}

async fn put_whole(Shared(amocrm): Control, Json(whole): Json<Whole>) -> Result<Json<Value>, Refusal> {
    let changed = amocrm.by_hand(|world, now| world.put_whole(whole, now)).map_err(wrong)?;
    Ok(Json(json!({ "changed": changed })))
}

async fn add_many(Shared(amocrm): Control, Json(many): Json<Many>) -> Result<Json<Value>, Refusal> {
    let (first, last) = amocrm.by_hand(|world, _| world.add_many(&many)).map_err(wrong)?;
    Ok(Json(json!({ "first": first, "last": last })))
}

async fn change(
    Shared(amocrm): Control,
    Path(id): Path<u64>,
    Json(change): Json<LeadChange>,
) -> Result<StatusCode, Refusal> {
    let there = amocrm.by_hand(|world, now| world.change_by_hand(id, change, now)).map_err(wrong)?;
    done(there, id)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct How {
    #[serde(default)]
    silent: bool,
}

async fn delete(
    Shared(amocrm): Control,
    Path(id): Path<u64>,
    Query(how): Query<How>,
) -> Result<StatusCode, Refusal> {
    done(amocrm.by_hand(|world, now| world.delete(id, how.silent, now)), id)
}

async fn restore(Shared(amocrm): Control, Path(id): Path<u64>) -> Result<StatusCode, Refusal> {
    let there = amocrm.by_hand(|world, now| world.restore(id, now));
    if there { Ok(StatusCode::NO_CONTENT) } else { Err(refuse(format!("the lead {id} is not in the bin"))) }
}

fn done(there: bool, id: u64) -> Result<StatusCode, Refusal> {
    if there { Ok(StatusCode::NO_CONTENT) } else { Err(refuse(format!("there is no lead {id}"))) }
}

async fn settings(Shared(amocrm): Control) -> Json<Value> {
    Json(json!(amocrm.state().settings))
}

async fn set_settings(Shared(amocrm): Control, Json(wanted): Json<Settings>) -> Result<StatusCode, Refusal> {
    wanted.check().map_err(refuse)?;
    let mut state = amocrm.state();
    state.settings = wanted;
    state.hooks.restart();
    state.revision += 1;
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

async fn release_hooks(Shared(amocrm): Control) -> Json<Value> {
    Json(json!({ "released": hooks::release(&amocrm) }))
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

fn wrong(error: Wrong) -> Refusal {
    refuse(error.to_string())
}

fn refuse(reason: String) -> Refusal {
    (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "error": reason })))
}
