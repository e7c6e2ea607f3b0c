//! `GET /events`: what happened to deals, which nothing else keeps.

use axum::http::StatusCode;

use super::Scene;
use crate::amocrm::problem::Problem;
use crate::amocrm::reply::Reply;
use crate::amocrm::world::{Event, World};

/// No more ids may be named in one filter.
const MOST_IDS: usize = 10;

/// The newest first, unless they are asked for from the oldest on.
pub fn list(scene: &Scene<'_>, world: &World) -> Result<Reply, Problem> {
    let query = &scene.query;
    let (kinds, entities) = (query.words("type"), query.words("entity"));
    let authors = query.ids("created_by");
    // The ids of what, is not clear without one kind of entity: amoCRM then takes no notice of them.
    let ids = query.ids("entity_id").filter(|_| entities.as_ref().is_some_and(|kinds| kinds.len() == 1));
    for (name, named) in [("entity_id", &ids), ("created_by", &authors)] {
        if named.as_ref().is_some_and(|named| named.len() > MOST_IDS) {
            let detail = format!("filter[{name}] takes no more than {MOST_IDS} ids");
            return Err(Problem::new(StatusCode::BAD_REQUEST, detail));
        }
    }
    let fits = |event: &&Event| {
        kinds.as_ref().is_none_or(|kinds| kinds.contains(event.what.kind()))
            && entities.as_ref().is_none_or(|entities| entities.contains("lead"))
            && ids.as_ref().is_none_or(|ids| ids.contains(&event.lead_id))
            && authors.as_ref().is_none_or(|authors| authors.contains(&event.created_by))
    };
    let (from, to) = query.span("created_at").borders();
    let events = world.journal.between(from, to);
    let show = |event: &Event| world.event(event, &scene.call.base);
    Ok(match query.order() {
        Some((_, false)) => scene.page("events", events.filter(fits), 100, show),
        _ => scene.page("events", events.rev().filter(fits), 100, show),
    })
}
