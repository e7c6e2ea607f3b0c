//! `GET /webhooks`.

use serde_json::{Value, json};

use super::Scene;
use crate::amocrm::reply::Reply;
use crate::amocrm::world::World;

/// The subscription that is served and those that are only listed; one of them, if its destination is asked for.
pub fn list(scene: &Scene<'_>, world: &World) -> Reply {
    let wanted = scene.query.get(&["filter", "destination"]);
    let served = scene.settings.hooks.iter().map(|hooks| (&hooks.url, json!(hooks.settings), hooks.disabled));
    let listed = scene.settings.webhooks.iter();
    let listed = listed.map(|hook| (&hook.destination, json!(hook.settings), hook.disabled));
    let all = served.chain(listed).zip(1..);
    let shown = all.filter(|((destination, ..), _)| wanted.is_none_or(|wanted| wanted == *destination));
    let shown = shown.map(|((destination, settings, disabled), id)| {
        json!({
            "id": id, "account_id": world.account.id, "destination": destination,
            "created_at": 1_600_000_000, "updated_at": 1_600_000_000, "created_by": world.account.user_id,
            "sort": id, "disabled": disabled, "settings": settings,
        })
    });
    let shown = shown.collect::<Vec<Value>>();
    if shown.is_empty() {
        return Reply::nothing();
    }
    Reply::hal(&json!({
        "_total_items": shown.len(), "_links": scene.link("webhooks"), "_embedded": { "webhooks": shown },
    }))
}
