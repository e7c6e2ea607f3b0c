//! `act_{id}/campaigns`.

use serde_json::{Value, json};

use super::Scene;
use super::status::Statuses;
use crate::graph::errors::GraphError;
use crate::graph::fields::{select, unknown};
use crate::graph::world::Campaign;

impl Campaign {
    /// The status that decides whether it delivers.
    pub fn effective(&self) -> &str {
        self.effective_status.as_deref().unwrap_or(&self.status)
    }
}

/// The list.
pub fn list(scene: &Scene<'_>) -> Result<Value, GraphError> {
    scene.needs("ads_read")?;
    let account = scene.account()?;
    let fields = scene.fields(&["id"])?;
    let statuses = Statuses::read(scene)?;
    let listed = account.campaigns.iter().filter(|campaign| statuses.list(campaign.effective()));
    let campaigns = listed.collect::<Vec<_>>();
    scene.page(campaigns.len(), |index| {
        let campaign = campaigns[index];
        select(&fields, &campaign.id, |field| {
            Ok(Some(match field.name.as_str() {
                "id" => json!(campaign.id),
                "account_id" => json!(account.id),
                "name" => json!(campaign.name),
                "status" | "configured_status" => json!(campaign.status),
                "effective_status" => json!(campaign.effective()),
                "objective" => json!(campaign.objective),
                "buying_type" => json!("AUCTION"),
                "created_time" | "start_time" => json!("2025-07-30T09:00:00+0500"),
                "updated_time" => json!("2025-08-01T09:00:00+0500"),
                // Where the budget is the ad sets', the campaign has none.
                "daily_budget" => return Ok(campaign.daily_budget.as_ref().map(|budget| json!(budget))),
                "lifetime_budget" | "budget_remaining" | "spend_cap" | "stop_time" => return Ok(None),
                other => return Err(unknown(other, "Campaign")),
            }))
        })
    })
}
