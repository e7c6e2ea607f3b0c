//! `GET /events`: every move of a deal, which nothing else keeps.

use super::Scene;
use crate::amocrm::reply::Reply;
use crate::amocrm::world::{Event, World};

/// The newest first, unless they are asked for from the oldest on.
pub fn list(scene: &Scene<'_>, world: &World) -> Reply {
    let query = &scene.query;
    let named = |filter, word: &str| {
        let list = query.list(&["filter", filter]);
        list.is_none_or(|list| list.iter().any(|one| one.split(',').any(|part| part.trim() == word)))
    };
    let fits = |event: &&Event| {
        named("type", event.kind)
            && named("entity", "lead")
            && scene.among("entity_id", event.lead_id)
            && scene.among("created_by", event.created_by)
            && scene.within("created_at", Some(event.created_at))
    };
    let mut events = world.events.iter().filter(fits).collect::<Vec<_>>();
    events.sort_by_key(|event| (event.created_at, event.id));
    if query.order().is_none_or(|(_, down)| down) {
        events.reverse();
    }
    scene.page("events", &events, 100, |event| world.event(event, &scene.call.base))
}
