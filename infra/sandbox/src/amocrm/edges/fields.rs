//! `GET /leads/custom_fields`.

use serde_json::json;

use super::Scene;
use crate::amocrm::reply::Reply;
use crate::amocrm::world::{Field, World};

/// The custom fields of deals.
pub fn list(scene: &Scene<'_>, world: &World) -> Reply {
    let show = |(n, field): (usize, &Field)| {
        let enums = field.enums.iter().enumerate();
        let enums = enums.map(|(n, one)| json!({ "id": one.id, "value": one.value, "sort": n }));
        let enums = enums.collect::<Vec<_>>();
        let tracking = field.kind == "tracking_data";
        json!({
            "id": field.id, "name": field.name, "type": field.kind, "code": field.code, "sort": 500 + n,
            "account_id": world.account.id, "entity_type": "leads", "is_api_only": tracking,
            "is_deletable": !tracking, "is_predefined": tracking, "is_computed": false,
            "enums": if enums.is_empty() { json!(null) } else { json!(enums) },
            "group_id": if tracking { json!("statistic") } else { json!(null) },
            "required_statuses": [], "_links": scene.link(&format!("leads/custom_fields/{}", field.id)),
        })
    };
    scene.page("custom_fields", world.lead_fields.iter().enumerate(), 250, show)
}
