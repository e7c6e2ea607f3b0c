//! `GET /webhooks`.

use serde_json::json;

use super::Scene;
use crate::amocrm::reply::Reply;
use crate::amocrm::world::World;

/// The one subscription that the settings name, unless another destination is asked for.
pub fn list(scene: &Scene<'_>, world: &World) -> Reply {
    let wanted = scene.query.get(&["filter", "destination"]);
    let hooks = scene.settings.hooks.as_ref();
    let Some(hooks) = hooks.filter(|hooks| wanted.is_none_or(|wanted| wanted == hooks.url)) else {
        return Reply::nothing();
    };
    let hook = json!({
        "id": 1, "account_id": world.account.id, "destination": hooks.url, "created_at": 1_600_000_000,
        "updated_at": 1_600_000_000, "created_by": world.account.user_id, "sort": 1,
        "disabled": hooks.disabled, "settings": hooks.settings,
    });
    Reply::hal(&json!({
        "_total_items": 1, "_links": scene.link("webhooks"), "_embedded": { "webhooks": [hook] },
    }))
}
