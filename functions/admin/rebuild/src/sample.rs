//! Leads for tests.

use serde_json::json;
use shared::domain::lead::Lead;

/// A career test of nobody's on 20 November, with or without a campaign among its UTM values.
pub fn lead(id: &str, status: &str, utm_campaign: Option<&str>) -> Lead {
    let reading =
        |value| json!({"utm": "utm_campaign", "way": "link", "field": "utm_campaign", "value": value});
    let lead = json!({
        "id": id, "form": "proftest", "name": "Айгерим", "phone": "+77773886880", "email": "a@example.kz",
        "source_campaign": "proftest_onai2", "readings": utm_campaign.map(reading).into_iter().collect::<Vec<_>>(),
        "team": null, "received_at": "2026-11-20T06:00:00Z", "day": "2026-11-20", "status": status, "version": 1,
    });
    serde_json::from_value(lead).unwrap()
}
