//! `GET /account`.

use serde_json::{Value, json};

use super::Scene;
use crate::amocrm::reply::Reply;
use crate::amocrm::world::World;

/// The account, and with it what was asked for.
pub fn show(scene: &Scene<'_>, world: &World) -> Reply {
    let account = &world.account;
    let mut body = json!({
        "id": account.id, "name": account.name, "subdomain": account.subdomain,
        "created_at": 1_600_000_000, "created_by": 0, "updated_at": 1_600_000_000, "updated_by": 0,
        "current_user_id": account.user_id, "country": "KZ", "currency": "KZT", "currency_symbol": "₸",
        "_links": scene.link("account"),
    });
    let filters = !scene.settings.disabled_filters.iter().any(|name| name == "*");
    let more: [(&str, Value); 3] = [
        ("is_api_filter_enabled", json!(filters)),
        ("version", json!(11)),
        (
            "datetime_settings",
            json!({ "date_pattern": "d.m.Y H:i", "short_date_pattern": "d.m.Y", "timezone": "Asia/Almaty", "timezone_offset": "+05:00" }),
        ),
    ];
    for (name, value) in more {
        if scene.query.names("with", name) {
            if name == "datetime_settings" {
                body["_embedded"] = json!({ name: value });
            } else {
                body[name] = value;
            }
        }
    }
    Reply::hal(&body)
}
